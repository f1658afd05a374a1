"""A meter of the demo world: what hangs there, what it showed, and what happened to it.

Counter values are integers in the counter's smallest unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Medium = Literal["cold_water", "hot_water", "heat", "gas", "electricity", "heat_cost_allocator"]
Story = Literal["", "replaced", "rolled_over", "estimated", "leak", "unread"]


@dataclass(frozen=True)
class Metering:
    """What a country's module says about its meters.

    `homes` are the media that a home of each community has, cold water first; every other unit has those of `stores`. `replaced` and
    `estimated` are the meters (unit_ref, medium) whose counter was changed and whose readings were estimated for two months,
    `rolled_over` the unit whose electricity counter went past its end last, `leaking` the one with the running tap. `unread` is the
    meter whose latest month is an estimate, `burst` the community that lost water in one month; `two_rates` is the unit whose
    electricity counter has two registers, day and night.
    """

    homes: Mapping[str, tuple[Medium, ...]]
    places: Mapping[Medium, str]
    basement: str
    """Where house meters hang."""
    replaced: tuple[str, Medium]
    estimated: tuple[str, Medium]
    rolled_over: str
    leaking: str
    unread: tuple[str, Medium]
    burst: str
    two_rates: str = ""
    stores: tuple[Medium, ...] = ("cold_water", "electricity")
    electric_heating: bool = False
    window: tuple[int, int] | None = None
    """First and last day of each month on which readings are taken; None: always."""


@dataclass(frozen=True)
class Counter:
    """`digits` before and `decimals` after the point; `max_flow` in m3 an hour, empty where the counter has none."""

    digits: int
    decimals: int
    max_flow: str = ""
    registers: int = 1

    def shown(self, values: tuple[int, ...]) -> tuple[str, ...]:
        """All its registers as they stand on the counter."""
        return tuple(map(self.show, values))

    def show(self, counts: int) -> str:
        """A value as it stands on the counter: `00412.350`."""
        text = f"{counts % self.span:0{self.digits + self.decimals}d}"
        return f"{text[: self.digits]}.{text[self.digits :]}" if self.decimals else text

    @property
    def span(self) -> int:
        """How many values it can show."""
        return int(10 ** (self.digits + self.decimals))


@dataclass(frozen=True)
class Reading:
    """What the counter shows at the end of a day; `night` is its second register, where it has two."""

    day: date
    counts: int
    estimated: bool = False
    night: int | None = None

    @property
    def values(self) -> tuple[int, ...]:
        """Register by register."""
        return (self.counts,) if self.night is None else (self.counts, self.night)


@dataclass(frozen=True)
class Replacement:
    """Another counter put in; `readings` are those that it has shown since."""

    day: date
    closing: int
    opening: int
    number: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Meter:
    """`unit_ref` is empty for a house meter in the common parts. `readings` are those under its first `number`, oldest first."""

    number: str
    medium: Medium
    unit_ref: str
    community_ref: str
    place: str
    counter: Counter
    installed_on: date
    opening: int
    verified_until: date
    readings: tuple[Reading, ...]
    parent_number: str = ""
    meter_id: str = ""
    """Empty: it follows from the number."""
    opening_night: int | None = None
    story: Story = ""
    replacement: Replacement | None = None

    @property
    def openings(self) -> tuple[int, ...]:
        """What it showed when it was installed, register by register."""
        return Reading(self.installed_on, self.opening, night=self.opening_night).values

    @property
    def last(self) -> Reading:
        """The last accepted actual reading once everything is in: the leak's waits for staff, and an estimate is none."""
        if self.replacement:
            return self.replacement.readings[-1]
        return self.readings[-2 if self.story in ("leak", "unread") else -1]

    @property
    def estimate(self) -> Reading | None:
        """The estimate that stands after the last actual reading."""
        return self.readings[-1] if self.story == "unread" else None

    @property
    def last_number(self) -> str:
        """What stands on the counter that hangs there now."""
        return self.replacement.number if self.replacement else self.number
