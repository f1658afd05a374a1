import { m } from '../paraglide/messages.js';

type Words = () => string;

/** Why a transfer may belong to a contract, in words. Codes come from the matching rules of the bank part. */
export const REASONS: Record<string, Words> = {
  mass_payment_id: m.reason_mass_payment_id,
  virtual_account: m.reason_virtual_account,
  virtual_account_in_title: m.reason_virtual_account_in_title,
  kid: m.reason_kid,
  kid_check_digit: m.reason_kid_check_digit,
  kid_in_title: m.reason_kid_in_title,
  rf: m.reason_rf,
  rf_check_digits: m.reason_rf_check_digits,
  contract_number: m.reason_contract_number,
  contract_number_ambiguous: m.reason_contract_number_ambiguous,
  payer_account_and_amount: m.reason_payer_account_and_amount,
  payer_account: m.reason_payer_account,
  currency_differs: m.code_currency_differs,
};

export const reasonText = (code: string): string => (REASONS[code] ?? m.reason_other)();

/** What is wrong with a bank statement file. */
export const FILE_TEXTS: Record<string, Words> = {
  account_missing: m.file_account_missing,
  amount_mismatch: m.file_amount_mismatch,
  balance_mismatch: m.file_balance_mismatch,
  broken_file: m.file_broken_file,
  count_mismatch: m.file_count_mismatch,
  currency_mismatch: m.file_currency_mismatch,
  empty_file: m.file_empty_file,
  entities_refused: m.file_entities_refused,
  file_not_found: m.code_upload_not_found,
  file_too_large: m.code_upload_too_large,
  invalid_amount: m.file_invalid_amount,
  invalid_date: m.file_invalid_date,
  no_statement: m.file_no_statement,
  sum_mismatch: m.file_sum_mismatch,
  unknown_bank_account: m.file_unknown_bank_account,
  unknown_encoding: m.file_unknown_encoding,
  unknown_format: m.file_unknown_format,
  unsupported_version: m.file_unsupported_version,
};

export const fileText = (code: string): string => (FILE_TEXTS[code] ?? m.file_broken_file)();
