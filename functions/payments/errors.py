"""Codes of the payments context: refusals of its routes, and what a failed bank statement import says of the file."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "already_assigned": "The transfer belongs to another contract already.",
    "currency_differs": "The transfer's currency is not the contract's.",
    "not_assignable": "The transfer is not money that came in: a debit, or an entry that the bank has not booked.",
    "unknown_upload": "The upload key is not one that was given to this organisation for this purpose.",
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
    "file_not_found": "The uploaded file is not there (uploads are kept for a day).",
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
