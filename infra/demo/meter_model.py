"""A meter of the demo world: what hangs there, what it showed, and what happened to it.

Counter values are integers in the counter's smallest unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Medium = Literal["cold_water", "hot_water", "heat", "gas", "electricity"]
Story = Literal["", "replaced", "rolled_over", "estimated", "leak"]


@dataclass(frozen=True)
class Metering:
    """What a country's module says about its meters.

    `homes` are the media that a home of each community has, cold water first; every other unit has those of `stores`. `replaced` and
    `estimated` are the meters (unit_ref, medium) whose counter was changed and whose readings were estimated for two months,
    `rolled_over` the unit whose electricity counter went past its end last, `leaking` the one with the running tap.
    """

    homes: Mapping[str, tuple[Medium, ...]]
    places: Mapping[Medium, str]
    basement: str
    """Where house meters hang."""
    replaced: tuple[str, Medium]
    estimated: tuple[str, Medium]
    rolled_over: str
    leaking: str
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
    day: date
    counts: int
    estimated: bool = False


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
    story: Story = ""
    replacement: Replacement | None = None

    @property
    def last(self) -> Reading:
        """The last accepted actual reading once everything is in: the leak's waits for staff."""
        if self.replacement:
            return self.replacement.readings[-1]
        return self.readings[-2 if self.story == "leak" else -1]

    @property
    def last_number(self) -> str:
        """What stands on the counter that hangs there now."""
        return self.replacement.number if self.replacement else self.number
