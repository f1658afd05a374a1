"""What `BalanceChanged` says is open: as many as fall due first."""

from statements.rules import codec
from statements.rules.state import OpenItem, State


def test_the_first_to_fall_due_are_named():
    items = tuple(
        OpenItem(f"chg_{n}", f"{n}", "rent", "2026-01-01", f"2026-{12 - n:02}-01", 100, 100 - n, "", ())
        for n in range(10)
    )
    stored = codec.encode(State(open_items=items, credits=(), totals={}, balance=955))
    due = {"chg_9": "2026-03-01", "chg_8": "2026-04-01"}
    assert codec.open_first(stored, 2) == ({"chg_9": 91, "chg_8": 92}, due)
    assert len(codec.open_amounts(stored)) == 10
