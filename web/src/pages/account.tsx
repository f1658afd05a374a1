import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages, useResource } from '../api/resource';
import type { Account, Charge, Contract, Entry, Payment } from '../api/types';
import { date, money } from '../i18n/format';
import { CHARGE_STATUS, ENTRY_KINDS, PAYMENT_STATUS, PAYMENT_TYPES, purposeText } from '../i18n/words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { PrintButton, Status } from '../ui/facts';
import { Icon } from '../ui/icon';
import { later } from '../ui/later';
import { LoadedPage } from '../ui/loaded';
import { DateText, Money } from '../ui/money';
import { Page } from '../ui/page';
import { type Column, ListTable, Table } from '../ui/table';
import { type Tab, Tabs } from '../ui/tabs';
import { BalanceHead } from './parts/balance';
import { contractName } from './parts/names';
import { pickEntry } from './parts/picked-entry';

const PayEntry = later(() => import('./parts/pay-entry'), 0);
const PayList = later(() => import('./parts/pay-list'), 6);

type Shown = 'charges' | 'payments' | 'entries';

export default function AccountPage() {
  const contract_id = useRoute().params.contract_id ?? '';
  const params = { params: { path: { contract_id } } };
  const loaded = useResource(`account ${contract_id}`, () =>
    Promise.all([
      unwrap(api.GET('/accounts/{contract_id}', params)),
      unwrap(api.GET('/contracts/{contract_id}', params)),
    ]),
  );
  return (
    <LoadedPage of={loaded} title={m.account_title_plain()}>
      {([account, contract]) => <Loaded account={account} contract={contract} />}
    </LoadedPage>
  );
}

function Loaded({ account, contract }: { account: Account; contract: Contract }) {
  const { query } = useLocation();
  const tab: Shown = query.tab === 'payments' || query.tab === 'entries' ? query.tab : 'charges';
  const here = `/accounts/${account.contract_id}`;
  const tabs: Tab<Shown>[] = [
    ['charges', `${here}?tab=charges`, m.tab_charges()],
    ['payments', `${here}?tab=payments`, m.tab_payments()],
    ['entries', `${here}?tab=entries`, m.tab_entries()],
  ];
  return (
    <Page
      wide
      title={m.account_title({ number: contract.number })}
      above={<a href={`/contracts/${account.contract_id}`}>{contractName(contract)}</a>}
      actions={
        <>
          {isStaff() && (
            <a class="button" href={`${here}/new-charge`}>
              <Icon name="plus" />
              {m.charge_new()}
            </a>
          )}
          <PrintButton>
            <Icon name="print" />
            {m.print_action()}
          </PrintButton>
        </>
      }
    >
      <BalanceHead account={account} explainHref={`${here}/explain`} />
      {paysHere(account.contract_id) && <PayEntry contract_id={account.contract_id} />}
      {account.purposes.length > 0 && <Purposes account={account} />}
      <section class="section" aria-labelledby="entries">
        <h2 id="entries" class="hidden">
          {m.account_lists()}
        </h2>
        <Tabs tabs={tabs} at={tab} label={m.account_lists()} />
        {tab === 'charges' && <Charges account={account} />}
        {tab === 'payments' && <Payments account={account} />}
        {tab === 'payments' && <PayList contract_id={account.contract_id} />}
        {tab === 'entries' && <Entries account={account} />}
      </section>
    </Page>
  );
}

/** Staff look after other people's accounts; they pay their own. */
function paysHere(contract_id: string): boolean {
  const own = ({ role, contract_id: id }: { role: string; contract_id?: string | null }) =>
    id === contract_id && (role === 'tenant' || role === 'owner');
  return !isStaff() || currentMe().grants.some(own);
}

