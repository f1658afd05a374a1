import { m } from '../paraglide/messages.js';
import type { Status } from './desk-words';

/** What staff do to bring a ticket into a status. */
export const DESK_STEPS: Record<Status, () => string> = {
  new: m.ticket_status_new,
  accepted: m.queue_step_accepted,
  in_progress: m.queue_step_in_progress,
  waiting_for_tenant: m.queue_step_waiting_for_tenant,
  waiting_for_supplier: m.queue_step_waiting_for_supplier,
  done: m.queue_step_done,
  closed: m.queue_step_closed,
  declined: m.queue_step_declined,
};
