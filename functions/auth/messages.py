"""Cognito's CustomMessage trigger: words its mails in the person's language.

Source of the event's shape: Amazon Cognito developer guide, "Custom message Lambda trigger".
"""

from typing import Any, Final

from shared import i18n

_TEXTS: Final = {"CustomMessage_ForgotPassword": "reset", "CustomMessage_AdminCreateUser": "invite"}
_CODE: Final = "codeParameter"


def write_message(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Fill in subject and body; kinds of mail that we never cause keep Cognito's own words.

    Cognito puts the code in place of `codeParameter` and the sign-in name in place of `usernameParameter`.
    """
    kind = _TEXTS.get(event["triggerSource"])
    if kind:
        request = event["request"]
        locale = request["userAttributes"].get("locale", i18n.SOURCE_LOCALE)
        code = request.get(_CODE) or "{####}"
        username = request.get("usernameParameter") or "{username}"
        body = i18n.text(locale, f"{kind}_body", code=code, username=username)
        event["response"]["emailSubject"] = i18n.text(locale, f"{kind}_subject")
        event["response"]["emailMessage"] = body.replace("\n", "<br>\n")
    return event
