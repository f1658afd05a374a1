"""What the board offers is what the server's table of transitions allows."""

import re
from pathlib import Path

from tickets.rules import transitions
from tickets.rules.statuses import OPEN, SHUT

RULES = Path(__file__).parents[2] / "web" / "src" / "pages" / "parts" / "desk-rules.ts"


def test_the_board_offers_the_steps_that_staff_may_take() -> None:
    rows = re.findall(r"^  (\w+): \[(.*)\],$", RULES.read_text(), re.MULTILINE)
    offered = {status: set(re.findall(r"'(\w+)'", steps)) for status, steps in rows}
    assert offered == {status: set(transitions.staff_statuses(status)) for status in OPEN + SHUT}


def test_the_board_asks_for_words_where_the_server_wants_them() -> None:
    for status in OPEN + SHUT:
        for to in transitions.staff_statuses(status):
            way = transitions.find_way(status, to, "staff", "change")
            wanted = "result" if to == "done" else "reason" if to in ("closed", "declined") or status in SHUT else None
            assert way
            assert way.needs == wanted, (status, to)
