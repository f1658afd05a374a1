"""Words the mails that the user pool sends (Cognito's CustomMessage trigger), in the person's language."""

# ruff: noqa: RUF001 - the texts are written in their own alphabets

from typing import Any, Final

_FALLBACK: Final = "en"
_RESET: Final[dict[str, tuple[str, str]]] = {
    "pl": (
        "Kod do ustawienia hasła",
        (
            "Kod do ustawienia nowego hasła w portalu: {code}. Jest ważny godzinę. Jeśli to nie Ty o niego prosisz, "
            "zignoruj tę wiadomość: hasło się nie zmieni. Nikt od nas nigdy nie zapyta Cię o ten kod."
        ),
    ),
    "uk": (
        "Код для встановлення пароля",
        (
            "Код для встановлення нового пароля на порталі: {code}. Він дійсний одну годину. Якщо ви його не замовляли, "
            "не зважайте на цей лист: пароль не зміниться. Ми ніколи не запитаємо у вас цей код."
        ),
    ),
    "nb": (
        "Kode for å velge passord",
        (
            "Koden for å velge nytt passord i portalen: {code}. Den gjelder i én time. Har du ikke bedt om den, kan du se "
            "bort fra denne meldingen: passordet blir ikke endret. Vi spør deg aldri om denne koden."
        ),
    ),
    "fr": (
        "Code pour choisir votre mot de passe",
        (
            "Voici le code pour choisir un nouveau mot de passe sur le portail : {code}. Il est valable une heure. Si vous "
            "ne l’avez pas demandé, ignorez ce message : le mot de passe ne changera pas. Nous ne vous demanderons jamais "
            "ce code."
        ),
    ),
    "en": (
        "Code to set your password",
        (
            "The code to set a new password in the portal: {code}. It is valid for one hour. If you did not ask for it, "
            "ignore this message: the password will not change. We will never ask you for this code."
        ),
    ),
}


def write_message(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Fill in subject and text of the mail with a reset code; Cognito puts the code where its parameter stands."""
    if event.get("triggerSource") != "CustomMessage_ForgotPassword":
        return event
    request = event["request"]
    language = (request.get("userAttributes") or {}).get("locale", _FALLBACK)
    subject, text = _RESET.get(language, _RESET[_FALLBACK])
    event["response"] = {
        **(event.get("response") or {}),
        "emailSubject": subject,
        "emailMessage": text.format(code=request["codeParameter"]),
    }
    return event
