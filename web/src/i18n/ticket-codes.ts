import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';

/** Refusals of tickets and of their files. They are learnt when a page of tickets is opened: the first screen does without them. */
export const TICKET_TEXTS: Record<string, () => string> = {
  already_rated: m.code_ticket_already_rated,
  contract_or_unit: m.code_ticket_contract_or_unit,
  empty_comment: m.ticket_write_wanted,
  incident_resolved: m.code_ticket_incident_resolved,
  invalid_settings: m.code_ticket_invalid_settings,
  merge_refused: m.code_ticket_merge_refused,
  not_ended: m.code_ticket_not_ended,
  reason_needed: m.code_ticket_reason_needed,
  reopening_too_late: m.code_ticket_reopening_too_late,
  result_needed: m.code_ticket_result_needed,
  ticket_ended: m.ticket_write_closed,
  too_many_attachments: m.code_ticket_too_many_attachments,
  transition_refused: m.code_ticket_transition_refused,
  unknown_assignee: m.code_ticket_unknown_assignee,
  unknown_category: m.code_ticket_unknown_category,
  unknown_community: m.code_ticket_unknown_community,
  unknown_incident: m.code_ticket_unknown_incident,
  unknown_reporter: m.code_ticket_unknown_reporter,
  unknown_ticket: m.code_ticket_unknown,
  upload_not_ready: m.code_upload_not_ready,
  upload_refused: m.code_upload_refused,
};

Object.assign(ERROR_TEXTS, TICKET_TEXTS);
