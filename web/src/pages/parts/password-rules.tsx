import type { PasswordRules } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { passwordRules, type RuleState } from './checks';

/** Shown where the organisation is not known; its own rules are checked by the server in any case. */
export const FLOOR: PasswordRules = {
  least_length: 8,
  digit: false,
  symbol: false,
  capital: false,
  small_letter: false,
};

function ruleText({ rule, least }: RuleState): string {
  switch (rule) {
    case 'length':
      return m.rule_length({ count: least ?? 0 });
    case 'digit':
      return m.rule_digit();
    case 'symbol':
      return m.rule_symbol();
    case 'capital':
      return m.rule_capital();
    case 'small_letter':
      return m.rule_small_letter();
  }
}

/** The rules, ticked while typing; each says in words whether it is kept. */
export function PasswordRulesList({ rules, password }: { rules: PasswordRules; password: string }) {
  const states = passwordRules(rules, password);
  const open = states.filter((state) => !state.kept).length;
  return (
    <div class="rules">
      <ul>
        {states.map((state) => (
          <li key={state.rule} class={state.kept ? 'rule rule-kept' : 'rule'}>
            <span class="rule-mark" aria-hidden="true" />
            {ruleText(state)}
            <span class="hidden"> {state.kept ? m.rule_kept() : m.rule_open()}</span>
          </li>
        ))}
      </ul>
      <p class="hidden" role="status">
        {password === '' ? '' : open === 0 ? m.rules_all_kept() : m.rules_open({ count: open })}
      </p>
    </div>
  );
}
