"""Codes that only registry answers: for requests, and for rows of a portfolio import."""

from typing import Final

REQUEST_CODES: Final[dict[str, str]] = {
    "contact_changed_meanwhile": "The contact data were changed after the caller read them; read again.",
    "invalid_email": "Not an e-mail address.",
    "invalid_phone": "Not a telephone number in international form: + and 7 to 15 digits.",
    "invalid_country": "Not a two-letter country code (ISO 3166-1).",
    "missing_name": "A person needs a last name or a company.",
    "upload_not_found": "The upload key names no file of this organisation and purpose.",
    "slug_taken": "Another organisation has this short name.",
}

IMPORT_CODES: Final[dict[str, str]] = {
    "not_a_zip": "The file is not a readable ZIP.",
    "zip_encrypted": "The ZIP is protected by a password.",
    "zip_too_large": "The ZIP holds more or larger files than the import takes.",
    "file_unknown": "A file of the ZIP is not part of the portfolio set.",
    "file_missing": "A file of the portfolio set is missing.",
    "file_duplicate": "A file stands twice in the ZIP.",
    "file_not_utf8": "The file is not UTF-8.",
    "columns_wrong": "The header line is not the documented one.",
    "row_malformed": "The row has another number of fields than the header, or a broken quotation.",
    "too_many_rows": "More rows than one import takes.",
    "too_many_occupancies": "More occupancies of one contract than the portal keeps.",
    "field_missing": "A required field is empty.",
    "field_too_long": "The field is longer than it may be.",
    "invalid_date": "Not a date YYYY-MM-DD.",
    "invalid_choice": "Not one of the documented values.",
    "invalid_number": "Not a number, or out of range.",
    "invalid_amount": "Not an amount in this currency: a dot, and at most the currency's decimals.",
    "invalid_currency": "Not three capital letters (ISO 4217).",
    "invalid_locale": "Not one of the portal's languages.",
    "invalid_mass_payment_id": "Not a mass-payment id: up to 14 capital letters and digits.",
    "invalid_virtual_account": "Not an IBAN or a national account number with a right check digit.",
    "invalid_kid": "Not a KID: 4 to 25 digits, the last one a right check digit (mod 10 or mod 11).",
    "invalid_rf_reference": "Not a creditor reference with right check digits (ISO 11649).",
    "duplicate_key": "The key stands twice in its file.",
    "duplicate_number": "The contract number stands twice.",
    "duplicate_reference": "The payment reference belongs to two contracts.",
    "duplicate_row": "The same row stands twice.",
    "unknown_reference": "The key that the row refers to is not in its file.",
    "unit_required": "A contract of this type needs a unit.",
    "unit_not_allowed": "A supply contract has no unit.",
    "community_mismatch": "The contract's community is not the unit's.",
    "role_mismatch": "The role does not fit the type of the contract.",
    "ends_before_start": "The end lies before the start.",
    "successor_needs_own_contract": "Somebody takes a contract over after its former holder has left; he needs one of his own.",
    "outside_contract": "The occupancy does not lie within its contract's dates.",
}

CODES: Final[dict[str, str]] = {**REQUEST_CODES, **IMPORT_CODES}
