import type { Finding, RowProblem } from '../api/types';
import { m } from '../paraglide/messages.js';
import { ERROR_TEXTS } from './codes';
import { FINDINGS, findingText } from './meter-findings';
import { CHECKS } from './reading-words';

/** What is wrong with a row or with a whole file of readings or of meters. */
export const ROW_TEXTS: Record<string, () => string> = {
  duplicate_row: m.reading_row_duplicate,
  estimate_overtaken: m.reading_row_overtaken,
  file_too_large: m.code_upload_too_large,
  invalid_choice: m.data_invalid_choice,
  invalid_date: m.data_invalid_date,
  invalid_time: m.reading_row_time,
  invalid_value: m.field_invalid,
  line_cut_off: m.reading_row_cut_off,
  meter_exists: m.reading_row_exists,
  missing_value: m.field_missing,
  surplus_value: m.reading_row_surplus,
  too_many_rows: m.data_too_many_rows,
  unreadable_file: m.data_not_a_zip,
  value_too_long: m.data_too_long,
};

/** Checks whose sentences need no unit of measure: a row of a file does not name the medium. */
const WITHOUT_UNIT: readonly string[] = [
  'FORMAT',
  'FUTURE',
  'BEFORE_INSTALL',
  'ARCHIVED',
  'VERIFICATION_EXPIRED',
  'WINDOW',
  'REGISTERS',
  'DUPLICATE',
  'DECREASE',
];

/** What is wrong with a row, or with a whole file. */
export function rowText(code: string, params: RowProblem['message_params']): string {
  if (code in FINDINGS) {
    const check = code as Finding['code'];
    if (!WITHOUT_UNIT.includes(code)) return CHECKS[check]();
    return findingText({ code: check, severity: 'hold', register: null, message_params: params, suggestion: null }, '');
  }
  return (ROW_TEXTS[code] ?? ERROR_TEXTS[code] ?? m.field_invalid)({});
}
