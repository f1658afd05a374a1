import { useEffect, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import type { OnlinePayment } from '../../api/types';
import { money, parseAmount, typedAmount } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { type Errors, Field, Form, Submit, useForm } from '../../ui/form';

const SHORTEST = 3;
const LONGEST = 300;

/**
 * How much one refund can send back: what is left of the payment that was made last. What is on its way counts as gone. The server
 * decides; this is what the form begins with.
 */
export function refundable({ state, amount, fee, refunded, double_payment_ids, refunds }: OnlinePayment): number {
  if (!['settled', 'part_refunded'].includes(state)) return 0;
  const each = amount + fee;
  const sent = refunds
    .filter((refund) => ['confirmed', 'sent'].includes(refund.state))
    .reduce((sum, refund) => sum + refund.amount, 0);
  const left = each * (1 + double_payment_ids.length) - Math.max(refunded, sent);
  return left > 0 ? ((left - 1) % each) + 1 : 0;
}

interface Props {
  payment: OnlinePayment;
  amount: number;
  reason: string;
  /** Whether the form is open at once: somebody has just chosen to ask again. */
  opened: boolean;
  onAsked: () => void;
}

/** Asks for money to be sent back; nothing is sent before somebody else has confirmed it. */
export function RefundAsk({ payment, amount, reason, opened, onAsked }: Props) {
  const { payment_id, currency } = payment;
  const left = refundable(payment);
  const [open, setOpen] = useState(opened);
  const form = useForm(
    { amount: typedAmount(amount, currency), reason },
    {
      check: (typed) => {
        const wrong: Errors = {};
        const minor = parseAmount(typed.amount, currency);
        const words = typed.reason.trim().length;
        if (minor === null || minor <= 0 || minor > left)
          wrong.amount = () => m.refund_amount_wrong({ amount: money(left, currency) });
        if (words < SHORTEST || words > LONGEST) wrong.reason = m.refund_reason_wanted;
        return wrong;
      },
      send: async (typed, key) => {
        const body = { amount: parseAmount(typed.amount, currency), reason: typed.reason.trim() };
        await unwrap(
          api.POST('/payments/{payment_id}/refund', {
            params: { path: { payment_id } },
            headers: { 'Idempotency-Key': key },
            body,
          }),
        );
        onAsked();
      },
    },
  );
  useEffect(() => {
    if (opened) document.getElementById(`${form.id}-amount`)?.focus();
  }, [opened, form.id]);
  if (!open) {
    return (
      <p>
        <button type="button" class="button" onClick={() => setOpen(true)}>
          {m.refund_ask()}
        </button>
      </p>
    );
  }
  return (
    <Form form={form} label={m.refund_ask()}>
      <Field
        name="amount"
        label={m.refund_amount()}
        hint={m.refund_left({ amount: money(left, currency) })}
        inputMode="decimal"
        width="short"
      />
      <Field name="reason" label={m.refund_reason()} hint={m.refund_reason_hint()} rows={2} />
      <div class="form-actions">
        <Submit busy={form.busy}>{m.refund_ask()}</Submit>
        <button type="button" class="button" onClick={() => setOpen(false)}>
          {m.cancel_action()}
        </button>
      </div>
    </Form>
  );
}
