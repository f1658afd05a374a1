"""Every reading of a corpus through the checks, as a tenant's first try in the portal.

What was questioned is put right before the next reading: the history goes on with the true value. A typo that nobody noticed stands as it was
typed; where the very next reading is questioned, it is found and corrected, else it stays.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from meters.rules.checks import judge
from meters.rules.counters import FormatError, parse_use, parse_value
from meters.rules.stream import EMPTY, Event, State, StreamError, present, step
from meters.rules.submissions import Judgement, Situation, Submission
from meters.rules.thresholds import thresholds
from meters.rules.vocabulary import SEVERITIES, Code, Device

from tests.load.corpus.rows import NORMAL, TYPOS, Row

_LIMITS = thresholds()
_QUESTIONS = SEVERITIES[1:]
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Scored:
    """A reading with what was said of it.

    `said` are all its codes, `asking` those that ask, hold or refuse, in the order of the findings; `should` those that the truth calls for.
    `offered`: another value was offered; `first_true`, `any_true`: the first one, or any, was the true one. `off` is by how much the typed value
    misses the true one, as a share of the true use since the reading before (None: unreadable or not known). `found_typo`: it was
    questioned because the reading before it was an unnoticed typo, which came to light so.
    """

    row: Row
    status: str
    said: tuple[Code, ...]
    asking: tuple[Code, ...]
    should: frozenset[Code]
    offered: bool = False
    first_true: bool = False
    any_true: bool = False
    off: float | None = None
    found_typo: bool = False

    @property
    def is_questioned(self) -> bool:
        """Asked, held or refused: the reader has to look again."""
        return self.status != "accepted"

    @property
    def is_typo(self) -> bool:
        return self.row.label in TYPOS

    @property
    def is_good(self) -> bool:
        return self.row.label == NORMAL


def score(rows: Iterable[Row]) -> Iterator[Scored]:
    """What the checks say of each reading; the rows of a meter stand together, in the order of their days."""
    for _, own in groupby(rows, key=lambda row: row.meter):
        yield from _Meter(list(own)).run()


class _Meter:
    """One meter's readings in turn. `unnoticed` is the state before a typo that stands, and what should have stood."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.state: State = EMPTY
        self.device = _device(rows)
        self.unnoticed: tuple[State, Row, Judgement] | None = None
        self.refused = 0
        self.previous: tuple[int, ...] = ()
        """What the counter truly showed at the reading before."""

    def run(self) -> Iterator[Scored]:
        for number, row in enumerate(self.rows):
            if row.event == "installed" or (self.state.device is None and row.event == "reading"):
                self._install(row, f"{number}")
            elif row.event == "replaced":
                self._replace(row, row.day)
            else:
                yield self._reading(row)

    def _install(self, row: Row, place: str) -> None:
        self.device = _device([row, *self.rows])
        opening = self._values(row.opening or row.true or row.typed) or (0,) * self.device.registers
        self.state = step(EMPTY, Event("in", "installed", row.day, place, values=opening, device=self.device))[0]
        self.previous = opening

    def _replace(self, row: Row, day: date) -> None:
        self._correct()
        closing = self._values(row.closing) or present(self.state)[1].values
        self.device = _device([row, *self.rows]) if row.digits else self.device
        opening = self._values(row.opening) or (0,) * self.device.registers
        self.state = _step(self.state, Event("re", "replaced", day, "", opening, closing=closing, device=self.device))
        self.previous = opening

    def _reading(self, row: Row) -> Scored:
        judged = self._judge(row, row.typed)
        codes = tuple(dict.fromkeys(one.code for one in judged.findings if one.severity in _QUESTIONS))
        questioned = judged.status != "accepted"
        stood = self.unnoticed is not None
        if questioned:
            self._correct()
        self.unnoticed = None
        if row.replaced_on:
            self._replace(row, row.replaced_on)
        true = self._values(row.true)
        scored = Scored(
            row,
            judged.status,
            judged.codes,
            codes,
            self._should(row, true),
            found_typo=stood and questioned and row.label not in TYPOS,
            off=self._off(row, true),
        )
        offers = [one.suggestion for one in judged.findings if one.suggestion and not one.suggestion.claim]
        right = [self._values(offer.values) == true for offer in offers]
        scored = replace(scored, offered=bool(offers), first_true=any(right[:1]), any_true=any(right))
        self._go_on(row, true, judged, questioned=questioned)
        self.previous = true or self._values(row.typed) or self.previous
        return scored

    def _judge(self, row: Row, texts: tuple[str, ...]) -> Judgement:
        situation = Situation(row.day, _LIMITS[row.medium], row.occupied, row.occupied_since)
        return judge(self.state, Submission(row.day, texts, "portal"), situation)

    def _go_on(self, row: Row, true: tuple[int, ...] | None, judged: Judgement, *, questioned: bool) -> None:
        """Accept what the reader comes to: the true value where a question made him look again, else what was typed."""
        if true is None:
            self._believe(row, judged)
            return
        wrong = judged.values != true
        if wrong and not questioned and judged.values:
            self.unnoticed = (self.state, row, judged)
            self.state = _accept(self.state, row.day, judged.values, judged)
            return
        self.state = _accept(self.state, row.day, true, self._judge(row, row.true) if wrong else judged)

    def _believe(self, row: Row, judged: Judgement) -> None:
        """Nothing is known: what was asked is taken as confirmed, what was refused twice running as a counter nobody told of."""
        if judged.status == "rejected":
            self.refused += 1
            if judged.values and self.refused > 1:
                opening = Event("re", "replaced", row.day, "", judged.values, present(self.state)[1].values)
                self.state = _step(self.state, replace(opening, device=self.device))
                self.refused = 0
            return
        self.refused = 0
        self.state = _accept(self.state, row.day, judged.values or (), judged)

    def _correct(self) -> None:
        """The unnoticed typo comes to light: its true value takes its place."""
        if self.unnoticed:
            before, row, judged = self.unnoticed
            self.state = _accept(before, row.day, self._values(row.true) or (), judged)
            self.unnoticed = None

    def _values(self, texts: tuple[str, ...]) -> tuple[int, ...] | None:
        try:
            return tuple(parse_value(text, self.device) for text in texts) or None
        except FormatError:
            return None

    def _uses(self, values: tuple[int, ...]) -> list[int]:
        return [(value - before) % self.device.range for value, before in zip(values, self.previous, strict=False)]

    def _off(self, row: Row, true: tuple[int, ...] | None) -> float | None:
        typed = self._values(row.typed)
        if typed is None or true is None:
            return None
        wrong = [abs(one - other) for one, other in zip(typed, true, strict=False)]
        shares = [
            miss / use if use else float("inf") for miss, use in zip(wrong, self._uses(true), strict=False) if miss
        ]
        return max(shares, default=0.0)

    def _should(self, row: Row, true: tuple[int, ...] | None) -> frozenset[Code]:
        """Which codes the truth calls for: told from the label and the true values alone, never from what the checks expect."""
        found: set[Code] = set()
        if row.label in ("swapped_near", "swapped_far", "wrong_register"):
            found.add("TRANSPOSED")
        typed = self._values(row.typed)
        if typed is None:
            return frozenset((*found, "FORMAT"))
        if row.label == "rollover":
            found.add("ROLLOVER")
        if row.label == "replacement":
            found.add("DECREASE")
        if row.label == "leak":
            found.add("HIGH")
        if row.label == "empty_flat" and row.occupied:
            found.add("LOW")
        if row.label in TYPOS and true:
            found.update(self._of_slip(typed, true))
        return frozenset(found)

    def _of_slip(self, typed: tuple[int, ...], true: tuple[int, ...]) -> Iterator[Code]:
        for one, right, before, use in zip(typed, true, self.previous, self._uses(true), strict=False):
            if one < before <= right:
                yield "DECREASE"
            elif one - before > 2 * use:
                yield "HIGH"
            elif 5 * (one - before) < use:
                yield "LOW"


