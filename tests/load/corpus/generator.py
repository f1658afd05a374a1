"""The corpus: flats one after another, each from its own seed, so that more readings only add flats."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, prod
from typing import Final

from meters.rules.counters import format_value
from meters.rules.vocabulary import Device, Medium

from tests.load.corpus.households import Counter, Household, Span, counters, day_use, households, reading_days, unusual
from tests.load.corpus.rows import NORMAL, TYPOS, Row
from tests.load.corpus.typos import slip

TYPO_SHARE: Final = 0.08
"""More slips than people make, so that there are enough of each kind; each reading is judged for itself, so shares do not suffer."""
_LAST: Final = date(2026, 6, 30)
_WEATHER: Final = 0.1
_CHANCE: Final = (0.06, 0.2)
"""How unsteady households are from one reading to the next (the spread of the logarithm of their use)."""


def corpus(seed: int, readings: int) -> list[Row]:
    """At least so many readings of seasonal households, with typos and real events labelled. The same seed gives the same rows."""
    rows: list[Row] = []
    count = flat = 0
    while count < readings:
        made = Flat(random.Random(f"{seed}/{flat}"), f"F{flat:05d}").rows()
        count += sum(row.event == "reading" for row in made)
        rows += made
        flat += 1
    return sorted(rows, key=lambda row: row.meter)


@dataclass(slots=True)
class _Shown:
    """A counter at a reading: what it shows, what is to be typed, and what was behind its use."""

    row: Row
    device: Device
    red: bool


class Flat:
    """One flat: its households and counters through some years."""

    def __init__(self, rng: random.Random, number: str) -> None:
        self.rng, self.number = rng, number
        self.last = _LAST - timedelta(days=rng.randint(0, 300))
        self.first = self.last - timedelta(days=rng.randint(700, 2_000))
        self.counters = counters(rng)
        self.homes = households(rng, self.first, self.last)
        self.spans = unusual(rng, self.first, self.last, [counter.medium for counter in self.counters])
        self.weather = {year: exp(rng.gauss(0, _WEATHER)) for year in range(self.first.year, self.last.year + 1)}
        self.unsteady = rng.uniform(*_CHANCE)
        self.red = rng.random() < 0.65  # else only the black digits are asked for, or typed
        self.zeros = rng.random() < 0.4
        self.replaced = {
            at: self.first + timedelta(days=rng.randint(60, 600))
            for at in range(len(self.counters))
            if rng.random() < 0.12
        }

    def rows(self) -> list[Row]:
        """The lines of all counters of the flat."""
        made = [
            Row(
                self._name(at),
                counter.medium,
                self.first,
                "installed",
                opening=self._all(counter),
                digits=counter.device.digits,
                decimals=counter.device.decimals,
                max_flow=counter.max_flow,
            )
            for at, counter in enumerate(self.counters)
        ]
        before = self.first
        for day in self._days():
            shown = []
            for at, counter in enumerate(self.counters):
                lines, reading = self._read(at, counter, before, day)
                made += lines
                shown.append(_Shown(reading, counter.device, self.red))
            made += self._typed(shown)
            before = day
        return made

    def _days(self) -> list[date]:
        """The days of readings, most moves among them: a flat is handed over with its counters read."""
        moves = {home.since for home in self.homes[1:] if home.since <= self.last and self.rng.random() < 0.8}
        return sorted(moves | set(reading_days(self.rng, self.first, self.last)))

    def _read(self, at: int, counter: Counter, before: date, day: date) -> tuple[list[Row], Row]:
        """Let a counter run from one reading to the next; what staff recorded meanwhile, and the reading as it should be."""
        chance = [exp(self.rng.gauss(0, self.unsteady)) for _ in counter.daily]
        rolled, used, usual, lines, untold = False, 0.0, 0.0, [], None
        change = self.replaced.get(at)
        for offset in range(1, (day - before).days + 1):
            today = before + timedelta(days=offset)
            who = self._who(today)
            spans = [span for span in self.spans if span.covers(today) and counter.medium in span.factors]
            for register in range(counter.device.registers):
                share = day_use(counter, register, today, who, self.weather[today.year]) * chance[register]
                usual += share * _factor([span for span in spans if not span.label], counter.medium)
                share *= _factor(spans, counter.medium)
                used += share
                rolled |= counter.run(register, share)
            if change == today:
                event = self._replace(at, counter, today)
                if self.rng.random() < 0.5:
                    lines.append(event)
                else:
                    untold = event
        home = self._who(day)
        reading = Row(
            self._name(at),
            counter.medium,
            day,
            true=self._all(counter),
            label="rollover" if rolled else self._label(counter, before, day, used, usual),
            occupied=home.occupied,
            occupied_since=home.since if home.occupied and home is not self.homes[0] else None,
        )
        if untold:
            reading = replace(
                reading,
                label="replacement",
                closing=untold.closing,
                opening=untold.opening,
                digits=untold.digits,
                decimals=untold.decimals,
                max_flow=untold.max_flow,
                replaced_on=untold.day,
            )
        return lines, reading

    def _replace(self, at: int, counter: Counter, day: date) -> Row:
        closing = self._all(counter)
        counter.put_in([self.rng.choice((0, 0, self.rng.randint(1, 40))) for _ in counter.daily])
        return Row(
            self._name(at),
            counter.medium,
            day,
            "replaced",
            closing=closing,
            opening=self._all(counter),
            digits=counter.device.digits,
            decimals=counter.device.decimals,
            max_flow=counter.max_flow,
        )

    def _label(self, counter: Counter, before: date, day: date, used: float, usual: float) -> str:
        """An event labels a reading whose use it changed by a fifth at least."""
        behind = [
            span
            for span in self.spans
            if span.label and counter.medium in span.factors and span.first <= day and span.last > before
        ]
        return behind[0].label if behind and abs(used - usual) >= 0.2 * usual else NORMAL

    def _typed(self, shown: list[_Shown]) -> Iterator[Row]:
        """What is typed for all counters of the flat: mostly what they show, without the red digits where these are not asked for."""
        texts = [self._habit(one.row.true, red=one.red) for one in shown]
        for at, one in enumerate(shown):
            row = replace(one.row, typed=texts[at], true=tuple(self._seen(text, one.device) for text in texts[at]))
            if row.label == NORMAL and self.rng.random() < TYPO_SHARE:
                row = self._slipped(row, one, [text for other, text in enumerate(texts) if other != at])
            yield row

    def _slipped(self, row: Row, one: _Shown, others: list[tuple[str, ...]]) -> Row:
        for kind in self.rng.sample(TYPOS, len(TYPOS)):
            typed: tuple[str, ...] | None = None
            if kind == "wrong_register":
                typed = self._crossed(row.typed)
            elif kind == "wrong_meter":
                same = [texts for texts in others if len(texts) == len(row.typed) == 1 and texts != row.typed]
                typed = self.rng.choice(same) if same else None
            else:
                # A point can only slip where the digits behind it are typed.
                meant = (
                    replace(row, typed=self._habit(one.row.true), true=one.row.true) if kind == "decimal_slip" else row
                )
                register = self.rng.randrange(len(row.typed))
                text = slip(self.rng, kind, meant.typed[register], one.device)
                typed = (*meant.typed[:register], text, *meant.typed[register + 1 :]) if text else None
                row = meant if typed else row
            if typed:
                return replace(row, typed=typed, label=kind)
        return row

    def _crossed(self, texts: tuple[str, ...]) -> tuple[str, ...] | None:
        """The values of two registers in each other's place."""
        if len(set(texts)) < 2:
            return None
        one, other = self.rng.sample(range(len(texts)), 2)
        crossed = list(texts)
        crossed[one], crossed[other] = texts[other], texts[one]
        return tuple(crossed) if tuple(crossed) != texts else None

    def _habit(self, shown: tuple[str, ...], *, red: bool = True) -> tuple[str, ...]:
        """Values as this household types them: with leading zeros or without, with the red digits or without."""
        parts = [value.partition(".") for value in shown]
        heads = [(whole if self.zeros else whole.lstrip("0") or "0", point + part) for whole, point, part in parts]
        return tuple(head + tail if red else head for head, tail in heads)

    def _seen(self, text: str, device: Device) -> str:
        whole, _, part = text.partition(".")
        whole, part = whole.zfill(device.digits), part.ljust(device.decimals, "0")
        return f"{whole}.{part}" if part else whole

    def _who(self, day: date) -> Household:
        return next(home for home in reversed(self.homes) if home.since <= day)

    def _name(self, at: int) -> str:
        return f"{self.number}-{at + 1}"

    def _all(self, counter: Counter) -> tuple[str, ...]:
        return tuple(format_value(value, counter.device) for value in counter.values)


def _factor(spans: list[Span], medium: Medium) -> float:
    return prod(span.factors[medium] for span in spans)
