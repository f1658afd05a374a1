import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { usePolling } from '../api/polling';
import type { OnlinePayment } from '../api/types';
import { money } from '../i18n/format';
import { PAYMENT_STATES, PROVIDER_NAMES, STATE_TEXTS } from '../i18n/pay-words';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { later } from '../ui/later';
import { Skeleton } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Failed, Notice } from '../ui/notice';
import { Page } from '../ui/page';

const RefundPanel = later(() => import('./parts/refund-panel'));

/** Whether the provider may still say something else by itself, soon. */
const isOpen = ({ state }: OnlinePayment): boolean => state === 'started' || state === 'pending';

/** One online payment. Payers come back to `/payments/return?payment_id=`: the provider is told the way back before the payment has an id. */
export default function PaymentPage() {
  const { params } = useRoute();
  const payment_id = useLocation().query.payment_id ?? params.payment_id ?? '';
  const { data, problem, again } = usePolling(
    payment_id,
    () => unwrap(api.GET('/payments/{payment_id}', { params: { path: { payment_id } } })),
    (payment) => !isOpen(payment),
  );
  if (problem?.code === 'not_found') return <NotFound />;
  return (
    <Page title={m.pay_payment_title()} busy={!data && !problem}>
      {problem && <Failed problem={problem} retry={again} />}
      {data ? <Standing payment={data} /> : !problem && <Skeleton lines={6} />}
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

function Standing({ payment }: { payment: OnlinePayment }) {
  const { state, provider, amount, refunded, currency } = payment;
  return (
    <Notice kind={KINDS[state]} title={PAYMENT_STATES[state]()} testId="payment-state">
      <p>
        {STATE_TEXTS[state]({
          provider: PROVIDER_NAMES[provider],
          amount: money(amount, currency),
          refunded: money(refunded, currency),
        })}
      </p>
    </Notice>
  );
}
