"""What a reader gets of every kind of notice, in every language, by every channel that it travels by: kept, and translated as a whole."""

import re
from typing import Any

import pytest
from notifications import wording
from notifications.channels import gsm
from notifications.kinds import KINDS, Channel

from shared.i18n import LOCALES
from tests.letters import SENDERS, message
from tests.unit.notifications.channels import samples as s
from tests.unit.notifications.channels.test_push import decrypted
from tests.unit.notifications.kept import check_kept
from tests.unit.notifications.test_digest_words import digest
from tests.unit.notifications.test_rendering import Page

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")


def by_email(call: Any) -> str:
    content = call.arguments["Content"]["Simple"]
    headers = [f"{one['Name']}: {one['Value']}" for one in content["Headers"]]
    return "\n".join([f"Subject: {content['Subject']['Data']}", *headers, "", content["Body"]["Text"]["Data"]])


def by_push(call: Any) -> str:
    told = decrypted(call.body)
    return f"{told['title']}\n{told['body']}\n{told['url']} ({call.headers['Urgency']})\n"


def by_sms(call: Any) -> str:
    text = call.arguments["MessageBody"]
    parts = gsm.parts_of(text)
    return f"{text}\n({parts.number} x {parts.encoding})\n"


def by_whatsapp(call: Any) -> str:
    template = s.sent(call)["template"]
    values = [one["text"] for part in template["components"] for one in part["parameters"]]
    return "\n".join([f"{template['name']} ({template['language']['code']})", *values, ""])


def by_messenger(call: Any) -> str:
    return f"{s.sent(call)['text']}\n"


READ = {
    Channel.EMAIL: by_email,
    Channel.PUSH: by_push,
    Channel.SMS: by_sms,
    Channel.TELEGRAM: by_messenger,
    Channel.VIBER: by_messenger,
    Channel.WHATSAPP: by_whatsapp,
}


def ways(kind: str) -> set[Channel]:
    return {channel for step in KINDS[kind].ladder for channel in step}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("channel", list(Channel))
def test_what_a_channel_carries_is_as_it_was(channel: Channel, locale: str) -> None:
    kinds = [kind for kind in KINDS if channel in ways(kind)]
    said = [f"=== {kind}\n{READ[channel](s.send(channel, message(kind, locale)))}" for kind in kinds]
    check_kept(f"{channel.value}/{locale}", "\n".join(said))


class PseudoLanguage:
    """A language whose words are those of another one in brackets: what stands outside of brackets was never translated."""

    def __init__(self, words: Any) -> None:
        self.words = words

    def pgettext(self, context: str, key: str) -> str:
        return f"⟦{self.words.pgettext(context, key)}⟧"

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        return f"⟦{self.words.npgettext(context, one, many, count)}⟧"


@pytest.fixture(params=["pl", "uk"])
def pseudo(request, monkeypatch) -> str:
    words = wording._catalogue(request.param)
    monkeypatch.setattr(wording, "_catalogue", lambda _locale: PseudoLanguage(words))
    return request.param


def untranslated(text: str, locale: str, *given: str) -> list[str]:
    """Words outside of brackets that are neither an address, nor the sender's name, nor `given`."""
    while MARKED.search(text):
        text = MARKED.sub("", text)
    for one in (SENDERS[locale], *given):
        text = text.replace(one, "")
    return re.findall(r"[^\W\d_]+", re.sub(r"https://\S+", "", text))


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_is_left_untranslated(kind: str, pseudo: str) -> None:
    made = message(kind, pseudo)
    read = [made.subject, made.short, made.text, "\n".join(Page(made.html).words)]
    # WhatsApp's words are approved templates of the organisation's, which are filled with values.
    for channel in ways(kind) - {Channel.EMAIL, Channel.WHATSAPP}:
        call = s.send(channel, made)
        read.append(
            decrypted(call.body)["body"] if channel is Channel.PUSH else READ[channel](call).partition("\n(")[0]
        )
    found = {text: untranslated(text, pseudo, "<b>", "</b>") for text in read}
    assert [text for text, words in found.items() if words] == []


def test_no_word_of_the_digest_is_left_untranslated(pseudo: str) -> None:
    made = digest(pseudo, [message(kind, pseudo) for kind in ("payment_due", "charge_posted", "window_opened")], 5)
    read = [made.subject, made.short, made.text, *Page(made.html).words]
    assert [text for text in read if untranslated(text, pseudo)] == []
    assert "⟦" in made.subject
