import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Ticket } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { attemptKey } from '../../ui/form';
import { Failed } from '../../ui/notice';

interface Props {
  ticket: Ticket;
  onDone: () => void;
}

/** Takes an open ticket back, after one question. */
export function Withdrawal({ ticket, onDone }: Props) {
  const [asked, setAsked] = useState(false);
  const [attempt] = useState(() => attemptKey(null, ticket.ticket_id));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const headers = { 'Idempotency-Key': attempt.key };
    unwrap(
      api.POST('/tickets/{ticket_id}/withdrawal', { params: { path: { ticket_id: ticket.ticket_id } }, headers }),
    ).then(
      () => {
        setAsked(false);
        setBusy(false);
        onDone();
      },
      (error) => {
        setBusy(false);
        setProblem(Problem.of(error));
      },
    );
  };
  return (
    <p class="no-print">
      <button type="button" class="button button-bad" onClick={() => setAsked(true)}>
        {m.ticket_withdraw()}
      </button>
      {asked && (
        <Dialog title={m.ticket_withdraw_title()} onClose={() => setAsked(false)}>
          {problem && <Failed problem={problem} />}
          <p>{m.ticket_withdraw_text()}</p>
          <Confirm
            action={m.ticket_withdraw()}
            onAction={send}
            busy={busy}
            cancel={m.ticket_withdraw_keep()}
            onCancel={() => setAsked(false)}
          />
        </Dialog>
      )}
    </p>
  );
}
