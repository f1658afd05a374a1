"""Codes that only auth answers."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "wrong_credentials": "E-mail and password do not belong together; also the answer for an unknown e-mail.",
    "wrong_code": "The reset code is wrong, used or expired; also the answer for an unknown e-mail.",
    "wrong_current_password": "The present password is not right.",
    "too_many_attempts": "Too many failed attempts for this person or from this address; Retry-After says when to try again.",
    "sign_in_unavailable": "The service that checks passwords does not answer; nothing was counted.",
    "password_rules": "The new password breaks rules of the organisation; errors[] names each of them.",
    "password_too_short": "Field code: fewer characters than the organisation's least length (params.least).",
    "password_too_long": "Field code: more characters than a password may have (params.most).",
    "password_without_digit": "Field code: a digit is missing.",
    "password_without_symbol": "Field code: a character that is neither letter nor digit is missing.",
    "password_without_capital": "Field code: a capital letter is missing.",
    "password_without_small_letter": "Field code: a small letter is missing.",
    "password_with_edge_space": "Field code: the password begins or ends with a space.",
    "duplicate_person": "Field code: the same person stands twice in one enrolment.",
}
