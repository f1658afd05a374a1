"""What a check costs does not depend on how long a meter has been read."""

import sys
from datetime import timedelta

import pytest
from meters.rules.checks import judge
from meters.rules.expected import expected_range
from meters.rules.stream import EMPTY, fold
from meters.rules.submissions import Around, Situation, Submission

from tests.unit.meters.builders import START, WATER, installed, litres, read


class _Steps:
    """Counts every bytecode step of the rules, so that going through a list shows however it is written."""

    def __init__(self):
        self.taken = 0

    def __call__(self, frame, event, _argument):
        if "meters" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.taken += 1
        return self


def _history(readings):
    # Every third day a litre a day less or more: the same values at the end of each history.
    days = [START + timedelta(days=3 * number) for number in range(1, readings + 1)]
    last = days[-1]
    return [installed(), *(read(day, 50_000_000 - 150 * (last - day).days) for day in days)], last


def _steps(readings, use, channel):
    events, last = _history(readings)
    state = fold(EMPTY, events)
    day = last + timedelta(days=30)
    submission = Submission(day, (litres(50_000_000 + use),), channel)
    situation = Situation(day, WATER, occupied=True, around=Around())
    steps = _Steps()
    before = sys.gettrace()
    sys.settrace(steps)
    try:
        judge(state, submission, situation)
        expected_range(state, 0, day, WATER)
    finally:
        sys.settrace(before)
    return steps.taken


@pytest.mark.parametrize(("use", "channel"), [(4_500, "portal"), (20_000, "file"), (-40, "portal"), (0, "remote")])
def test_a_check_costs_the_same_after_ten_years_and_after_three(use, channel):
    short, long = _steps(365, use, channel), _steps(1220, use, channel)
    assert short > 100
    # Dates fall on other days of other months: a little more or less to carry.
    assert long < short * 1.1
