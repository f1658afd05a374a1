import type { TicketItem } from '../../api/types';
import { instant } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';

/** By when; late is said in words too. */
export function TicketDue({ ticket }: { ticket: Pick<TicketItem, 'due_at' | 'overdue'> }) {
  if (!ticket.due_at) return null;
  const time = instant(ticket.due_at, currentMe().organisation.time_zone);
  return ticket.overdue ? <span class="bad">{m.ticket_late({ time })}</span> : <span>{m.ticket_due({ time })}</span>;
}
