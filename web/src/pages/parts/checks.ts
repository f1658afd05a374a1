import type { PasswordRules } from '../../api/types';

/** Good enough to catch a slip of the finger; whether the address exists, only a letter to it can tell. */
export function looksLikeEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());
}

export type RuleName = 'length' | 'digit' | 'symbol' | 'capital' | 'small_letter';

export interface RuleState {
  rule: RuleName;
  least?: number;
  kept: boolean;
}

/** Each rule that the organisation has set, and whether a password keeps it. The server decides; this only shows it while typing. */
export function passwordRules(rules: PasswordRules, password: string): RuleState[] {
  const least = rules.least_length ?? 12;
  const states: RuleState[] = [{ rule: 'length', least, kept: [...password].length >= least }];
  if (rules.digit) states.push({ rule: 'digit', kept: /\d/.test(password) });
  if (rules.symbol) states.push({ rule: 'symbol', kept: /[^\p{L}\p{N}\s]/u.test(password) });
  if (rules.capital) states.push({ rule: 'capital', kept: /\p{Lu}/u.test(password) });
  if (rules.small_letter) states.push({ rule: 'small_letter', kept: /\p{Ll}/u.test(password) });
  return states;
}
