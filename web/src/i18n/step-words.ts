import { m } from '../paraglide/messages.js';
import type { Status } from './desk-words';
import type { Wanted } from './wanted-words';

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

/** What has to be said with a step: what it is called, and what is told to who has not said it. */
export const STEP_NEEDS = {
  result: { label: m.ticket_result, missing: m.queue_result_wanted },
  reason: { label: m.queue_reason, missing: m.queue_reason_wanted },
  question: { label: m.queue_question, missing: m.queue_question_wanted },
};

/** What a resident may be asked for. */
export const WANTED_THINGS: Record<Wanted, () => string> = {
  answer: m.queue_wanted_answer,
  document: m.queue_wanted_document,
  photo: m.queue_wanted_photo,
};
