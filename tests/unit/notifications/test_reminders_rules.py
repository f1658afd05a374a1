"""When people are reminded (D6): over any runs, outages and repeats each stage is told once, the right one, in time, never of what is paid."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from notifications.rules_reminders import LATE, Debts, Policy, next_day, reached, stage_on

DUE = date(2026, 10, 25)
STAGES = Policy().debt_stages
DAYS = st.integers(-20, 60)


def on(number):
    return DUE + timedelta(days=number)


def debts(amount=100, passed=None, due=DUE):
    return Debts({"chg_1": amount}, {"chg_1": due.isoformat()}, passed or {})


def told_over(runs, paid_from=None, reopened_from=None):
    """(day of the run, notice) of all runs, which are days relative to the due date, some of them twice."""
    state, found = debts(), []
    for number in sorted(runs):
        is_open = paid_from is None or number < paid_from or (reopened_from is not None and number >= reopened_from)
        state = Debts({"chg_1": 100} if is_open else {}, state.days, state.passed)
        notices, state = state.told(STAGES, on(number))
        found += [(number, notice) for notice in notices]
    return found


@settings(max_examples=300)
@given(runs=st.lists(DAYS, max_size=60), paid=st.none() | DAYS, again=st.none() | DAYS)
def test_any_runs(runs, paid, again):
    found = told_over(runs, paid, again)
    stages = [notice.stage for _, notice in found]
    assert len(stages) == len(set(stages))
    for number, notice in found:
        assert notice.stage == max(stage for stage in STAGES if stage <= number)
        assert number - notice.stage <= LATE
        assert paid is None or number < paid or (again is not None and number >= again)
        assert notice.kind == ("payment_overdue" if number > 0 else "payment_due")
        assert notice.days == abs(number)


@settings(max_examples=300)
@given(runs=st.sets(DAYS, min_size=1))
def test_nothing_is_lost_that_a_run_could_tell(runs):
    """Of each stage whose run came before the next stage, in time, and not after the day it is to come before."""
    told = {notice.stage for _, notice in told_over(runs)}
    for stage in STAGES:
        until = min([later for later in STAGES if later > stage], default=10_000)
        last = min(until - 1, stage + LATE, 0 if stage <= 0 else 10_000)
        assert (stage in told) == any(stage <= number <= last for number in runs)


def test_day_by_day():
    found = told_over(range(-20, 60))
    assert [(number, notice.kind) for number, notice in found] == [
        (-7, "payment_due"),
        (-3, "payment_due"),
        (0, "payment_due"),
        (3, "payment_overdue"),
        (14, "payment_overdue"),
        (30, "payment_overdue"),
    ]


@settings(max_examples=300)
@given(day=st.dates(date(2026, 1, 1), date(2027, 1, 1)), stages=st.sets(st.integers(-90, 90)), passed=st.none() | DAYS)
def test_a_thing_is_looked_at_on_the_day_of_its_next_stage(day, stages, passed):
    upcoming = next_day(day, stages, passed)
    if upcoming is None:
        assert all(passed is not None and stage <= passed for stage in stages)
        return
    assert stage_on(day, stages, passed, upcoming - timedelta(days=1)) is None
    assert stage_on(day, stages, passed, upcoming) == reached(day, stages, upcoming)


def test_what_falls_due_on_one_day_is_one_sum():
    days = {"a": on(0).isoformat(), "b": on(0).isoformat(), "c": on(5).isoformat()}
    state = Debts({"a": 100, "b": 50, "c": 7, "day unknown": 1}, days)
    (notice,), after = state.told(STAGES, on(-3))
    assert (notice.amount, notice.days, notice.day) == (150, 3, DUE)
    assert after.next_day(STAGES) == on(-2)
    (later,), _ = after.told(STAGES, on(-2))
    assert (later.amount, later.days, later.day) == (7, 7, on(5))


def test_days_that_are_overdue_together_are_one_reminder_since_the_earliest():
    state = Debts({"a": 100, "b": 50}, {"a": on(-11).isoformat(), "b": on(0).isoformat()})
    (notice,), after = state.told(STAGES, on(3))
    assert (notice.kind, notice.amount, notice.day, notice.days, notice.stage) == (
        "payment_overdue",
        150,
        on(-11),
        14,
        14,
    )
    assert after.passed == {on(-11).isoformat(): 14, on(0).isoformat(): 3}
    assert after.told(STAGES, on(3))[0] == []


def test_old_debts_that_come_to_be_known_are_not_all_told():
    days = {f"chg_{number}": on(-30 * number).isoformat() for number in range(1, 30)}
    state = Debts(dict.fromkeys(days, 100), days)
    (notice,), after = state.told(STAGES, DUE)
    assert (notice.amount, notice.day) == (100, on(-30))
    assert len(after.kept(DUE).days) == 3
    assert after.told(STAGES, on(1))[0] == []


def test_a_window_opens_and_closes():
    policy = Policy(closing=(2, 20))
    assert policy.window_stages(on(-10), on(0)) == (-10, -2)
    assert policy.window_stages(on(-1), on(0)) == (-1,)


def test_an_end_that_has_passed_is_not_told():
    stages = Policy().ending_stages
    assert stage_on(DUE, stages, None, on(-80)) == -90
    assert stage_on(DUE, stages, -90, on(-80)) is None
    assert stage_on(DUE, stages, -90, on(-30)) == -30
    assert stage_on(DUE, stages, None, on(-60)) is None
    assert stage_on(DUE, (-3,), None, on(1)) is None
