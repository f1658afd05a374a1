import type { Problem } from '../api/problem';
import { m } from '../paraglide/messages.js';

type Params = Record<string, unknown>;
type Words = (params: Params) => string;

const count = (params: Params, ...names: string[]): number => {
  const value = names.map((name) => params[name]).find((one) => typeof one === 'number');
  return typeof value === 'number' ? value : 0;
};

/** Words for every code that a request may be refused with. Codes of imported files are in import-codes. */
export const ERROR_TEXTS: Record<string, Words> = {
  // On our side of the wire.
  network_error: m.code_network_error,
  unexpected_error: m.code_internal_error,
  // shared
  body_too_large: m.code_body_too_large,
  conflict: m.code_conflict,
  cross_site_request: m.code_cross_site_request,
  forbidden: m.code_forbidden,
  idempotency_key_reused: m.code_idempotency_key_reused,
  internal_error: m.code_internal_error,
  invalid_amount: m.code_invalid_amount,
  invalid_body: m.code_invalid_body,
  invalid_cursor: m.code_invalid_cursor,
  invalid_header: m.code_invalid_body,
  invalid_query: m.code_invalid_body,
  method_not_allowed: m.code_internal_error,
  not_found: m.code_not_found,
  not_signed_in: m.code_not_signed_in,
  too_many_requests: m.code_too_many_requests,
  unsupported_media_type: m.code_invalid_body,
  // auth
  wrong_credentials: m.code_wrong_credentials,
  wrong_code: m.code_wrong_code,
  wrong_current_password: m.code_wrong_current_password,
  too_many_attempts: m.code_too_many_attempts,
  sign_in_unavailable: m.code_sign_in_unavailable,
  password_rules: m.code_password_rules,
  password_too_short: (params) => m.code_password_too_short({ count: count(params, 'least') }),
  password_too_long: (params) => m.code_password_too_long({ count: count(params, 'most') }),
  password_without_digit: m.code_password_without_digit,
  password_without_symbol: m.code_password_without_symbol,
  password_without_capital: m.code_password_without_capital,
  password_without_small_letter: m.code_password_without_small_letter,
  password_with_edge_space: m.code_password_with_edge_space,
  duplicate_person: m.code_duplicate_person,
  // uploads
  upload_too_large: m.code_upload_too_large,
  upload_type_refused: m.code_upload_type_refused,
  unknown_upload: m.code_upload_not_found,
  upload_not_found: m.code_upload_not_found,
  // payments
  already_assigned: m.code_already_assigned,
  currency_differs: m.code_currency_differs,
  not_assignable: m.code_not_assignable,
  // registry
  contact_changed_meanwhile: m.code_contact_changed_meanwhile,
  invalid_email: m.code_invalid_email,
  invalid_phone: m.code_invalid_phone,
  invalid_country: m.code_invalid_country,
  missing_name: m.code_missing_name,
  slug_taken: m.code_slug_taken,
  // statements
  already_reversed: m.code_already_reversed,
  ambiguous_contract: m.code_ambiguous_contract,
  currency_mismatch: m.code_currency_differs,
  not_reversible: m.code_not_reversible,
  payment_refunded: m.code_payment_refunded,
  policy_missing: m.code_policy_missing,
  same_account: m.code_same_account,
  too_many_open_items: m.code_too_many_open_items,
  unknown_charge: m.code_unknown_charge,
  unknown_contract: m.code_unknown_contract,
};

/** Words for what may be wrong with one field; a validation code that we do not know says only that the value is wrong. */
export const FIELD_TEXTS: Record<string, Words> = {
  missing: m.field_missing,
  string_too_short: m.field_missing,
  string_too_long: (params) => m.field_too_long({ count: count(params, 'max_length', 'most') }),
  too_long: (params) => m.field_too_long({ count: count(params, 'max_length', 'most') }),
  date_from_datetime_parsing: m.field_invalid_date,
  date_parsing: m.field_invalid_date,
  invalid_date: m.field_invalid_date,
  greater_than: m.field_above_zero,
  greater_than_equal: m.field_out_of_range,
  less_than_equal: m.field_out_of_range,
  invalid_value: m.field_invalid,
};

const LONGEST_IN_SECONDS = 90;

function waitText(seconds: number): string {
  return seconds > LONGEST_IN_SECONDS
    ? m.wait_minutes({ count: Math.ceil(seconds / 60) })
    : m.wait_seconds({ count: seconds });
}

export function problemText(problem: Problem): string {
  const words = (ERROR_TEXTS[problem.code] ?? m.code_internal_error)({});
  return problem.status === 429 && problem.retryAfter ? `${words} ${waitText(problem.retryAfter)}` : words;
}

export function fieldErrorText(code: string, params: Params): string {
  return (FIELD_TEXTS[code] ?? ERROR_TEXTS[code] ?? m.field_invalid)(params);
}
