"""Estimates where a window closed without a reading, and what the next real reading makes of them.

The arithmetic is that of the California working group's note on estimation: the average daily use rounded, times the days, divided by the
multiplier, cut to a whole count, added to the last reading. Methods, shares and expiry are data of each country.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from meters.rules.days import months_after, months_before
from meters.rules.estimation_policies import EstimationPolicy
from meters.rules.expected import is_own, known_use, season_use
from meters.rules.stream import Interval, State, present
from meters.rules.vocabulary import USE_UNIT, Medium


class EstimateError(ValueError):
    """No estimate can be made: `expired`, `no_history`, `no_norm`, `day`."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Counter values in the smallest unit that stand for a reading, with the daily uses (billionths) and the policy behind them."""

    day: date
    values: tuple[int, ...]
    daily: tuple[int, ...]
    policy_id: str


@dataclass(frozen=True, slots=True)
class TrueUp:
    """What a real reading says of the estimate before it, register by register in billionths of the unit.

    `correction` is to be added to the use estimated up to the estimate's day: negative where too much was estimated.
    """

    estimated_day: date
    estimated: tuple[int, ...]
    actual: tuple[int, ...]

    @property
    def correction(self) -> tuple[int, ...]:
        return tuple(real - guess for real, guess in zip(self.actual, self.estimated, strict=True))


@dataclass(frozen=True, slots=True)
class _Basis:
    """What an average is taken of."""

    state: State
    day: date
    policy: EstimationPolicy
    medium: Medium
    since: date | None

    def average(self, register: int) -> Fraction:
        """A register's daily use by the policy's method, exact. Raises EstimateError."""
        if self.policy.method == "norm":
            if self.medium not in self.policy.norms:
                raise EstimateError("no_norm")
            return Fraction(self.policy.norms[self.medium])
        found = self._interval(register)
        if found is None or not is_own(found.start, self.since):
            raise EstimateError("no_history")
        return Fraction(found.uses[0], found.days)

    def _interval(self, register: int) -> Interval | None:
        if self.policy.method == "last_months":
            return self._last_months(register)
        season = season_use(self.state, register, self.day, self.since) if self.policy.method == "season" else None
        if season or not self.state.recent:
            return season
        last = self.state.recent[-1]
        return Interval(last.start, last.end, (last.uses[register],))

    def _last_months(self, register: int) -> Interval | None:
        """The latest so many months, or what there is of them."""
        _, last = present(self.state)
        start = max(months_before(last.day, self.policy.months), self.state.marks[0].day, self.since or date.min)
        use = known_use(self.state, register, start, last.day)
        return None if use is None else Interval(start, last.day, (use,))


def estimate(state: State, day: date, policy: EstimationPolicy, medium: Medium, since: date | None = None) -> Estimate:
    """The estimated reading of a day, from the last actual one, never from an estimate. Raises EstimateError.

    `since` is when the present household came; what was used before does not count.
    """
    device, last = present(state)
    if day <= last.day or (state.removed and day > state.removed):
        raise EstimateError("day")
    if policy.max_months is not None and day > months_after(last.day, policy.max_months):
        raise EstimateError("expired")
    basis = _Basis(state, day, policy, medium, since)
    daily = tuple(
        _rounded(basis.average(register) * policy.percent / 100, policy.daily_decimals)
        for register in range(device.registers)
    )
    counts = [use * (day - last.day).days // device.use(1) for use in daily]
    values = tuple((before + count) % device.range for before, count in zip(last.values, counts, strict=True))
    return Estimate(day, values, daily, policy.policy_id)


def true_up(state: State, day: date, values: tuple[int, ...], rolled: tuple[int, ...] = ()) -> TrueUp | None:
    """What a reading makes of the estimate that it follows; None where it follows none.

    The reading may be below the estimate, down to the last actual value: then the correction is negative.
    """
    device, last = present(state)
    if state.estimate is None:
        return None
    uses = tuple(
        device.use(value - before + (device.range if register in rolled and value < before else 0))
        for register, (value, before) in enumerate(zip(values, last.values, strict=True))
    )
    guessed = tuple(total - base for total, base in zip(state.estimate.totals, last.totals, strict=True))
    return TrueUp(state.estimate.day, guessed, Interval(last.day, day, uses).until(state.estimate.day))


def _rounded(use: Fraction, decimals: int) -> int:
    """Half up to so many decimals of the unit."""
    step: int = USE_UNIT // 10**decimals
    return (use + Fraction(step, 2)) // step * step
