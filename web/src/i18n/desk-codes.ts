import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';
import './ticket-codes';

/** Refusals that only staff meet; learnt with their pages. */
export const DESK_TEXTS: Record<string, () => string> = {
  incident_resolved: m.code_desk_incident_resolved,
  invalid_settings: m.code_desk_invalid_settings,
  merge_refused: m.code_desk_merge_refused,
  nothing_asked: m.code_desk_nothing_asked,
  question_needed: m.code_desk_question_needed,
  reason_needed: m.code_desk_reason_needed,
  result_needed: m.code_desk_result_needed,
  unknown_assignee: m.code_desk_unknown_assignee,
  unknown_community: m.code_desk_unknown_community,
  unknown_reporter: m.code_desk_unknown_reporter,
};

Object.assign(ERROR_TEXTS, DESK_TEXTS);
