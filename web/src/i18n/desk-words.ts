import './desk-codes';
import type { Ticket, TicketItem } from '../api/types';
import { m } from '../paraglide/messages.js';
import { OUTCOMES, TICKET_STATUS, type TicketStatus } from './ticket-words';

type Words<Code extends string> = Record<Code, () => string>;

export type Status = Ticket['abilities']['statuses'][number];

/** What staff do to bring a ticket into a status. */
export const DESK_STEPS: Words<Status> = {
  new: m.ticket_status_new,
  accepted: m.queue_step_accepted,
  in_progress: m.queue_step_in_progress,
  waiting_for_tenant: m.queue_step_waiting_for_tenant,
  waiting_for_supplier: m.queue_step_waiting_for_supplier,
  done: m.queue_step_done,
  closed: m.queue_step_closed,
  declined: m.queue_step_declined,
};

const STATUSES: Status[] = [
  'new',
  'accepted',
  'in_progress',
  'waiting_for_tenant',
  'waiting_for_supplier',
  'done',
  'closed',
  'declined',
];

export const statusText = (status: string): string => TICKET_STATUS[status as TicketStatus]?.() ?? status;

/** Statuses as staff see them, in the order in which a ticket goes through them. */
export const statusOptions = () => STATUSES.map((value) => ({ value, label: statusText(value) }));

/** How a ticket that has ended ended, else its status. */
export const standingText = (ticket: Pick<TicketItem, 'status' | 'outcome'>): string =>
  ticket.outcome ? OUTCOMES[ticket.outcome]() : statusText(ticket.status);

/** Codes with their words, to choose from. */
export const options = <Code extends string>(words: Words<Code>): { value: Code; label: string }[] =>
  (Object.keys(words) as Code[]).map((value) => ({ value, label: words[value]() }));
