import type { Account } from '../../api/types';
import { date, money } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { currentMe, isStaff } from '../../session/session';
import { Icon } from '../../ui/icon';

/** What an account stands at, in words first: a debt, an overpayment or nothing. */
export function balanceWord(balance: number): string {
  if (balance > 0) return m.balance_debt();
  return balance < 0 ? m.balance_credit() : m.balance_settled();
}

export function BalanceAmount({ minor, currency }: { minor: number; currency: string }) {
  return (
    <div class={minor > 0 ? 'balance' : 'balance balance-good'}>
      <p class="balance-word">{balanceWord(minor)}</p>
      <p class="balance-amount money" data-testid="balance" data-minor={minor}>
        {money(Math.abs(minor), currency)}
      </p>
    </div>
  );
}

export function BalanceHead({ account, explainHref }: { account: Account; explainHref: string }) {
  const { balance, currency, overdue, credit, due, next_due: next } = account;
  const { person } = currentMe();
  return (
    <section aria-label={m.account_balance()}>
      <p class="print-only">
        {[!isStaff() && `${person.first_name} ${person.last_name}`, m.explain_on({ date: date(account.as_of) })]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <BalanceAmount minor={balance} currency={currency} />
      <div class="balance-facts">
        {overdue > 0 && (
          <p class="late">
            <Icon name="alert" />
            {m.balance_overdue({ amount: money(overdue, currency) })}
          </p>
        )}
        {next && <p>{m.home_due_by({ amount: money(next.amount, currency), date: date(next.date) })}</p>}
        {credit > 0 && due > 0 && (
          <p>{m.balance_due_and_credit({ due: money(due, currency), credit: money(credit, currency) })}</p>
        )}
        <p>
          <a href={explainHref}>{m.balance_explain()}</a>
        </p>
      </div>
    </section>
  );
}
