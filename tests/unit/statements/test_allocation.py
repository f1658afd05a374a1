"""Allocation by example: art. 451 of the Polish Civil Code and what surrounds it."""

from statements.rules.allocation import effective, replay, step
from statements.rules.state import EMPTY, MAX_CREDITS, MAX_PARTS

from tests.unit.statements.builders import POLICIES, charge, payment, reversal


def shown(state):
    return {item.charge_id: item.open for item in state.open_items}


def test_should_cover_the_named_debts_interest_then_the_debt_and_leave_others_alone():
    # Given two debts with interest each, all due
    entries = [
        charge("chg_A", "2026-01-01", 5000_00),
        charge("chg_Ai", "2026-03-01", 1000_00, purpose="interest", accessory_of="chg_A"),
        charge("chg_B", "2025-12-01", 7000_00),
        charge("chg_Bi", "2026-03-01", 2000_00, purpose="interest", accessory_of="chg_B"),
    ]
    # When 5000 are paid for A
    state = replay([*entries, payment("pay_1", "2026-03-10", 5000_00, ["chg_A"])], POLICIES)
    # Then A's interest is covered, 1000 of A are left, and B with its interest is untouched
    assert shown(state) == {"chg_A": 1000_00, "chg_B": 7000_00, "chg_Bi": 2000_00}
    part = next(item for item in state.open_items if item.charge_id == "chg_A").allocated[0]
    assert (part.payment_id, part.amount, part.rule, part.on) == ("pay_1", 4000_00, "designated", "2026-03-10")


def test_should_not_cover_interest_that_is_not_due_before_the_named_debt():
    entries = [
        charge("chg_A", "2026-01-01", 100),
        charge("chg_Ai", "2026-01-01", 10, due="2026-06-01", purpose="interest", accessory_of="chg_A"),
        payment("pay_1", "2026-02-01", 100, ["chg_A"]),
    ]
    assert shown(replay(entries, POLICIES)) == {"chg_Ai": 10}


def test_should_cover_the_longest_overdue_first_when_nothing_is_named():
    entries = [
        charge("chg_1", "2026-01-01", 100, due="2026-02-10"),
        charge("chg_2", "2026-01-02", 100, due="2026-01-10"),
        payment("pay_1", "2026-03-01", 150),
    ]
    assert shown(replay(entries, POLICIES)) == {"chg_1": 50}


def test_should_cover_what_is_due_on_the_value_date_before_what_is_not():
    entries = [
        charge("chg_ahead", "2026-01-01", 100, due="2026-01-11", purpose="interest"),
        charge("chg_due", "2026-01-01", 100, due="2026-01-10"),
        payment("pay_1", "2026-01-10", 130),
    ]
    state = replay(entries, POLICIES)
    assert shown(state) == {"chg_ahead": 70}
    assert state.open_items[0].allocated[0].rule == "not_yet_due"


def test_should_break_ties_by_purpose_then_date_then_id():
    entries = [
        charge("chg_b", "2026-01-01", 10, due="2026-01-10", purpose="waste"),
        charge("chg_c", "2026-01-02", 10, due="2026-01-10"),
        charge("chg_e", "2026-01-01", 10, due="2026-01-10"),
        charge("chg_d", "2026-01-01", 10, due="2026-01-10"),
        charge("chg_a", "2026-01-01", 10, due="2026-01-10", purpose="security"),
    ]
    paid = []
    for amount in (10, 20, 30, 40):
        left = shown(replay([*entries, payment("pay_1", "2026-02-01", amount)], POLICIES))
        paid.append({"chg_a", "chg_b", "chg_c", "chg_d", "chg_e"} - set(left))
    assert paid == [
        {"chg_d"},
        {"chg_d", "chg_e"},
        {"chg_d", "chg_e", "chg_c"},
        {"chg_d", "chg_e", "chg_c", "chg_b"},
    ]


def test_should_keep_an_overpayment_and_use_the_oldest_first():
    entries = [
        payment("pay_2", "2026-01-02", 50),
        payment("pay_1", "2026-01-01", 50),
        charge("chg_1", "2026-01-05", 70),
    ]
    state = replay(entries, POLICIES)
    assert state.balance == -30
    assert [(credit.payment_id, credit.remaining) for credit in state.credits] == [("pay_2", 30)]
    assert state.totals["rent"].paid == 70


def test_should_use_the_credit_of_a_payment_that_named_the_charge_ahead_of_older_credit():
    entries = [
        payment("pay_1", "2026-01-01", 50),
        payment("pay_2", "2026-01-02", 50, ["chg_1"]),
        charge("chg_1", "2026-01-05", 60),
    ]
    state = replay(entries, POLICIES)
    assert [(credit.payment_id, credit.remaining) for credit in state.credits] == [("pay_1", 40)]


def test_should_say_what_a_step_settled():
    state = step(EMPTY, charge("chg_1", "2026-01-01", 100), POLICIES).state
    done = step(state, payment("pay_1", "2026-01-02", 100), POLICIES)
    assert [item.charge_id for item in done.settled] == ["chg_1"]
    assert done.settled[0].open == 0
    assert done.state.open_items == ()


def test_should_free_the_money_of_a_reversed_charge_for_the_next_one():
    first, second = charge("chg_1", "2026-01-01", 100), charge("chg_2", "2026-02-01", 100)
    entries = [first, second, payment("pay_1", "2026-03-01", 100)]
    assert shown(replay(entries, POLICIES)) == {"chg_2": 100}
    assert shown(replay([*entries, reversal(first)], POLICIES)) == {}


def test_should_leave_reversed_entries_and_reversals_out():
    wrong = payment("pay_1", "2026-03-01", 100)
    assert effective([wrong, reversal(wrong)]) == []


def test_should_bound_the_parts_and_keep_their_sum():
    entries = [charge("chg_1", "2026-01-01", 10_000)]
    entries += [payment(f"pay_{number:04}", "2026-02-01", 1) for number in range(200)]
    item = replay(entries, POLICIES).open_items[0]
    assert len(item.allocated) == MAX_PARTS
    assert item.allocated[0].rule == "earlier"
    assert sum(part.amount for part in item.allocated) == 200 == item.amount - item.open


def test_should_pool_unallocated_payments_beyond_the_limit():
    entries = [payment(f"pay_{number:05}", "2026-02-01", 1) for number in range(MAX_CREDITS + 7)]
    state = replay(entries, POLICIES)
    assert len(state.credits) == MAX_CREDITS
    assert state.credits[-1].pooled == 7
    assert state.credit == MAX_CREDITS + 7 == -state.balance


def test_should_allocate_as_the_example_in_the_documentation_says():
    rent = charge("chg_1", "2026-01-01", 1000, due="2026-01-10")
    waste = charge("chg_2", "2026-01-02", 300, due="2026-01-31", purpose="waste")
    entries = [rent, waste, payment("pay_1", "2026-01-12", 1100)]
    assert shown(replay(entries, POLICIES)) == {"chg_2": 200}
    late = replay([*entries, payment("pay_2", "2026-01-05", 150)], POLICIES)
    assert shown(late) == {"chg_2": 50}
    assert [part.amount for part in late.open_items[0].allocated] == [250]
