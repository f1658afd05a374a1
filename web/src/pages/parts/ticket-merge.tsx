import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import { useResource } from '../../api/resource';
import type { Ticket } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { attemptKey } from '../../ui/form';
import { LoadedPart } from '../../ui/loaded';
import { Failed } from '../../ui/notice';
import { isOpen } from './desk-rules';
import { Due } from './ticket-marks';

interface Props {
  ticket: Ticket;
  onMerged: () => void;
}

/** A duplicate goes into another open ticket of the same contract. */
export default function TicketMerge({ ticket, onMerged }: Props) {
  const [asking, setAsking] = useState(false);
  if (!isOpen(ticket.status)) return null;
  return (
    <p>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        {m.queue_merge()}
      </button>
      {asking && <Choose ticket={ticket} onMerged={onMerged} onClose={() => setAsking(false)} />}
    </p>
  );
}

function Choose({ ticket, onMerged, onClose }: Props & { onClose: () => void }) {
  const [into, setInto] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt] = useState(() => attemptKey(null, ticket.ticket_id));
  const { contract_id, ticket_id } = ticket;
  const open = useResource(`merge ${contract_id}`, () =>
    unwrap(api.GET('/tickets', { params: { query: { contract_id, status: 'open' } } })),
  );
  const go = () => {
    if (busy || !into) return;
    setBusy(true);
    setProblem(null);
    unwrap(
      api.POST('/tickets/{ticket_id}/merger', {
        params: { path: { ticket_id } },
        headers: { 'Idempotency-Key': `${attempt.key}-${into.slice(-12)}` },
        body: { into_ticket_id: into },
      }),
    ).then(
      () => {
        onMerged();
        onClose();
      },
      (error) => {
        setBusy(false);
        setProblem(Problem.of(error));
      },
    );
  };
  return (
    <Dialog title={m.queue_merge_title({ number: ticket.number })} onClose={onClose}>
      {problem && <Failed problem={problem} />}
      <p>{m.queue_merge_text()}</p>
      <LoadedPart of={open} lines={3}>
        {({ items }) => {
          const others = items.filter((one) => one.ticket_id !== ticket_id);
          if (others.length === 0) return <p class="muted">{m.queue_merge_none()}</p>;
          return (
            <fieldset class="plain-group">
              <legend class="legend">{m.queue_merge_into()}</legend>
              {others.map((one) => (
                <div key={one.ticket_id} class="tick" data-testid="merge-target">
                  <input
                    id={`into-${one.ticket_id}`}
                    type="radio"
                    name="into"
                    checked={into === one.ticket_id}
                    onChange={() => setInto(one.ticket_id)}
                  />
                  <label for={`into-${one.ticket_id}`}>
                    {one.subject} <span class="muted figures">{one.number}</span>
                    <span class="note">
                      <Due ticket={one} />
                    </span>
                  </label>
                </div>
              ))}
            </fieldset>
          );
        }}
      </LoadedPart>
      <Confirm action={m.queue_merge_action()} onAction={go} busy={busy} ready={!!into} onCancel={onClose} />
    </Dialog>
  );
}
