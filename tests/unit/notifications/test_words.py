"""The words of notices: complete in every language, of the right form, made of what the notice has."""

import re
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from meters.rules.vocabulary import Medium
from notifications import wording
from notifications.kinds import KINDS, Channel
from statements.rules.entries import Purpose
from tickets.rules.vocabulary import PublicStatus, Wanted

from shared.access import ROLES
from shared.events.payments import Cause
from shared.i18n import LOCALES
from tests.letters import message, values_of

PARTS = ("subject", "text", "short", "action")
CODES = {
    "cause": get_args(Cause),
    "channel": tuple(Channel),
    "medium": get_args(Medium),
    "purpose": get_args(Purpose),
    "role": ROLES,
    "status": get_args(PublicStatus),
    "wanted": get_args(Wanted),
}
OTHERS = {
    ("in", "today"),
    ("in", "tomorrow"),
    ("in", "day"),
    ("since", "day"),
    ("meters", "meter"),
    ("device", "unknown"),
    *(("example", value) for value in KINDS["newsletter"].values),
    *(("digest", part) for part in ("notice", "more", "text", "short", "action")),
    ("letter", "sent_by"),
    ("letter", "unsubscribe"),
}
WANTED = (
    {(kind, part) for kind in KINDS for part in PARTS}
    | {(name, str(code)) for name, codes in CODES.items() for code in codes}
    | OTHERS
)


def catalogue(locale: str) -> Catalog:
    with (wording.FOLDER / f"{locale}.po").open("rb") as source:
        return read_po(source, locale=locale, abort_invalid=True)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w*)}", text))


@pytest.fixture(params=LOCALES)
def locale(request) -> str:
    return request.param


def test_every_language_has_the_same_words(locale: str) -> None:
    entries = {
        (entry.context, entry.id[0] if entry.pluralizable else entry.id): entry
        for entry in catalogue(locale)
        if entry.id
    }
    assert entries.keys() == WANTED
    for entry in entries.values():
        forms = entry.string if entry.pluralizable else (entry.string,)
        assert all(form.strip() for form in forms), entry.id
        assert not entry.fuzzy


def test_plurals_have_as_many_forms_as_the_language(locale: str) -> None:
    found = catalogue(locale)
    assert found.num_plurals == {"pl": 3, "uk": 3}.get(locale, 2)
    plurals = [entry for entry in found if entry.pluralizable]
    assert {len(entry.string) for entry in plurals} == {found.num_plurals}
    assert {form for entry in plurals for form in entry.string if placeholders(form) != {"n"}} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_made_of_what_the_notice_has(kind: str, locale: str) -> None:
    marks = {name: f"⟦{name}⟧" for name in KINDS[kind].values if name != "currency"}
    said = {part: wording.say(locale, kind, part, marks) for part in PARTS}
    words = " ".join(said.values()) if KINDS[kind].by_reference else said["text"]
    assert [mark for mark in marks.values() if mark not in words] == []
    assert not placeholders("".join(said.values()))
    assert not re.search(r"⟦", said["action"])


@pytest.mark.parametrize("kind", KINDS)
def test_messages_are_tidy(kind: str, locale: str) -> None:
    made = message(kind, locale)
    for text in (made.subject, made.short, made.text):
        assert not re.search(r"[{}$⟦]|  |\.\.|\n\n\n| [,.]|None", text), text
        assert text.strip() == text.rstrip("\n")
    assert len(made.subject) <= 78  # more is cut off or folded by mail programs
    assert len(made.short) <= 160
    assert "\n" not in made.subject + made.short


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not KINDS[kind].by_reference])
def test_languages_are_not_each_other(kind: str) -> None:
    assert len({message(kind, locale, **values_of(kind, "pl")).text.partition("\n")[0] for locale in LOCALES}) == 5


def test_french_signs_stand_after_a_space_that_does_not_break() -> None:
    assert not re.search(r"[ \w][:;?!]", "\n".join(str(entry.string) for entry in catalogue("fr") if entry.id))


