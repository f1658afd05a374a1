import { useEffect, useState } from 'preact/hooks';
import type { TicketItem } from '../../api/types';
import { standingText } from '../../i18n/desk-words';
import { instant, relative } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Status } from '../../ui/facts';
import { Icon } from '../../ui/icon';
import { isOpen } from './desk-rules';

const HALF_A_MINUTE = 30_000;

/** Now, told again every half minute, so that "in 2 minutes" does not stay so. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), HALF_A_MINUTE);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** An instant in the organisation's zone. */
export function At({ iso }: { iso: string }) {
  return (
    <time class="date" dateTime={iso}>
      {instant(iso, currentMe().organisation.time_zone)}
    </time>
  );
}

type Marked = Pick<TicketItem, 'status' | 'outcome' | 'due_at' | 'overdue' | 'emergency' | 'reopened' | 'common_part'>;

/** When it is due: in words and as a time, overdue not by colour alone. */
export function Due({ ticket }: { ticket: Marked }) {
  const now = useNow();
  if (!isOpen(ticket.status)) return null;
  if (!ticket.due_at) return <span class="muted">{m.queue_due_stopped()}</span>;
  const late = ticket.overdue || new Date(ticket.due_at).getTime() < now;
  const when = relative(ticket.due_at, now);
  return (
    <span class="due" data-testid="due" data-overdue={late}>
      {late ? (
        <span class="late">
          <Icon name="alert" />
          {m.queue_overdue_since({ when })}
        </span>
      ) : (
        <span>{m.queue_due({ when })}</span>
      )}
      <span class="note">
        <At iso={ticket.due_at} />
      </span>
    </span>
  );
}

const KINDS: Record<string, 'good' | 'bad' | 'part' | 'off' | 'plain'> = {
  new: 'plain',
  accepted: 'part',
  in_progress: 'part',
  waiting_for_tenant: 'off',
  waiting_for_supplier: 'off',
  done: 'good',
  closed: 'off',
  declined: 'off',
};

export function Standing({ ticket }: { ticket: Marked }) {
  return <Status kind={KINDS[ticket.status] ?? 'plain'}>{standingText(ticket)}</Status>;
}

/** What sets a ticket apart, each as a word. */
export function Flags({ ticket }: { ticket: Marked }) {
  if (!ticket.emergency && ticket.reopened === 0 && !ticket.common_part) return null;
  return (
    <span class="flags">
      {ticket.emergency && (
        <span class="flag flag-bad">
          <Icon name="alert" />
          {m.queue_emergency()}
        </span>
      )}
      {ticket.reopened > 0 && <span class="flag">{m.queue_reopened({ count: ticket.reopened })}</span>}
      {ticket.common_part && <span class="flag">{m.queue_common_part()}</span>}
    </span>
  );
}
