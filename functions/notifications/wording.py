"""The words of notices in the reader's language, `words/<locale>.po`, and how that language writes money, days and codes."""

import gettext
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, NoReturn

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, get_currency_symbol

from notifications.kinds import KINDS
from shared.i18n import LOCALES, SOURCE_LOCALE
from shared.money import minor_digits

Values = Mapping[str, str | int]

FOLDER: Final = Path(__file__).parent / "words"
_CONVENTIONS: Final = {"en": "en_GB"}
"""English as Europe writes it: 31 December 2026."""
_NORWEGIAN: Final = frozenset({"no", "nn"})
_OVERDUE: Final = "payment_overdue"
"""The only kind whose `days` have passed."""


class _Missing(gettext.NullTranslations):
    """What is not in a catalogue is an error, and never shown as its own key."""

    def pgettext(self, context: str, message: str) -> NoReturn:
        raise KeyError((context, message))

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> NoReturn:  # noqa: ARG002 - gettext's own
        raise KeyError((context, msgid1))


def supported(locale: str) -> str:
    """The language of ours for a language tag ("nn-NO" is Norwegian Bokmål here); English for one that we do not speak."""
    language = locale.lower().replace("_", "-").partition("-")[0]
    wanted = "nb" if language in _NORWEGIAN else language
    return wanted if wanted in LOCALES else SOURCE_LOCALE


def say(locale: str, context: str, key: str, values: Mapping[str, str]) -> str:
    """Words with their values put in. Raises KeyError for words that there are not."""
    return _catalogue(locale).pgettext(context, key).format_map(values)


def counted(locale: str, context: str, one: str, many: str, count: int) -> str:
    """Words in the form that a count takes. Raises KeyError for words that there are not."""
    return _catalogue(locale).npgettext(context, one, many, count).format(n=count)


def written(kind: str, values: Values, locale: str) -> dict[str, str]:
    """The values of a notice as the reader writes them, in the order of the kind; a currency is written with its amount.

    Raises KeyError for a value that is missing or a code without words, ValueError for a day that is none.
    """
    return {name: _written(kind, name, values, locale) for name in KINDS[kind].values if name != "currency"}


def example(kind: str, locale: str) -> dict[str, str]:
    """Values of a kind whose words others write, to show how it reads."""
    return {name: say(locale, "example", name, {}) for name in KINDS[kind].values}


def _written(kind: str, name: str, values: Values, locale: str) -> str:
    if name == "amount":
        return money(int(values["amount"]), str(values["currency"]), locale)
    if name == "days":
        return _whole(_days(int(values["days"]), locale, "since" if kind == _OVERDUE else "in"))
    if name == "meters":
        return _whole(counted(locale, "meters", "meter", "meters", int(values["meters"])))
    value = str(values[name])
    return _PLAIN[name](value, locale) if name in _PLAIN else say(locale, name, value, {})


def money(minor: int, currency: str, locale: str) -> str:
    """An amount in minor units with its currency."""
    conventions = _conventions(locale)
    pattern = conventions.currency_formats["standard"].pattern
    if get_currency_symbol(currency, conventions)[-1].isalpha():
        pattern = pattern.replace("¤#", "¤\u00a0#")  # PLN 12.00, but €12.00
    return str(format_currency(Decimal(minor).scaleb(-minor_digits(currency)), currency, pattern, conventions))


def _days(count: int, locale: str, context: str) -> str:
    if context == "in" and count <= 1:
        return say(locale, context, "tomorrow" if count == 1 else "today", {})
    return counted(locale, context, "day", "days", count)


def _day(value: str, locale: str) -> str:
    return _whole(format_date(date.fromisoformat(value), "long", _conventions(locale)))


def _moment(value: str, locale: str) -> str:
    """A local time as it stands: whoever told of it wrote it in the organisation's time zone."""
    at, conventions = datetime.fromisoformat(value), _conventions(locale)
    return f"{_day(at.date().isoformat(), locale)}, {format_time(at.time(), 'short', locale=conventions)}"


def _whole(value: str) -> str:
    """What is no longer parted at the end of a line."""
    return value.replace(" ", "\u00a0")


def line(value: str) -> str:
    """A text in one line: it may become part of a subject."""
    return " ".join(value.split())


_PLAIN: Final[dict[str, Callable[[str, str], str]]] = {
    "day": _day,
    "last": _day,
    "at": _moment,
    "number": lambda value, _locale: line(value),
    "numbers": lambda value, _locale: line(value),
    "device": lambda value, locale: value or say(locale, "device", "unknown", {}),
    "title": lambda value, _locale: line(value),
    "start": lambda value, _locale: line(value),
    "text": lambda value, _locale: value,
}
"""Values that are no codes."""


@cache
def _conventions(locale: str) -> Locale:
    return Locale.parse(_CONVENTIONS.get(locale, locale))


@cache
def _catalogue(locale: str) -> gettext.GNUTranslations:
    """The words of a language, compiled when they are first asked for."""
    compiled = BytesIO()
    with (FOLDER / f"{locale}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    catalogue = gettext.GNUTranslations(compiled)
    catalogue.add_fallback(_Missing())
    return catalogue
