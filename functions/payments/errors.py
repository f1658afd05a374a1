"""Codes of the payments context: refusals of its routes, and what a failed bank statement import says of the file."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "already_asked": "A refund of the payment waits for its confirmation.",
    "already_assigned": "The transfer belongs to another contract already.",
    "amount_not_open": "The amount is not what is open, and the organisation takes no other, or it is more than what was chosen.",
    "amount_out_of_range": "The provider does not take an amount as small or as large.",
    "currency_differs": "The transfer's currency is not the contract's.",
    "currency_not_taken": "The provider does not take the currency.",
    "email_needed": "The provider wants the payer's e-mail address.",
    "invalid_provider_setting": "A setting, secret or address of a provider is not what it may be; errors[] names it.",
    "not_assignable": "The transfer is not money that came in: a debit, or an entry that the bank has not booked.",
    "not_refundable": "There is not as much left of the payment as is to be sent back.",
    "nothing_due": "Nothing is due.",
    "payment_under_way": "One that may be for the same is being processed (payment_id); another may be started despite of it.",
    "provider_refused": "The payment provider has refused.",
    "provider_unavailable": "The payment provider does not answer now.",
    "provider_unusable": "The organisation does not take payments in this currency through the provider.",
    "refund_decided": "The refund was decided already.",
    "second_look_needed": "Somebody else must confirm it than who asked for it.",
    "too_many_under_way": "As many payments of the contract as there may be can still be paid.",
    "charge_not_open": "An item that is not open on the account.",
}
FILE_CODES: Final[dict[str, str]] = {
    "account_missing": "A statement does not name its account.",
    "amount_mismatch": "The parts of a batch entry do not add up to the entry.",
    "balance_mismatch": "Opening balance and entries do not give the closing balance: something is missing or changed.",
    "broken_file": "The line is not what the format allows.",
    "count_mismatch": "The number of records or transactions is not the one that the file itself states.",
    "currency_mismatch": "The statement's currency is not the bank account's.",
    "empty_file": "The file is empty.",
    "entities_refused": "The XML declares a document type or entities; bank statements never do.",
    "file_not_found": "The uploaded file is not there (uploads are kept for 90 days).",
    "file_too_large": "The file is larger than 20 MB.",
    "invalid_amount": "An amount is not a number with at most the currency's decimals.",
    "invalid_date": "A date that does not exist.",
    "no_statement": "The file holds no statement.",
    "sum_mismatch": "The sum of the transactions is not the one that the file itself states.",
    "unknown_bank_account": "The statement is of an account that is not one of the organisation's.",
    "unknown_encoding": "The file is text in no encoding that banks use.",
    "unknown_format": "Neither camt.053, MT940 nor OCR giro.",
    "unsupported_version": "A camt message of another kind or version than camt.053 v2 to v13.",
}
"""What errors[].code of an import may say; docs/bank-statements.md lists them."""

REASONS: Final[dict[str, str]] = {
    "contract_number": "The contract's number stands in the title.",
    "contract_number_ambiguous": "It does, but is short or reads like a date.",
    "currency_differs": "The transfer is not in the contract's currency.",
    "kid": "The contract's KID.",
    "kid_check_digit": "The contract's KID, with a wrong check digit.",
    "kid_in_title": "The contract's KID stands in the title.",
    "mass_payment_id": "The contract's mass-payment id.",
    "payer_account": "The payer's account paid for the contract before.",
    "payer_account_and_amount": "The payer's account paid this amount for the contract before.",
    "reference_of_several": "More than one contract has the reference.",
    "rf": "The contract's RF reference.",
    "rf_check_digits": "The contract's RF reference, with wrong check digits.",
    "virtual_account": "It was paid to the contract's own account.",
    "virtual_account_in_title": "The contract's own account stands in the title.",
}
"""What candidates[].reasons of a transfer may say."""
