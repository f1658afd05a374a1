import { useState } from 'preact/hooks';
import type { OnlinePayment } from '../../api/types';
import { instant, money } from '../../i18n/format';
import '../../i18n/online-codes';
import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { decidedText, failureText, isStuck, refundState } from '../../i18n/refund-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Notice } from '../../ui/notice';
import { nameOfPerson, useNames } from './desk-data';
import { RefundAsk, refundable } from './refund-ask';
import { RefundDecision } from './refund-decision';

interface Props {
  payment: OnlinePayment;
  /** Looks at the payment anew. */
  onChanged: () => void;
}

/** Refunds of a payment, for staff: what was asked for and by whom, the second look, and a form for another one. */
export default function RefundPanel({ payment, onChanged }: Props) {
  const [said, setSaid] = useState<string[]>([]);
  const [again, setAgain] = useState<{ amount: number; reason: string } | null>(null);
  const { refunds, currency, double_payment_ids: doubles, provider } = payment;
  useNames(
    refunds.flatMap(({ asked_by, decided_by }) => [asked_by, decided_by]),
    [],
  );
  const zone = currentMe().organisation.time_zone;
  const done = (text: string) => {
    setSaid([...said, text]);
    setAgain(null);
    onChanged();
  };
  const open = refunds.some((refund) => ['asked', 'confirmed'].includes(refund.state));
  const left = refundable(payment);
  if (refunds.length === 0 && left === 0) return null;
  return (
    <section class="section" aria-labelledby="refunds">
      <h2 id="refunds">{m.refund_tab()}</h2>
      {said.length > 0 && <Notice key={said.length} kind="good" title={said.at(-1) ?? ''} focus testId="refund-said" />}
      {doubles.length > 0 && left > 0 && <p>{m.refund_twice()}</p>}
      {refunds.length > 0 && (
        <ul class="plain-rows">
          {refunds.toReversed().map((refund) => (
            <li key={refund.refund_id} data-testid="refund" data-state={refund.state}>
              <div>
                <p>
                  <strong class="money">{money(refund.amount, currency)}</strong> · {refundState(refund)}
                </p>
                <p>{refund.reason}</p>
                <p class="muted small">
                  {m.refund_asked_by({
                    name: nameOfPerson(refund.asked_by) || m.refund_colleague(),
                    when: instant(refund.asked_at, zone),
                  })}
                </p>
                {refund.decided_at && (
                  <p class="muted small">
                    {decidedText(refund, nameOfPerson(refund.decided_by), instant(refund.decided_at, zone))}
                  </p>
                )}
                {refund.state === 'failed' && (
                  <>
                    {refund.code && <p>{failureText(refund.code, PROVIDER_NAMES[provider])}</p>}
                    {!open && left > 0 && (
                      <button
                        type="button"
                        class="button"
                        onClick={() => setAgain({ amount: Math.min(refund.amount, left), reason: refund.reason })}
                      >
                        {m.refund_again()}
                      </button>
                    )}
                  </>
                )}
                {(refund.state === 'asked' || isStuck(refund)) && (
                  <RefundDecision payment={payment} refund={refund} onDone={done} onGone={onChanged} />
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {!open && left > 0 && (
        <RefundAsk
          // Another sum that is left, or another refund to ask for again, is another form.
          key={`${left} ${again?.amount} ${again?.reason}`}
          payment={payment}
          amount={again?.amount ?? left}
          reason={again?.reason ?? ''}
          opened={again !== null}
          onAsked={() => done(m.refund_said_asked())}
        />
      )}
    </section>
  );
}
