import { api, unwrap } from '../../api/client';
import { usePages } from '../../api/resource';
import type { OnlinePayment } from '../../api/types';
import { PAYMENT_STATES, PROVIDER_NAMES, STATE_KINDS } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { Status } from '../../ui/facts';
import { InstantText, Money } from '../../ui/money';
import { type Column, ListTable } from '../../ui/table';

const COLUMNS: (() => Column<OnlinePayment>)[] = [
  () => ({
    id: 'started',
    header: m.pay_list_started(),
    head: true,
    cell: (row) => (
      <a href={`/payments/${row.payment_id}`}>
        <InstantText at={row.created_at} />
      </a>
    ),
  }),
  () => ({
    id: 'provider',
    header: m.pay_provider(),
    cell: (row) => m.pay_through({ provider: PROVIDER_NAMES[row.provider] }),
  }),
  () => ({
    id: 'state',
    header: m.pay_list_state(),
    cell: ({ state, double_payment_ids, double_of }) => {
      const count = double_payment_ids.length + double_of.length;
      return (
        <span>
          <Status kind={STATE_KINDS[state]}>{PAYMENT_STATES[state]()}</Status>
          {count > 0 && <span class="note">{m.pay_double({ count })}</span>}
        </span>
      );
    },
  }),
  () => ({
    id: 'amount',
    header: m.amount(),
    numeric: true,
    cell: (row) => <Money minor={row.amount} currency={row.currency} strong />,
  }),
];

/** What was paid online on an account, and what was tried. */
export default function PayList({ contract_id }: { contract_id: string }) {
  const pages = usePages(`online ${contract_id}`, (cursor) =>
    unwrap(api.GET('/payments', { params: { query: { contract_id, ...(cursor && { cursor }) } } })),
  );
  return (
    <section class="section" aria-labelledby="online">
      <h2 id="online">{m.pay_list()}</h2>
      <ListTable
        caption={m.pay_list()}
        hideCaption
        columns={COLUMNS.map((column) => column())}
        pages={pages}
        rowKey={(row) => row.payment_id}
        rowTestId="online-payment-row"
        empty={m.pay_list_empty()}
      />
    </section>
  );
}
