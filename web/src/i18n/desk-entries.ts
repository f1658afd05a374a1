import type { TimelineEntry } from '../api/types';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { instant } from './format';
import { ENTRY_KINDS, type EntryWords } from './ticket-entries';

const time = (iso: string) => instant(iso, currentMe().organisation.time_zone);

/** What the house does within itself; learnt with the pages of staff. */
export const DESK_ENTRIES: Partial<Record<TimelineEntry['kind'], EntryWords>> = {
  assigned: () => m.ticket_entry_assigned(),
  supplier_assigned: () => m.ticket_entry_supplier_assigned(),
  due_changed: ({ now }) => (now ? m.ticket_entry_due_changed({ time: time(now) }) : m.ticket_entry_due_stopped()),
  escalated: () => m.ticket_entry_escalated(),
};

Object.assign(ENTRY_KINDS, DESK_ENTRIES);
