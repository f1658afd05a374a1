import type { TicketItem } from '../api/types';
import { m } from '../paraglide/messages.js';

type Words<Code extends string> = Record<Code, () => string>;

export type Channel = NonNullable<TicketItem['channel']>;

/** All statuses: the three that residents read, and the inner ones of the staff. */
export const TICKET_STATUS: Words<TicketItem['status']> = {
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

/** How a report came in. */
export const CHANNELS: Words<Channel> = {
  portal: m.ticket_channel_portal,
  telephone: m.ticket_channel_telephone,
  email: m.ticket_channel_email,
  paper: m.ticket_channel_paper,
  in_person: m.ticket_channel_in_person,
};