def check_days(kind: str, locale: str, expected: dict[int, str]) -> None:
    """Said in the text and in the short form, where a count and its word never part in the text."""
    for count, said in expected.items():
        made = message(kind, locale, days=count)
        whole = said.replace(" ", "\u00a0")
        assert made.values[1] == whole
        assert whole in made.text
        assert said in made.short


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("pl", {0: "dzisiaj", 1: "jutro", 2: "za 2 dni", 5: "za 5 dni", 22: "za 22 dni"}),
        ("uk", {0: "сьогодні", 1: "завтра", 2: "через 2 дні", 5: "через 5 днів", 11: "через 11 днів", 21: "через 21 день", 22: "через 22 дні"}),
        ("nb", {0: "i dag", 1: "i morgen", 2: "om 2 dager", 22: "om 22 dager"}),
        ("fr", {0: "aujourd\u2019hui", 1: "demain", 2: "dans 2 jours", 22: "dans 22 jours"}),
        ("en", {0: "today", 1: "tomorrow", 2: "in 2 days", 22: "in 22 days"}),
    ],
)  # fmt: skip
def test_days_to_come(locale: str, expected: dict[int, str]) -> None:
    check_days("payment_due", locale, expected)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("pl", {1: "od 1 dnia", 2: "od 2 dni", 5: "od 5 dni", 22: "od 22 dni"}),
        ("uk", {1: "1 день", 2: "2 дні", 5: "5 днів", 12: "12 днів", 21: "21 день", 22: "22 дні"}),
        ("nb", {1: "1 dag", 2: "2 dager", 5: "5 dager"}),
        ("fr", {1: "depuis 1 jour", 2: "depuis 2 jours", 5: "depuis 5 jours"}),
        ("en", {1: "1 day", 2: "2 days", 5: "5 days"}),
    ],
)
def test_days_that_have_passed(locale: str, expected: dict[int, str]) -> None:
    check_days("payment_overdue", locale, expected)


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "expected"),
    [
        (125035, "PLN", "pl", "1 250,35 zł"),
        (125035, "UAH", "uk", "1 250,35 ₴"),
        (125000, "NOK", "nb", "1 250,00 kr"),
        (5, "EUR", "fr", "0,05 €"),
        (125035, "PLN", "en", "PLN 1,250.35"),
        (125035, "EUR", "en", "€1,250.35"),
        (1250, "JPY", "pl", "1 250 JPY"),
        (10**15, "PLN", "pl", "10 000 000 000 000,00 zł"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(minor: int, currency: str, locale: str, expected: str) -> None:
    written = wording.money(minor, currency, locale)
    assert re.sub(r"[\u00a0\u202f]", " ", written) == expected
    assert " " not in written, "an amount never breaks"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("pl", {1: "1 licznik", 2: "2 liczniki", 5: "5 liczników", 22: "22 liczniki"}),
        ("uk", {1: "1 лічильник", 2: "2 лічильники", 5: "5 лічильників", 21: "21 лічильник", 22: "22 лічильники"}),
        ("nb", {1: "1 måler", 2: "2 målere"}),
        ("fr", {1: "1 compteur", 2: "2 compteurs"}),
        ("en", {1: "1 meter", 2: "2 meters"}),
    ],
)
def test_meters_are_counted(locale: str, expected: dict[int, str]) -> None:
    for count, said in expected.items():
        made = message("staff_verification_expiring", locale, meters=count)
        assert said.replace(" ", "\u00a0") in made.text
        assert made.short.endswith(f"{said}.")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("nb-NO", "nb"), ("no", "nb"), ("nn_NO", "nb"), ("PL", "pl"), ("uk-UA", "uk"), ("de", "en"), ("", "en")],
)
def test_languages_that_we_speak(tag: str, expected: str) -> None:
    assert wording.supported(tag) == expected


def test_a_device_that_does_not_say_what_it_is(locale: str) -> None:
    unknown = wording.say(locale, "device", "unknown", {})
    assert f"{unknown} (" in message("new_sign_in", locale, device="").text


def test_what_has_no_words_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording.say("pl", "reading_accepted", "no_such_part", {})
    with pytest.raises(KeyError):
        message("ticket_changed", "pl", status="no_such_status")
    with pytest.raises(ValueError, match="isoformat"):
        message("reading_accepted", "pl", day="yesterday")