def _accept(state: State, day: date, values: tuple[int, ...], judged: Judgement) -> State:
    """The reading accepted as somebody confirmed it; registers that show less went past their end."""
    device, last = present(state)
    if len(values) != device.registers:
        return state
    rolled = tuple(at for at, (value, before) in enumerate(zip(values, last.values, strict=True)) if value < before)
    return _step(state, Event(day.isoformat(), "read", day, "", values, rolled=rolled, codes=judged.codes))


def _step(state: State, event: Event) -> State:
    try:
        return step(state, event)[0]
    except StreamError:
        return state


def _device(rows: list[Row]) -> Device:
    """The counter that the first row with its digits tells of, else one that all values fit."""
    first = rows[0]
    texts = [text.replace(",", ".") for row in rows for text in (*row.typed, *row.true)]
    whole = max((len(text.partition(".")[0]) for text in texts), default=_DIGITS)
    part = max((len(text.partition(".")[2]) for text in texts), default=0)
    registers = len(first.opening or first.typed or first.true) or 1
    return Device(
        digits=first.digits or max(min(whole, 12), _DIGITS),
        decimals=first.decimals if first.decimals is not None else min(part, 6),
        registers=min(registers, 4),
        max_flow=parse_use(first.max_flow) if first.max_flow else None,
    )
