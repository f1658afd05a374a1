import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { ReconciliationLine } from '../api/types';
import { money } from '../i18n/format';
import { PROVIDER_NAMES } from '../i18n/pay-words';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { DateText, Money } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { type Column, ListTable } from '../ui/table';
import { OnlineTabs } from './parts/online-tabs';

type State = ReconciliationLine['state'];

type Text = () => string;

/** What the lines of a state are called, and what is to be done about payments and about payouts among them. */
const STATES: Record<State, [label: Text, payments: Text, payouts: Text]> = {
  missing_here: [m.reconcile_missing_here, m.reconcile_do_missing_here, m.reconcile_payout_missing_here],
  missing_there: [m.reconcile_missing_there, m.reconcile_do_missing_there, m.reconcile_payout_missing_there],
  amount_differs: [m.reconcile_amount_differs, m.reconcile_do_amount_differs, m.reconcile_payout_amount_differs],
  paid_twice: [m.reconcile_paid_twice, m.reconcile_do_paid_twice, m.reconcile_payouts],
  matched: [m.reconcile_matched, m.reconcile_do_matched, m.reconcile_payouts],
};
const states = Object.keys(STATES) as State[];

export default function Reconciliation() {
  return isStaff() ? <List /> : <NotFound />;
}

function List() {
  const { query } = useLocation();
  const state = states.find((one) => one === query.state) ?? 'missing_here';
  const [label, payments, payouts] = STATES[state];
  const pages = usePages(`reconciliation ${state}`, (cursor) =>
    unwrap(api.GET('/reconciliation', { params: { query: { state, ...(cursor && { cursor }) } } })),
  );
  return (
    <Page wide title={m.reconcile_title()}>
      <OnlineTabs at="reconciliation" />
      <div class="tabs">
        {states.map((one) => (
          <a key={one} href={`/reconciliation?state=${one}`} aria-current={one === state ? 'page' : undefined}>
            {STATES[one][0]()}
          </a>
        ))}
      </div>
      <div data-testid="reconcile-todo">
        <p>{payments()}</p>
        {pages.items.some(({ kind }) => kind === 'payout') && <p>{payouts()}</p>}
      </div>
      <ListTable
        pages={pages}
        caption={label()}
        hideCaption
        empty={state === 'matched' ? m.reconcile_empty_matched() : m.reconcile_empty()}
        rowKey={(line) => `${line.provider} ${line.reference} ${line.transaction_id}`}
        rowTestId="reconcile-row"
        columns={columns()}
      />
    </Page>
  );
}

const amount = (minor: number | null, currency: string) =>
  minor !== null && <Money minor={minor} currency={currency} />;

function columns(): Column<ReconciliationLine>[] {
  return [
    { id: 'day', header: m.reconcile_day(), head: true, cell: ({ day }) => <DateText on={day} style="short" /> },
    {
      id: 'provider',
      header: m.reconcile_provider(),
      cell: ({ provider, kind }) => (
        <div>
          {m.reconcile_by({ provider: PROVIDER_NAMES[provider] })}
          {kind === 'payout' && <span class="note">{m.reconcile_payout()}</span>}
        </div>
      ),
    },
    {
      id: 'reference',
      header: m.reconcile_reference(),
      cell: ({ reference, transaction_id }) => (
        <div>
          {reference || transaction_id}
          {reference && transaction_id && <span class="note">{transaction_id}</span>}
        </div>
      ),
    },
    {
      id: 'expected',
      header: m.reconcile_expected(),
      numeric: true,
      cell: ({ expected, fee, currency }) => (
        <div>
          {amount(expected, currency)}
          {!!fee && <span class="note">{m.reconcile_payout_fee({ amount: money(fee, currency) })}</span>}
        </div>
      ),
    },
    {
      id: 'found',
      header: m.reconcile_found(),
      numeric: true,
      cell: ({ found, currency }) => amount(found, currency),
    },
    {
      id: 'difference',
      header: m.reconcile_difference(),
      numeric: true,
      cell: ({ expected, found, currency }) => amount((found ?? 0) - (expected ?? 0) || null, currency),
    },
    {
      id: 'links',
      header: m.reconcile_links(),
      actions: true,
      cell: ({ payment_id, contract_id }) => (
        <>
          {payment_id && <a href={`/payments/${payment_id}`}>{m.refund_payment()}</a>}{' '}
          {contract_id && <a href={`/accounts/${contract_id}?tab=payments`}>{m.reconcile_account()}</a>}
        </>
      ),
    },
  ];
}
