import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePages } from '../api/resource';
import type { ListedRefund } from '../api/types';
import { PROVIDER_NAMES } from '../i18n/pay-words';
import { REFUND_STATES, refundState } from '../i18n/refund-words';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { InstantText, Money } from '../ui/money';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { ListTable } from '../ui/table';
import { nameOfPerson, useNames } from './parts/desk-data';
import { OnlineTabs } from './parts/online-tabs';
import { Select } from './parts/select';
import '../styles/desk.css';

type State = ListedRefund['state'];

const states = Object.keys(REFUND_STATES) as State[];

export default function Refunds() {
  return isStaff() ? <List /> : <NotFound />;
}

/** Refunds of the organisation in a state, those that wait longest first; what waits for a second look when one comes. */
function List() {
  const { query, route } = useLocation();
  const state = states.find((one) => one === query.state) ?? 'asked';
  const pages = usePages(`refunds ${state}`, (cursor) =>
    unwrap(api.GET('/refunds', { params: { query: { state, ...(cursor && { cursor }) } } })),
  );
  useNames(
    pages.items.map((refund) => refund.asked_by),
    [],
  );
  return (
    <Page wide title={m.refund_tab()} lead={m.refund_lead()}>
      <OnlineTabs at="refunds" />
      <div class="desk-filters">
        <Select
          label={m.refund_state()}
          value={state}
          options={states.map((value) => ({ value, label: REFUND_STATES[value]() }))}
          onChange={(value) => route(value === 'asked' ? '/refunds' : `/refunds?state=${value}`, true)}
        />
      </div>
      <ListTable
        pages={pages}
        caption={m.refund_tab()}
        hideCaption
        empty={state === 'asked' ? m.refund_empty_asked() : m.refund_empty()}
        rowKey={(refund) => refund.refund_id}
        rowTestId="refund-row"
        columns={[
          {
            id: 'asked',
            header: m.refund_asked_on(),
            head: true,
            cell: (refund) => (
              <div>
                <InstantText at={refund.asked_at} />
                <span class="note">{nameOfPerson(refund.asked_by)}</span>
              </div>
            ),
          },
          {
            id: 'amount',
            header: m.refund_amount(),
            numeric: true,
            cell: (refund) => (
              <div>
                <Money minor={refund.amount} currency={refund.currency} strong />
                <span class="note">{m.reconcile_by({ provider: PROVIDER_NAMES[refund.provider] })}</span>
              </div>
            ),
          },
          { id: 'reason', header: m.refund_reason(), cell: (refund) => refund.reason },
          { id: 'state', header: m.refund_state(), cell: refundState },
          {
            id: 'payment',
            header: m.refund_payment(),
            actions: true,
            cell: (refund) => (
              <a class="row-link" href={`/payments/${refund.payment_id}`}>
                {m.refund_payment()}
              </a>
            ),
          },
        ]}
      />
    </Page>
  );
}
