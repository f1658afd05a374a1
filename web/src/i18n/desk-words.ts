import './desk-codes';
import type { Ticket, TicketItem } from '../api/types';
import './desk-codes';
import { TICKET_STATUS } from './inner-words';
import { OUTCOMES, type TicketStatus } from './ticket-words';

type Words<Code extends string> = Record<Code, () => string>;

export type Status = Ticket['abilities']['statuses'][number];

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
