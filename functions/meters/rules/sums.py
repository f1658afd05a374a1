"""SUM: what a house meter counted against what the meters behind it counted, for the report; no single reading is judged by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from meters.rules.counters import use_text
from meters.rules.thresholds import Thresholds
from meters.rules.vocabulary import TABLE, Finding


@dataclass(frozen=True, slots=True)
class Sum:
    """A house meter's use and that of the units behind it over the same days, in billionths of the medium's unit.

    `expected` is what the units' use comes to with the loss that was agreed; `difference` the house meter's use beyond it.
    """

    house: int
    units: int
    expected: int
    tolerance: int

    @property
    def difference(self) -> int:
        return self.house - self.expected

    @property
    def is_outside(self) -> bool:
        return abs(self.difference) > self.tolerance


def compare(house: int, units: Sequence[int], limits: Thresholds) -> Sum:
    """Compare over the same days; the tolerance is a share of the house meter's use."""
    total = sum(units)
    return Sum(
        house=house,
        units=total,
        expected=total * (100 + limits.sum_loss_percent) // 100,
        tolerance=house * limits.sum_tolerance_percent // 100,
    )


def check_sum(house: int, units: Sequence[int], limits: Thresholds) -> Finding | None:
    """SUM where the difference is outside the tolerance."""
    found = compare(house, units, limits)
    if not found.is_outside:
        return None
    params = {
        "house": use_text(found.house),
        "units": use_text(found.units),
        "expected": use_text(found.expected),
        "difference": use_text(found.difference),
        "tolerance": use_text(found.tolerance),
    }
    return Finding("SUM", TABLE["file"]["SUM"], params=params)
