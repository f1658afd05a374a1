import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { ReconciliationLine } from '../api/types';
import { instant, money } from '../i18n/format';
import { PROVIDER_NAMES } from '../i18n/pay-words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { DateText, Money } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { type Column, ListTable } from '../ui/table';
import { Tabs } from '../ui/tabs';
import { nameOfPerson, useNames } from './parts/desk-data';
import { OnlineTabs } from './parts/online-tabs';
import { ReconcileTick } from './parts/reconcile-tick';

type Text = () => string;

/** What the lines of a list are called, and what is to be done about payments and about payouts among them. */
const LISTS: Record<ReconciliationLine['state'] | 'done', [label: Text, payments: Text, payouts: Text]> = {
  missing_here: [m.reconcile_missing_here, m.reconcile_do_missing_here, m.reconcile_payout_missing_here],
  missing_there: [m.reconcile_missing_there, m.reconcile_do_missing_there, m.reconcile_payout_missing_there],
  amount_differs: [m.reconcile_amount_differs, m.reconcile_do_amount_differs, m.reconcile_payout_amount_differs],
  paid_twice: [m.reconcile_paid_twice, m.reconcile_do_paid_twice, m.reconcile_payouts],
  matched: [m.reconcile_matched, m.reconcile_do_matched, m.reconcile_payouts],
  done: [m.reconcile_done, m.reconcile_do_done, m.reconcile_payouts],
};
const lists = Object.keys(LISTS) as (keyof typeof LISTS)[];
const EMPTY: Partial<Record<keyof typeof LISTS, Text>> = {
  matched: m.reconcile_empty_matched,
  done: m.reconcile_empty_done,
};

export default function Reconciliation() {
  return isStaff() ? <List /> : <NotFound />;
}

function List() {
  const { query } = useLocation();
  const state = lists.find((one) => one === query.state) ?? 'missing_here';
  const [label, payments, payouts] = LISTS[state];
  const [said, setSaid] = useState<{ text: Text; gone: boolean; at: typeof state } | null>(null);
  const pages = usePages(`reconciliation ${state}`, (cursor) =>
    unwrap(api.GET('/reconciliation', { params: { query: { state, ...(cursor && { cursor }) } } })),
  );
  useNames(
    pages.items.map(({ done_by }) => done_by),
    [],
  );
  const after = (text: Text, gone = false) => {
    setSaid({ text, gone, at: state });
    pages.reload();
  };
  const tick = (line: ReconciliationLine) =>
    line.state !== 'matched' && (
      <ReconcileTick
        line={line}
        onDone={() => after(line.done_at ? m.reconcile_said_open : m.reconcile_said_done)}
        onGone={() => after(m.reconcile_gone, true)}
      />
    );
  return (
    <Page wide title={m.reconcile_title()}>
      <OnlineTabs at="reconciliation" />
      {said?.at === state && (
        <Notice key={said} kind={said.gone ? 'warning' : 'good'} title={said.text()} focus testId="reconcile-said" />
      )}
      <Tabs
        tabs={lists.map((one) => [one, `/reconciliation?state=${one}`, LISTS[one][0]()])}
        at={state}
        label={m.reconcile_title()}
      />
      <div data-testid="reconcile-todo">
        <p>{payments()}</p>
        {pages.items.some(({ kind }) => kind === 'payout') && <p>{payouts()}</p>}
      </div>
      <ListTable
        pages={pages}
        caption={label()}
        hideCaption
        empty={(EMPTY[state] ?? m.reconcile_empty)()}
        rowKey={({ line_id }) => line_id}
        rowTestId="reconcile-row"
        columns={columns(state === 'done', tick)}
      />
    </Page>
  );
}

const amount = (minor: number | null, currency: string) =>
  minor !== null && <Money minor={minor} currency={currency} />;

type Tick = (line: ReconciliationLine) => ComponentChildren;

function columns(done: boolean, tick: Tick): Column<ReconciliationLine>[] {
  const all: (Column<ReconciliationLine> | false)[] = [
    { id: 'day', header: m.reconcile_day(), head: true, cell: ({ day }) => <DateText on={day} style="short" /> },
    {
      id: 'provider',
      header: m.reconcile_provider(),
      cell: ({ provider, kind, state }) => (
        <div>
          {m.reconcile_by({ provider: PROVIDER_NAMES[provider] })}
          {kind === 'payout' && <span class="note">{m.reconcile_payout()}</span>}
          {done && <span class="note">{LISTS[state][0]()}</span>}
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
    !done && {
      id: 'difference',
      header: m.reconcile_difference(),
      numeric: true,
      cell: ({ expected, found, currency }) => amount((found ?? 0) - (expected ?? 0) || null, currency),
    },
    done && {
      id: 'done',
      header: m.reconcile_note(),
      cell: ({ note, done_by, done_at }) => (
        <div>
          {note}
          <span class="note">
            {[nameOfPerson(done_by), done_at && instant(done_at, currentMe().organisation.time_zone)]
              .filter(Boolean)
              .join(', ')}
          </span>
        </div>
      ),
    },
    {
      id: 'links',
      header: m.reconcile_links(),
      actions: true,
      cell: (line) => (
        <>
          <Links line={line} /> {tick(line)}
        </>
      ),
    },
  ];
  return all.filter((column) => column !== false);
}

/** Where to look into a line: the payment and its account, the bank statement, and the assignment of what may be a payer's. */
function Links({ line }: { line: ReconciliationLine }) {
  const { payment_id, contract_id, import_id, transfer_id, state, done_at } = line;
  return (
    <>
      {payment_id && <a href={`/payments/${payment_id}`}>{m.refund_payment()}</a>}{' '}
      {contract_id && <a href={`/accounts/${contract_id}?tab=payments`}>{m.reconcile_account()}</a>}{' '}
      {import_id && <a href={`/bank-statements/${import_id}`}>{m.reconcile_statement()}</a>}{' '}
      {transfer_id && state === 'missing_here' && !done_at && (
        <a href={`/unmatched-transfers?transfer_id=${transfer_id}`}>{m.reconcile_assign()}</a>
      )}
    </>
  );
}
