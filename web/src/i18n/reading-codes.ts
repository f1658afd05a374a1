import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';
import './meter-words';

/** Refusals about meters and readings that only staff meet; learnt with their pages. */
export const STAFF_READING_TEXTS: Record<string, () => string> = {
  ambiguous_import: m.reading_code_ambiguous_import,
  decision_made: m.reading_code_decision_made,
  decision_refused: m.reading_code_decision_refused,
  invalid_device: m.reading_code_invalid_device,
  invalid_thresholds: m.reading_code_invalid_thresholds,
  number_taken: m.reading_code_number_taken,
  reason_required: m.reading_code_reason_required,
  stream_refused: m.reading_code_stream_refused,
  unit_or_community: m.reading_code_unit_or_community,
  unknown_parent: m.reading_code_unknown_parent,
  unknown_policy: m.reading_code_unknown_policy,
  unknown_unit: m.reading_code_unknown_unit,
  wrong_time: m.reading_code_wrong_time,
};

Object.assign(ERROR_TEXTS, STAFF_READING_TEXTS);