function Purposes({ account }: { account: Account }) {
  const { currency, purposes } = account;
  type Row = Account['purposes'][number];
  const sum = (of: 'charged' | 'paid' | 'due') => (
    <Money minor={purposes.reduce((total, row) => total + row[of], 0)} currency={currency} />
  );
  const columns: Column<Row>[] = [
    { id: 'purpose', header: m.purpose(), head: true, cell: (row) => purposeText(row.purpose), total: m.total() },
    ...(['charged', 'paid', 'due'] as const).map((of) => ({
      id: of,
      header: { charged: m.purpose_charged(), paid: m.purpose_paid(), due: m.purpose_due() }[of],
      numeric: true,
      cell: (row: Row) => <Money minor={row[of]} currency={currency} strong={of === 'due' && row.due > 0} />,
      total: sum(of),
    })),
  ];
  return (
    <section class="section" aria-labelledby="purposes">
      <h2 id="purposes">{m.account_by_purpose()}</h2>
      <Table
        caption={m.account_by_purpose()}
        hideCaption
        columns={columns}
        rows={purposes}
        rowKey={(row) => row.purpose}
      />
    </section>
  );
}

/** A staff member's way to the page that takes an entry back. */
function Reverse({ contract_id, entry }: { contract_id: string; entry: Parameters<typeof pickEntry>[0] }) {
  return (
    <a href={`/accounts/${contract_id}/reverse/${entry.entry_id}`} onClick={() => pickEntry(entry)}>
      {m.reverse_action()}
      <span class="hidden"> {entry.name}</span>
    </a>
  );
}

const CHARGE_KIND = { open: 'bad', part_paid: 'part', paid: 'good', reversed: 'off' } as const;

function Charges({ account: { contract_id, currency } }: { account: Account }) {
  const pages = usePages(`charges ${contract_id}`, (cursor) =>
    unwrap(
      api.GET('/accounts/{contract_id}/charges', {
        params: { path: { contract_id }, query: cursor ? { cursor } : {} },
      }),
    ),
  );
  const columns: Column<Charge>[] = [
    {
      id: 'number',
      header: m.charge_number_and_purpose(),
      head: true,
      cell: (row) => (
        <span>
          {row.number}
          <span class="note">{[purposeText(row.purpose), row.description].filter(Boolean).join(' · ')}</span>
        </span>
      ),
    },
    { id: 'date', header: m.charge_date(), cell: (row) => <DateText on={row.date} style="short" /> },
    { id: 'due', header: m.charge_due_date(), cell: (row) => <DateText on={row.due_date} style="short" /> },
    { id: 'type', header: m.charge_type(), cell: (row) => PAYMENT_TYPES[row.type]() },
    {
      id: 'status',
      header: m.charge_status(),
      cell: (row) => <Status kind={CHARGE_KIND[row.status]}>{CHARGE_STATUS[row.status]()}</Status>,
    },
    {
      id: 'amount',
      header: m.amount(),
      numeric: true,
      cell: (row) => <Money minor={row.amount} currency={currency} />,
    },
    {
      id: 'open',
      header: m.charge_still_open(),
      numeric: true,
      cell: (row) => <Money minor={row.open} currency={currency} strong={row.open > 0} />,
    },
  ];
  if (isStaff()) {
    columns.push({
      id: 'actions',
      header: m.actions(),
      actions: true,
      cell: (row) =>
        row.status !== 'reversed' && (
          <Reverse
            contract_id={contract_id}
            entry={{
              entry_id: row.charge_id,
              kind: 'charge',
              name: row.number,
              date: row.date,
              amount: row.amount,
              currency,
            }}
          />
        ),
    });
  }
  return (
    <ListTable
      caption={m.tab_charges()}
      hideCaption
      columns={columns}
      pages={pages}
      rowKey={(row) => row.charge_id}
      rowTestId="charge-row"
      empty={m.charges_empty()}
    />
  );
}

const PAYMENT_KIND = {
  booked: 'good',
  reversed: 'off',
  rebooked: 'part',
  part_returned: 'part',
  returned: 'off',
} as const;

function movedText(row: Payment, currency: string): string {
  if (row.status === 'rebooked') return m.payment_rebooked_away();
  if (row.status === 'part_returned') return m.payment_returned_amount({ amount: money(row.returned, currency) });
  return row.rebooked_from ? m.payment_rebooked_here() : '';
}

