import { useRef } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePolling } from '../api/polling';
import type { OnlinePayment } from '../api/types';
import { money } from '../i18n/format';
import { THEIR_STATE_TEXTS } from '../i18n/pay-their-words';
import { PAYMENT_STATES, PROVIDER_NAMES, STATE_TEXTS } from '../i18n/pay-words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { later } from '../ui/later';
import { Skeleton } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { leave } from './parts/pay-leave';

const RefundPanel = later(() => import('./parts/refund-panel'));
const PayReceipt = later(() => import('./parts/pay-receipt'), 8);

/** A bank transfer may be confirmed the next day: nobody needs to ask more often than once a minute then. */
const LONGEST = 60_000;

type State = OnlinePayment['state'];
const OPEN: State[] = ['started', 'pending'];
const ENDED: State[] = ['failed', 'expired', 'cancelled'];
const RECEIVED: State[] = ['settled', 'part_refunded', 'refunded'];

/** One online payment. Payers come back to `/payments/return?payment_id=`: the provider is told the way back before the payment has an id. */
export default function PaymentPage() {
  const { params } = useRoute();
  const { query } = useLocation();
  const named = params.payment_id === 'return' ? query.payment_id : params.payment_id;
  // On the way to another page the query is gone before this page is.
  const last = useRef('');
  if (named) last.current = named;
  return last.current ? <Payment payment_id={last.current} /> : <NotFound />;
}

function Payment({ payment_id }: { payment_id: string }) {
  const { data, problem, again } = usePolling(
    payment_id,
    () => unwrap(api.GET('/payments/{payment_id}', { params: { path: { payment_id } } })),
    ({ state }) => !OPEN.includes(state),
    LONGEST,
  );
  if (problem?.code === 'not_found') return <NotFound />;
  return (
    <Page title={m.pay_payment_title()} busy={!data && !problem}>
      {problem && <Failed problem={problem} retry={again} />}
      {data ? <Standing payment={data} /> : !problem && <Skeleton lines={6} />}
      {data && RECEIVED.includes(data.state) && <PayReceipt payment={data} />}
      {data && isStaff() && <RefundPanel payment={data} onChanged={again} />}
    </Page>
  );
}

const KINDS = {
  started: 'info',
  pending: 'info',
  settled: 'good',
  part_refunded: 'good',
  refunded: 'info',
  disputed: 'warning',
  failed: 'warning',
  expired: 'warning',
  cancelled: 'warning',
} as const;

/** How it stands, and what can be done about it. The notice stays in place, so that a change of its words is read aloud. */
function Standing({ payment }: { payment: OnlinePayment }) {
  const { payment_id, contract_id, state, provider, amount, refunded, currency, redirect } = payment;
  const name = PROVIDER_NAMES[provider];
  const doubled = payment.double_payment_ids.length + payment.double_of.length;
  // Only who paid is told of "your" account and bank.
  const own = payment.payer_id === currentMe().person.person_id;
  // Staff look at others' payments; those who share the contract may pay it too.
  const mayPay = own || !isStaff();
  return (
    <>
      <div data-testid="payment" data-state={state}>
        <Notice kind={KINDS[state]} title={PAYMENT_STATES[state]()} testId="payment-state">
          <p>
            {(own ? STATE_TEXTS : THEIR_STATE_TEXTS)[state]({
              provider: name,
              amount: money(amount, currency),
              refunded: money(refunded, currency),
            })}
          </p>
        </Notice>
      </div>
      {doubled > 0 && (
        <Notice
          kind="warning"
          title={own ? m.pay_double({ count: doubled }) : m.pay_their_double({ count: doubled })}
          testId="paid-twice"
        >
          <p>{own ? m.pay_double_text() : m.pay_their_double_text()}</p>
        </Notice>
      )}
      <p class="form-actions">
        {state === 'started' && redirect && (
          <button type="button" class="button button-main" onClick={() => leave(redirect)}>
            {m.pay_go_on()}
          </button>
        )}
        {mayPay && state === 'started' && (
          <a class="button" href={tryAgain(payment)}>
            {m.pay_other_way()}
          </a>
        )}
        {mayPay && ENDED.includes(state) && (
          <a class="button button-main" href={tryAgain(payment)}>
            {m.try_again()}
          </a>
        )}
        <a class="button" href={`/accounts/${contract_id}?tab=payments`}>
          {m.home_see_account()}
        </a>
      </p>
      {own && !RECEIVED.includes(state) && state !== 'disputed' && (
        <details class="no-print">
          <summary>{m.pay_lost()}</summary>
          <p>{m.pay_lost_text({ provider: name, id: payment_id })}</p>
        </details>
      )}
    </>
  );
}

/** The way to pay the same once more. */
function tryAgain({ contract_id, charge_ids, amount }: OnlinePayment): string {
  const same = charge_ids.length > 0 ? `items=${charge_ids.join(',')}` : `amount=${amount}`;
  return `/accounts/${contract_id}/pay?${same}`;
}
