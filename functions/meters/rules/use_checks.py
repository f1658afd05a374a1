"""The checks of what a reading makes of a register's use: DECREASE, ROLLOVER, HIGH, PHYSICAL, LOW, ZERO.

The baseline is the last accepted actual reading, never the last submitted one: with that, one false high reading would block all the true
ones after it. Every check costs the same however long the history is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from meters.rules.counters import format_value, use_text
from meters.rules.days import months_between
from meters.rules.expected import Expected, expect, high_bound, in_season, is_next_to_nothing, is_own, judged_days
from meters.rules.stream import Point, State, present
from meters.rules.submissions import Known, Situation, Submission, finding
from meters.rules.thresholds import Thresholds
from meters.rules.vocabulary import INTERACTIVE, Claim, Device, Finding, Severity, Suggestion

CHOICES = ("typo", "replaced", "rolled_over")
"""What may be behind a counter that shows less than before."""
_HOURS = 24
_DAILY_DECIMALS = 4
_THOUSANDTH = 10**6


@dataclass(frozen=True)
class Gauge:
    """One register of a meter, ready to judge any value that its counter may show on the submission's day."""

    state: State
    register: int
    submission: Submission
    situation: Situation

    @cached_property
    def device(self) -> Device:
        return present(self.state)[0]

    @cached_property
    def last(self) -> Point:
        return present(self.state)[1]

    @property
    def before(self) -> int:
        """The last actual value, in the smallest unit."""
        return self.last.values[self.register]

    @cached_property
    def days(self) -> int:
        return (self.submission.day - self.last.day).days

    @cached_property
    def expected(self) -> Expected | None:
        situation = self.situation
        return expect(self.state, self.register, self.submission.day, situation.limits, situation.occupied_since)

    @cached_property
    def limits(self) -> Thresholds:
        """The thresholds by which a use on these days is high."""
        return in_season(self.situation.limits, self.last.day, self.submission.day)

    def use(self, value: int) -> int:
        """The use since the last actual reading; below it, as if the register had gone past its end."""
        return self.device.use((value - self.before) % self.device.range)

    def is_above(self, use: int, percent: int) -> bool:
        """Whether a use is more than so many percent of the expected one."""
        return use > high_bound(self.expected, self.limits, percent) * judged_days(self.days, self.limits)

    def reaches(self, use: int, percent: int) -> bool:
        """Whether a use comes to so many percent of the expected one as it is shown, which is cut to thousandths."""
        bound = high_bound(self.expected, self.limits, percent) * judged_days(self.days, self.limits)
        return use >= bound - _THOUSANDTH * percent // 100

    def may_roll(self, value: int) -> bool:
        """Whether a lower value looks like a register that went past its end: from near its end, with a usual use."""
        limits = self.situation.limits
        near = self.before * 100 >= self.device.range * limits.rollover_percent
        return near and not self.is_above(self.use(value), limits.high_percent)

    def rolls(self, value: int, claim: Claim | None) -> bool:
        """Whether a value is taken as being past the end."""
        return value < self.before and (claim == "rolled_over" or self.may_roll(value))

    def is_plausible(self, value: int) -> bool:
        """Whether a value raises no question at all."""
        return next(self.check(value, None), None) is None

    def distance(self, value: int) -> int:
        """How far from what is expected: the nearest plausible value is the most likely."""
        return abs(self.use(value) - (self.expected.daily * self.days if self.expected else 0))

    def check(self, value: int, claim: Claim | None) -> Iterator[Finding]:
        """What is to be said of a value."""
        rolled = self.rolls(value, claim)
        if rolled:
            yield self._rollover(value, claim)
        elif value < self.before:
            yield self._decrease("earlier", value, self.before, self.last.day.isoformat(), claim)
            return
        elif claim == "replaced":
            # Whatever it shows, it is not the use of one counter.
            yield self._decrease("claimed", value, self.before, self.last.day.isoformat(), claim)
            return
        after = self.situation.around.after
        if after and self._contradicts(value, after, rolled=rolled):
            yield self._decrease("later", value, after.values[self.register], after.day.isoformat(), None)
            return
        use = self.use(value)
        yield from self._high(use)
        yield from self._low(use, self._untyped(value))

    def _contradicts(self, value: int, after: Known, *, rolled: bool) -> bool:
        """Whether a later reading cannot follow: a register goes past its end once between the two neighbours, or not at all."""
        rolls_later = self.register in after.rolled
        if rolled and not rolls_later:
            return True
        return value > after.values[self.register] and rolled == rolls_later

    def _rollover(self, value: int, claim: Claim | None) -> Finding:
        params = self._params(self.use(value)) | {"last": self._shown(self.before)}
        severity: Severity | None = None
        if claim and not self.may_roll(value):
            severity = "hold"
        elif claim and self.submission.channel in INTERACTIVE:
            severity = "info"
        texts = list(self.submission.texts)
        texts[self.register] = self._shown(value)
        suggestion = None if claim else Suggestion("rolled_over", tuple(texts), "rolled_over", (self.register,))
        return finding(self.submission, "ROLLOVER", self.register, params, severity=severity, suggestion=suggestion)

    def _decrease(self, side: str, value: int, bound: int, day: str, claim: Claim | None) -> Finding:
        params = {"side": side, "value": self._shown(value), "bound": self._shown(bound), "bound_day": day}
        choices = CHOICES[:1] if side == "later" else CHOICES
        severity: Severity | None = "hold" if claim == "replaced" else None
        return finding(self.submission, "DECREASE", self.register, {**params, "choices": choices}, severity=severity)

    def _high(self, use: int) -> Iterator[Finding]:
        limits, flow = self.limits, self.device.max_flow
        if self.is_above(use, limits.high_percent):
            above: Severity | None = "hold" if self.reaches(use, limits.hold_percent) else None
            bound = high_bound(self.expected, limits, limits.high_percent)
            params = self._params(use) | {"daily_bound": use_text(bound, _DAILY_DECIMALS)}
            yield finding(self.submission, "HIGH", self.register, params, severity=above)
        if flow and use > flow * _HOURS * max(self.days, 1):
            yield finding(self.submission, "PHYSICAL", self.register, self._params(use) | {"flow": use_text(flow)})

    def _untyped(self, value: int) -> int:
        """The most that decimals which were left out may hide: on many counters only the black digits are asked for."""
        whole = 10**self.device.decimals
        return self.device.use(whole) if self.device.decimals and value % whole == 0 else 0

    def _low(self, use: int, untyped: int) -> Iterator[Finding]:
        limits, expected = self.situation.limits, self.expected
        if not self.situation.occupied or self.days < limits.low_min_days:
            return
        if not is_own(self.last.day, self.situation.occupied_since):
            return  # it may have stood empty before they came
        if expected and not self._is_low(expected, use, untyped):
            return
        unseasonal = expected is None or expected.basis == "recent"
        if unseasonal and months_between(self.last.day, self.submission.day) & limits.idle_months:
            return  # what the season is like is not known from the meter itself
        asked = not {"LOW", "ZERO"}.isdisjoint(self.last.codes)
        severity: Severity | None = "info" if asked else None
        if use == 0:
            yield finding(self.submission, "ZERO", self.register, self._params(use), severity=severity)
        elif expected:
            params = self._params(use) | {"expected_daily": use_text(expected.least, _DAILY_DECIMALS)}
            yield finding(self.submission, "LOW", self.register, params, severity=severity)

    def _is_low(self, expected: Expected, use: int, untyped: int) -> bool:
        """Whether a use is low, and still as far under what is expected as a high one is over it with all that was not typed."""
        limits = self.situation.limits
        usual = expected.least * self.days
        if is_next_to_nothing(expected, limits) or (untyped and (use + untyped) * limits.high_percent >= usual * 100):
            return False
        return use == 0 or use * 100 < usual * limits.low_percent

    def _params(self, use: int) -> dict[str, str]:
        params = {"use": use_text(use), "days": str(self.days), "since": self.last.day.isoformat()}
        daily = use_text(use // max(self.days, 1), _DAILY_DECIMALS)
        if self.expected is None:
            return params | {"daily": daily}
        expected = use_text(self.expected.daily, _DAILY_DECIMALS)
        return params | {"daily": daily, "expected_daily": expected, "basis": self.expected.basis}

    def _shown(self, value: int) -> str:
        return format_value(value, self.device)
