import { useRef, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { OnlinePayment, Refund } from '../../api/types';
import { money } from '../../i18n/format';
import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { isStuck } from '../../i18n/refund-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { type Attempt, attemptKey } from '../../ui/form';
import { Failed } from '../../ui/notice';

interface Props {
  payment: OnlinePayment;
  refund: Refund;
  onDone: (said: string) => void;
  /** Somebody else was quicker. */
  onGone: () => void;
}

/** The second look: whoever did not ask confirms or rejects; whoever asked may take it back. */
export function RefundDecision({ payment, refund, onDone, onGone }: Props) {
  const [asking, setAsking] = useState<'confirm' | 'refuse' | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const attempt = useRef<Attempt | null>(null);
  const own = refund.asked_by === currentMe().person.person_id;
  const stuck = isStuck(refund);
  const provider = PROVIDER_NAMES[payment.provider];
  const amount = money(refund.amount, payment.currency);
  const confirm = stuck ? m.refund_try() : m.refund_confirm();
  const refuse = stuck ? m.refund_give_up() : own ? m.refund_withdraw() : m.refund_reject();
  const ask = (what: typeof asking) => {
    setProblem(null);
    setAsking(what);
  };
  const decide = (confirmed: boolean) => {
    if (busy) return;
    setBusy(true);
    const body = { refund_id: refund.refund_id, confirmed };
    attempt.current = attemptKey(attempt.current, JSON.stringify(body));
    unwrap(
      api.POST('/payments/{payment_id}/refund/confirmation', {
        params: { path: { payment_id: payment.payment_id } },
        headers: { 'Idempotency-Key': attempt.current.key },
        body,
      }),
    ).then(
      () => {
        setBusy(false);
        setAsking(null);
        onDone(confirmed ? m.refund_said_confirmed({ provider, amount }) : m.refund_nothing_sent());
      },
      (error) => {
        setBusy(false);
        setProblem(Problem.of(error));
        if (Problem.of(error).code === 'refund_decided') {
          setAsking(null);
          onGone();
        }
      },
    );
  };
  return (
    <>
      {stuck && <p>{m.refund_stuck_text({ provider })}</p>}
      {own && !stuck && <p data-testid="refund-own">{m.refund_own()}</p>}
      {problem && !asking && <Failed problem={problem} />}
      <div class="form-actions">
        {!own && (
          <button type="button" class="button button-main" onClick={() => ask('confirm')}>
            {confirm}
          </button>
        )}
        <button type="button" class="button" onClick={() => ask('refuse')}>
          {refuse}
        </button>
      </div>
      {asking && (
        <Dialog title={titleOf(asking, own, amount)} onClose={() => setAsking(null)}>
          <p>{asking === 'confirm' ? m.refund_confirm_text({ provider }) : m.refund_nothing_sent()}</p>
          {problem && <Failed problem={problem} />}
          <Confirm
            action={asking === 'confirm' ? confirm : refuse}
            onAction={() => decide(asking === 'confirm')}
            busy={busy}
            onCancel={() => setAsking(null)}
          />
        </Dialog>
      )}
    </>
  );
}

function titleOf(asking: 'confirm' | 'refuse', own: boolean, amount: string): string {
  if (asking === 'confirm') return m.refund_confirm_title({ amount });
  return own ? m.refund_withdraw_title({ amount }) : m.refund_reject_title({ amount });
}
