import type { OnlinePayment } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { InstantText, Money } from '../../ui/money';

interface Props {
  payment: OnlinePayment;
  /** Looks at the payment anew. */
  onChanged: () => void;
}

/** What staff see of a payment besides its payer: the refunds that were asked for. */
export default function RefundPanel({ payment: { refunds, currency } }: Props) {
  if (refunds.length === 0) return null;
  return (
    <section class="section" aria-labelledby="refunds">
      <h2 id="refunds">{m.entry_refund()}</h2>
      <ul class="plain-rows">
        {refunds.map((refund) => (
          <li key={refund.refund_id}>
            <Money minor={refund.amount} currency={currency} strong />
            <span>
              {refund.reason} · <InstantText at={refund.asked_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
