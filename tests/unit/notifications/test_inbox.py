"""The inbox (D6): who is told, once, and what is read."""

import pytest
from notifications import store
from notifications.service_telling import tell

from shared import clock
from shared.errors import NotFound
from shared.events.envelope import Metadata
from shared.tables import UnitOfWork
from tests.unit.notifications.conftest import ORG


def test_everybody_whose_part_runs_is_told_of_a_payment(world):
    world.settle()
    for token in (world.anna, world.olek):
        (notice,) = world.inbox(token)["items"]
        assert (notice["kind"], notice["read"]) == ("receipt_ready", False)
        assert notice["about"] == {"contract_id": "ctr_1", "payment_id": "pay_1"}
        assert notice["values"] == {
            "amount": 125035,
            "currency": "PLN",
            "day": clock.today("Europe/Warsaw").isoformat(),
        }
    for token in (world.fred, world.sara, world.fatma):
        assert world.inbox(token) == {"items": [], "unread": 0, "next_cursor": None}


def test_when_all_have_left_those_who_left_last_are_told(world):
    left = (
        ("per_anna", "tenant", "2024-05-31"),
        ("per_olek", "owner", "2024-05-31"),
        ("per_fred", "tenant", "2020-01-31"),
    )
    world.start_contract(parties=left)
    world.settle()
    assert [world.inbox(token)["unread"] for token in (world.anna, world.olek, world.fred)] == [1, 1, 0]


def test_suppliers_are_not_told(world):
    world.start_contract(parties=(("per_anna", "supplier", None), ("per_olek", "owner", None)))
    world.settle()
    assert [world.inbox(token)["unread"] for token in (world.anna, world.olek)] == [0, 1]


def test_what_is_said_twice_is_told_once(world):
    world.settle(event_id="evt_a")
    world.settle(event_id="evt_a")
    world.settle(event_id="evt_b")
    assert world.inbox(world.anna)["unread"] == 1
    world.settle("pay_2")
    assert world.inbox(world.anna)["unread"] == 2


def test_an_event_before_its_contract_comes_again(world):
    with pytest.raises(NotFound):
        world.settle(contract_id="ctr_9")


def test_an_older_copy_of_a_contract_changes_nothing(world):
    world.start_contract(parties=(("per_fred", "tenant", None),), occurred_at="2099-11-20T10:00:00Z")
    world.start_contract(occurred_at="2099-11-19T10:00:00Z")
    world.settle()
    assert [world.inbox(token)["unread"] for token in (world.anna, world.fred)] == [0, 1]


def test_read_marks(world):
    for number in range(3):
        world.settle(f"pay_{number}")
    items = world.inbox(world.anna)["items"]
    assert [one["about"]["payment_id"] for one in items] == ["pay_2", "pay_1", "pay_0"]
    assert world.read(world.anna, items[1]["notice_id"]) == 2
    assert [one["read"] for one in world.inbox(world.anna)["items"]] == [False, True, False]
    assert world.inbox(world.olek)["unread"] == 3
    # Again, and somebody else's, change nothing.
    foreign = world.inbox(world.olek)["items"][0]["notice_id"]
    assert world.inbox(world.anna)["unread"] == 2
    assert store.load_notices(ORG, "per_anna", [foreign]) == []


def test_all_are_read_at_once(world):
    for number in range(3):
        world.settle(f"pay_{number}")
    assert world.read(world.anna) == 0
    assert world.inbox(world.anna)["unread"] == 0
    assert world.inbox(world.olek)["unread"] == 3


def test_a_long_inbox_is_paged(world):
    for number in range(35):
        world.settle(f"pay_{number:02}")
    first = world.inbox(world.anna)
    assert (len(first["items"]), first["unread"]) == (30, 35)
    second = world.inbox(world.anna, cursor=first["next_cursor"])
    assert (len(second["items"]), second["next_cursor"]) == (5, None)
    said = [one["about"]["payment_id"] for one in first["items"] + second["items"]]
    assert said == [f"pay_{number:02}" for number in reversed(range(35))]


def test_a_kind_takes_the_values_that_its_words_are_made_of():
    uow = UnitOfWork(store.VARIABLE, Metadata(correlation_id="cor_1", organisation_id=ORG))
    with pytest.raises(ValueError, match="made of"):
        tell(uow, "per_anna", "payment_settled", "x", {}, amount=1)
