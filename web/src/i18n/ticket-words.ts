import './ticket-codes';
import type { Ticket, TicketItem } from '../api/types';
import { m } from '../paraglide/messages.js';

type Words<Code extends string> = Record<Code, () => string>;

export type TicketStatus = TicketItem['status'];
export type PublicStatus = Extract<TicketStatus, 'not_reviewed' | 'in_progress' | 'reviewed'>;
export type TicketType = TicketItem['type'];
export type Outcome = NonNullable<TicketItem['outcome']>;
export type DayPart = NonNullable<Ticket['wished_times'][number]['part']>;

export const PUBLIC_STATUS: Words<PublicStatus> = {
  not_reviewed: m.ticket_status_not_reviewed,
  in_progress: m.ticket_status_in_progress,
  reviewed: m.ticket_status_reviewed,
};

export const OUTCOMES: Words<Outcome> = {
  done: m.ticket_status_done,
  closed: m.ticket_status_closed,
  declined: m.ticket_status_declined,
  withdrawn: m.ticket_outcome_withdrawn,
  merged: m.ticket_outcome_merged,
};

export const TICKET_TYPES: Words<TicketType> = {
  technical: m.ticket_type_technical,
  organisational: m.ticket_type_organisational,
  financial: m.ticket_type_financial,
  request: m.ticket_type_request,
};

export const DAY_PARTS: Words<DayPart> = {
  any: m.ticket_part_any,
  morning: m.ticket_part_morning,
  afternoon: m.ticket_part_afternoon,
  evening: m.ticket_part_evening,
};

/** How it stands, for everybody: an ended ticket says how it ended. */
export function standing({ status, outcome }: Pick<TicketItem, 'status' | 'outcome'>): string {
  const word = PUBLIC_STATUS[status as PublicStatus]?.() ?? status;
  return status === 'reviewed' && outcome ? `${word}: ${OUTCOMES[outcome]()}` : word;
}
