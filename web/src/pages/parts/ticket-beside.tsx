import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../../api/problem';
import { m } from '../../paraglide/messages.js';
import { Skeleton } from '../../ui/loaded';
import { Failed } from '../../ui/notice';
import type { TicketDeskProps } from './ticket-desk';

type Loading = { Desk: ComponentType<TicketDeskProps> } | { problem: Problem } | null;

interface Props {
  ticket_id: string;
  onClose: () => void;
  onChanged: () => void;
}

/** A ticket beside the list; its part of the site comes when the first one is opened. */
export function TicketBeside({ ticket_id, onClose, onChanged }: Props) {
  const [loading, setLoading] = useState<Loading>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let wanted = true;
    import('./ticket-desk').then(
      (part) => wanted && setLoading({ Desk: part.default }),
      () => wanted && setLoading({ problem: new Problem('network_error') }),
    );
    return () => {
      wanted = false;
    };
  }, [attempt]);
  return (
    <div class="desk-beside" data-testid="beside">
      <p class="desk-beside-head">
        <a href={`/tickets/${ticket_id}`}>{m.queue_open_page()}</a>
        <button type="button" class="button button-quiet" onClick={onClose}>
          {m.ticket_close()}
        </button>
      </p>
      {loading === null && <Skeleton lines={8} />}
      {loading && 'problem' in loading && (
        <Failed problem={loading.problem} retry={() => setAttempt((count) => count + 1)} />
      )}
      {loading && 'Desk' in loading && <loading.Desk ticket_id={ticket_id} beside onChanged={onChanged} />}
    </div>
  );
}
