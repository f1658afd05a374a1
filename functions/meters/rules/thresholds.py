"""From where on a reading is questioned: data of each medium, shipped with their sources, changed by each organisation."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from meters.rules.counters import parse_use
from meters.rules.stream import RECENT
from meters.rules.vocabulary import Medium

_FILE: Final = Path(__file__).with_name("default_thresholds.json")
_MONTHS: Final = frozenset(range(1, 13))
_MOST_PERCENT: Final = 1000
_MOST_SHARE: Final = 1000
"""Of a year, in any unit: parts per mille are the finest in use."""
_MOST_DAYS: Final = 366
_USE: Final = re.compile(r"[0-9]{1,5}([.][0-9]{1,9})?")
"""A use of a day: a hundred thousand units are more than any house's; powers of ten and endless numbers are none."""


class ThresholdError(ValueError):
    """The data make no thresholds; says which value."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """One medium's thresholds.

    Uses (`floor`, `first_daily_max`) are per day in billionths of the medium's unit, the rest percentages, days and months.
    `season_shares` are the usual shares of January to December in a year's use, in any whole unit; empty: no course of the year.
    Under `floor` no use is high; `first_daily_max` is what is still believed while there is too little history to expect anything.
    """

    high_percent: int
    hold_percent: int
    low_percent: int
    rollover_percent: int
    recent_min: int
    high_min_days: int
    low_min_days: int
    idle_months: frozenset[int]
    season_shares: tuple[int, ...]
    verification_expired: Literal["reject", "warn"]
    outside_window: Literal["reject", "warn"]
    photo_on_confirmation: bool
    sum_tolerance_percent: int
    sum_loss_percent: int
    floor: int
    first_daily_max: int


def thresholds(own: Mapping[str, Any] | None = None) -> Mapping[Medium, Thresholds]:
    """The thresholds of every medium: the defaults, with the organisation's own values in their place.

    `own` names media and values without sources: `{"cold_water": {"floor": "0.3"}}`. Raises ThresholdError.
    """
    own = own or {}
    unknown = set(own) - set(get_args(Medium))
    if unknown:
        raise ThresholdError(", ".join(sorted(unknown)))
    return {medium: _medium(own.get(medium, {}), _defaults()[medium]) for medium in get_args(Medium)}


def sources() -> Mapping[Medium, Mapping[str, str]]:
    """Where each default comes from, for the page on which an organisation sets its own."""
    data = _data()
    return {
        medium: {name: entry["source"] for name, entry in {**data["common"], **values}.items()}
        for medium, values in data["media"].items()
    }


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return loaded


@cache
def _defaults() -> dict[str, dict[str, Any]]:
    data = _data()
    return {
        medium: {name: entry["value"] for name, entry in {**data["common"], **values}.items()}
        for medium, values in data["media"].items()
    }


def _medium(own: Any, defaults: Mapping[str, Any]) -> Thresholds:
    if not isinstance(own, Mapping) or not set(own) <= set(defaults):
        raise ThresholdError(str(own))
    values = {name: _value(name, value) for name, value in {**defaults, **own}.items()}
    made = Thresholds(**values)
    if made.hold_percent < made.high_percent or made.low_percent >= made.high_percent:
        raise ThresholdError("hold_percent")
    return made


def _value(name: str, value: Any) -> Any:
    try:
        return _READERS[name](value)
    except (TypeError, ValueError) as error:
        raise ThresholdError(name) from error


def _use(value: Any) -> int:
    text = str(value)
    use = parse_use(text) if _USE.fullmatch(text) else 0
    if use <= 0:
        raise ValueError
    return use


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _policy(value: Any) -> str:
    if value not in ("reject", "warn"):
        raise ValueError
    return str(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _between(least: int, most: int) -> Any:
    def read(value: Any) -> int:
        whole = _whole(value)
        if not least <= whole <= most:
            raise ValueError
        return whole

    return read


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return value


def _month_numbers(value: Any) -> frozenset[int]:
    months = frozenset(_whole(month) for month in _list(value))
    if not months <= _MONTHS:
        raise ValueError
    return months


def _shares(value: Any) -> tuple[int, ...]:
    shares = tuple(_between(0, _MOST_SHARE)(share) for share in _list(value))
    if shares and (len(shares) != len(_MONTHS) or not any(shares)):
        raise ValueError
    return shares


_READERS: Final[Mapping[str, Any]] = {
    "high_percent": _between(100, _MOST_PERCENT),
    "hold_percent": _between(100, _MOST_PERCENT),
    "low_percent": _between(0, 100),
    "rollover_percent": _between(1, 100),
    "sum_tolerance_percent": _between(0, 100),
    "sum_loss_percent": _between(0, 100),
    "recent_min": _between(1, RECENT),
    "high_min_days": _between(1, _MOST_DAYS),
    "low_min_days": _between(1, _MOST_DAYS),
    "floor": _use,
    "first_daily_max": _use,
    "verification_expired": _policy,
    "outside_window": _policy,
    "photo_on_confirmation": _flag,
    "idle_months": _month_numbers,
    "season_shares": _shares,
}
