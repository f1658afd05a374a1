import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';
import './upload-codes';

/** Refusals of tickets. They are learnt when a page of tickets is opened: the first screen does without them. */
export const TICKET_TEXTS: Record<string, () => string> = {
  already_rated: m.code_ticket_already_rated,
  contract_or_unit: m.code_ticket_contract_or_unit,
  empty_comment: m.ticket_write_wanted,
  not_ended: m.code_ticket_not_ended,
  reopening_too_late: m.code_ticket_reopening_too_late,
  ticket_ended: m.ticket_write_closed,
  too_many_attachments: m.code_ticket_too_many_attachments,
  transition_refused: m.code_ticket_transition_refused,
  unknown_category: m.code_ticket_unknown_category,
  unknown_incident: m.code_ticket_unknown_incident,
  unknown_ticket: m.code_ticket_unknown,
};

Object.assign(ERROR_TEXTS, TICKET_TEXTS);
