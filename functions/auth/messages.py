"""Words the mails that the user pool sends (Cognito's CustomMessage trigger), in the person's language."""

from typing import Any, Final

from shared import i18n

_RESET: Final = "CustomMessage_ForgotPassword"


def write_message(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Fill in subject and text of the mail with a reset code; Cognito puts the code where its parameter stands."""
    if event.get("triggerSource") != _RESET:
        return event
    request = event["request"]
    locale = str((request.get("userAttributes") or {}).get("locale", i18n.SOURCE_LOCALE))
    body = i18n.text(locale, "reset_body", code=request["codeParameter"])
    # Cognito sends HTML: line breaks would be lost.
    message = body.replace("\n", "<br>\n")
    event["response"] = {
        **(event.get("response") or {}),
        "emailSubject": i18n.text(locale, "reset_subject"),
        "emailMessage": message,
    }
    return event
