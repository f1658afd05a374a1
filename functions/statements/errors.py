"""The permanent error codes of the ledger (see `shared.errors`)."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "already_reversed": "The entry has been reversed before.",
    "ambiguous_contract": "More than one contract of the organisation has this number.",
    "charge_changed": "A charge with this charge_ref is posted with other values; reverse it first.",
    "currency_mismatch": "The two accounts are not kept in the same currency.",
    "duplicate_row": "The file holds the same charge_ref twice.",
    "file_missing": "The upload does not hold charges.csv.",
    "invalid_date": "Not a date of the form YYYY-MM-DD, or one outside the years 2000 to 2100.",
    "invalid_encoding": "The file is not UTF-8 text.",
    "invalid_purpose": "Not one of the ledger's purposes.",
    "invalid_type": "Not a type of charge: bank or cash.",
    "missing_column": "The header line lacks a column.",
    "missing_value": "The field is empty.",
    "not_reversible": "Only charges and payments can be reversed, and only payments rebooked.",
    "payment_refunded": "Money of this payment has gone back; it can be reversed or rebooked no more.",
    "policy_missing": "The organisation has no allocation policy that is valid on the day.",
    "same_account": "A payment cannot be rebooked to the account that it is on.",
    "surplus_value": "The row has more fields than the header; a comma inside a field needs quotes around it.",
    "too_many_open_items": "The account has as many open charges as it can hold; payments are still taken.",
    "too_many_rows": "The file has more rows than one import takes.",
    "unknown_contract": "No account of the organisation has this contract number.",
    "unknown_charge": "No charge of this account has this id.",
    "unreadable_file": "The upload is neither CSV nor a ZIP that holds it.",
    "value_too_long": "The text is longer than the field takes.",
}
