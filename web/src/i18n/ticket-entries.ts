import type { TimelineEntry } from '../api/types';
import { m } from '../paraglide/messages.js';
import { PUBLIC_STATUS, type PublicStatus, TICKET_TYPES, type TicketType } from './ticket-words';

export type EntryWords = (entry: Pick<TimelineEntry, 'previous' | 'now'>) => string;

/** What happened, in words; `now` is a status, a type or a number, as the kind says. What only staff see is in desk-entries. */
export const ENTRY_KINDS: Partial<Record<TimelineEntry['kind'], EntryWords>> = {
  opened: () => m.ticket_entry_opened(),
  commented: () => m.ticket_entry_commented(),
  // Without a status that residents see as changed it is here for the words that came with it.
  status_changed: ({ now }) =>
    now ? m.ticket_entry_status({ status: PUBLIC_STATUS[now as PublicStatus]?.() ?? '' }) : m.ticket_entry_commented(),
  reopened: () => m.ticket_entry_reopened(),
  rated: ({ now }) => (now ? m.ticket_entry_rated({ stars: now }) : m.ticket_entry_rated_plain()),
  withdrawn: () => m.ticket_outcome_withdrawn(),
  merged: () => m.ticket_outcome_merged(),
  category_changed: () => m.ticket_entry_category_changed(),
  type_changed: ({ now }) => m.ticket_entry_type_changed({ type: TICKET_TYPES[now as TicketType]?.() ?? '' }),
  emergency_changed: () => m.ticket_entry_emergency_changed(),
  incident_linked: () => m.ticket_entry_incident_linked(),
  incident_updated: () => m.ticket_entry_incident_updated(),
};

export const entryText = (entry: TimelineEntry): string => ENTRY_KINDS[entry.kind]?.(entry) ?? '';
