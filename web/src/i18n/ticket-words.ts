import './ticket-codes';
import type { Ticket, TicketItem, TimelineEntry } from '../api/types';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { instant } from './format';

type Words<Code extends string> = Record<Code, () => string>;

export type TicketStatus = TicketItem['status'];
export type TicketType = TicketItem['type'];
export type Outcome = NonNullable<TicketItem['outcome']>;
export type Channel = NonNullable<TicketItem['channel']>;
export type DayPart = NonNullable<Ticket['wished_times'][number]['part']>;

/** The three statuses that residents read, and the inner ones of the staff. */
export const TICKET_STATUS: Words<TicketStatus> = {
  not_reviewed: m.ticket_status_not_reviewed,
  in_progress: m.ticket_status_in_progress,
  reviewed: m.ticket_status_reviewed,
  new: m.ticket_status_new,
  accepted: m.ticket_status_accepted,
  waiting_for_tenant: m.ticket_status_waiting_for_tenant,
  waiting_for_supplier: m.ticket_status_waiting_for_supplier,
  done: m.ticket_status_done,
  closed: m.ticket_status_closed,
  declined: m.ticket_status_declined,
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

export const CHANNELS: Words<Channel> = {
  portal: m.ticket_channel_portal,
  telephone: m.ticket_channel_telephone,
  email: m.ticket_channel_email,
  paper: m.ticket_channel_paper,
  in_person: m.ticket_channel_in_person,
};

export const DAY_PARTS: Words<DayPart> = {
  any: m.ticket_part_any,
  morning: m.ticket_part_morning,
  afternoon: m.ticket_part_afternoon,
  evening: m.ticket_part_evening,
};

type EntryWords = (entry: Pick<TimelineEntry, 'previous' | 'now'>) => string;

const time = (iso: string) => instant(iso, currentMe().organisation.time_zone);

/** What happened, in words; `now` is a status, a type or a time, as the kind says. */
export const ENTRY_KINDS: Record<TimelineEntry['kind'], EntryWords> = {
  opened: () => m.ticket_entry_opened(),
  commented: () => m.ticket_entry_commented(),
  status_changed: ({ now }) => m.ticket_entry_status({ status: TICKET_STATUS[now as TicketStatus]?.() ?? '' }),
  reopened: () => m.ticket_entry_reopened(),
  rated: ({ now }) => (now ? m.ticket_entry_rated({ stars: now }) : m.ticket_entry_rated_plain()),
  withdrawn: () => m.ticket_entry_withdrawn(),
  merged: () => m.ticket_entry_merged(),
  assigned: () => m.ticket_entry_assigned(),
  supplier_assigned: () => m.ticket_entry_supplier_assigned(),
  category_changed: () => m.ticket_entry_category_changed(),
  type_changed: ({ now }) => m.ticket_entry_type_changed({ type: TICKET_TYPES[now as TicketType]?.() ?? '' }),
  due_changed: ({ now }) => (now ? m.ticket_entry_due_changed({ time: time(now) }) : m.ticket_entry_due_stopped()),
  emergency_changed: () => m.ticket_entry_emergency_changed(),
  incident_linked: () => m.ticket_entry_incident_linked(),
  incident_updated: () => m.ticket_entry_incident_updated(),
  escalated: () => m.ticket_entry_escalated(),
};

/** How it stands, for everybody: an ended ticket says how it ended. */
export function standing(ticket: Pick<TicketItem, 'status' | 'outcome'>): string {
  const word = TICKET_STATUS[ticket.status]?.() ?? ticket.status;
  return ticket.status === 'reviewed' && ticket.outcome ? `${word}: ${OUTCOMES[ticket.outcome]()}` : word;
}