function Payments({ account: { contract_id, currency } }: { account: Account }) {
  const pages = usePages(`payments ${contract_id}`, (cursor) =>
    unwrap(
      api.GET('/accounts/{contract_id}/payments', {
        params: { path: { contract_id }, query: cursor ? { cursor } : {} },
      }),
    ),
  );
  const columns: Column<Payment>[] = [
    {
      id: 'reference',
      header: m.payment_reference(),
      head: true,
      cell: (row) => row.reference || m.payment_without_reference(),
    },
    { id: 'value', header: m.payment_value_date(), cell: (row) => <DateText on={row.value_date} style="short" /> },
    { id: 'booked', header: m.payment_booked_on(), cell: (row) => <DateText on={row.booked_on} style="short" /> },
    { id: 'type', header: m.charge_type(), cell: (row) => PAYMENT_TYPES[row.type]() },
    {
      id: 'status',
      header: m.charge_status(),
      cell: (row) => (
        <span>
          <Status kind={PAYMENT_KIND[row.status]}>{PAYMENT_STATUS[row.status]()}</Status>
          {movedText(row, currency) && <span class="note">{movedText(row, currency)}</span>}
        </span>
      ),
    },
    {
      id: 'unallocated',
      header: m.payment_unallocated(),
      numeric: true,
      cell: (row) => <Money minor={row.unallocated} currency={currency} />,
    },
    {
      id: 'amount',
      header: m.amount(),
      numeric: true,
      cell: (row) => <Money minor={row.amount} currency={currency} strong />,
    },
  ];
  if (isStaff()) {
    columns.push({
      id: 'actions',
      header: m.actions(),
      actions: true,
      cell: (row) =>
        row.status === 'booked' && (
          <Reverse
            contract_id={contract_id}
            entry={{
              entry_id: row.payment_id,
              kind: 'payment',
              name: row.reference || date(row.value_date),
              date: row.value_date,
              amount: row.amount,
              currency,
            }}
          />
        ),
    });
  }
  return (
    <ListTable
      caption={m.tab_payments()}
      hideCaption
      columns={columns}
      pages={pages}
      rowKey={(row) => row.payment_id}
      rowTestId="payment-row"
      rowClass={(row) => (row.status === 'booked' || row.status === 'part_returned' ? undefined : 'row-off')}
      empty={m.payments_empty()}
    />
  );
}

/** A charge-back stands on its payment's day; when the money went is said beside it. */
function takenBackText(row: Entry): string {
  return row.kind === 'chargeback' && row.booked_on ? m.entry_taken_back_on({ date: date(row.booked_on) }) : '';
}

function Entries({ account: { contract_id, currency } }: { account: Account }) {
  const pages = usePages(`entries ${contract_id}`, (cursor) =>
    unwrap(
      api.GET('/accounts/{contract_id}/entries', {
        params: { path: { contract_id }, query: cursor ? { cursor } : {} },
      }),
    ),
  );
  const columns: Column<Entry>[] = [
    { id: 'kind', header: m.entry_kind(), head: true, cell: (row) => ENTRY_KINDS[row.kind]() },
    { id: 'date', header: m.entry_date(), cell: (row) => <DateText on={row.date} style="short" /> },
    {
      id: 'what',
      header: m.entry_what(),
      cell: (row) =>
        [row.number, row.purpose && purposeText(row.purpose), row.reference, row.description, takenBackText(row)]
          .filter(Boolean)
          .join(' · '),
    },
    {
      id: 'effect',
      header: m.entry_effect(),
      numeric: true,
      cell: (row) => (
        <span class="money">
          {row.amount > 0
            ? m.entry_raises({ amount: money(row.amount, currency) })
            : m.entry_lowers({ amount: money(-row.amount, currency) })}
        </span>
      ),
    },
  ];
  return (
    <ListTable
      caption={m.tab_entries()}
      hideCaption
      columns={columns}
      pages={pages}
      rowKey={(row) => row.entry_id}
      rowTestId="entry-row"
      empty={m.entries_empty()}
    />
  );
}
