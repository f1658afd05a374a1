"""Interest in the books follows what happens to the days behind it, without anybody asking."""

import json
from random import Random

import pytest
from statements import service_interest, store
from statements.rules.overdue import interest, overdue
from statements.service_views import item_of

from shared.events.catalog import InterestRestatementDue
from shared.tables import MAX_OPERATIONS, UnitOfWork, _own_items
from tests.unit.statements.test_interest import TEN, Rate, rent, state, stated  # noqa: F401 - a fixture
from tests.unit.statements.test_refunds import check
from tests.unit.statements.test_routes import charge, read, reverse

UNTIL = "2026-03-01"
RATES = [Rate("2020-01-01", 1000)]


def waiting():
    """What the ledger has said to itself, by the event's id."""
    outbox, _ = _own_items("STATEMENTS_TABLE")
    said = [
        json.loads(item.detail)
        for item in outbox.scan()
        if getattr(item, "detail_type", "") == "InterestRestatementDue"
    ]
    return {event["metadata"]["id"]: InterestRestatementDue.model_validate(event["data"]) for event in said}


def deliver(world, random=None):
    """The queue brings everything, in any order, until nothing more is said. Gives how many events it took."""
    heard: set[str] = set()
    while new := [(event_id, event) for event_id, event in waiting().items() if event_id not in heard]:
        (random or Random(1)).shuffle(new)
        for event_id, event in new:
            world.hear(event, event_id=event_id)
            heard.add(event_id)
    check()
    return len(heard)


def stated_lines():
    """The interest that stands in the books, by the charge that it is on."""
    pk = store.account_pk("org_test", "ctr_1")
    items = store.EntryItem.query(pk, store.EntryItem.sk.startswith("ENTRY#"))
    return {item.accessory_of: item for item in items if item.number and item.rates and not item.reversed_by}


def standing():
    return {charge_id: int(item.amount) for charge_id, item in stated_lines().items()}


def right(charge_id, until=UNTIL):
    account = store.find_account("org_test", "ctr_1")
    item = item_of(account, until, charge_id, store.find_reference("org_test", charge_id).position)
    return interest(overdue(item, until), RATES)


def test_a_charge_back_leaves_what_would_be_owed_had_nobody_paid(world, rent):  # noqa: F811
    # Given rent paid ten days late, with its interest, beside a contract that has never paid
    world.settle("pay_1", 100000, "2026-01-20")
    assert stated(world, rent, UNTIL)["amount"] == 274
    world.start_contract("ctr_2")
    path = {"contract_id": "ctr_2"}
    unpaid = charge(world, "2026-01-01", 100000, path=path, due_date="2026-01-10")["charge_id"]
    assert state(world, unpaid, UNTIL, contract_id="ctr_2")[1]["amount"] == 1370
    # When the payer's bank takes the money back
    world.send_back("pay_1", "rfd_a", 100000, "2026-03-10", cause="dispute")
    assert deliver(world) >= 1
    # Then both owe the same, and the lines say how that came
    assert standing() == {rent: 1370}
    assert check() == check("ctr_2") == 101370
    lines = read(world, "/entries")["items"]
    (back,) = [line for line in lines if line["kind"] == "reversal"]
    posted = {line["entry_id"]: line for line in lines if line["purpose"] == "interest"}
    assert (posted[back["reverses"]]["amount"], back["amount"], len(posted)) == (274, -274, 2)
    assert {item["charge_id"]: item["open"] for item in read(world, "/explain")["open_items"]}[rent] == 100000
    # And when the dispute is won all is as before
    world.undo("pay_1", "rfd_a", 100000, "2026-03-20", cause="dispute")
    deliver(world)
    assert (standing(), check()) == ({rent: 274}, 274)
    # And staff who ask find it right
    assert stated(world, rent, UNTIL)["reversal_id"] is None


def test_a_refund_counts_from_its_day_on(world, rent):  # noqa: F811
    world.settle("pay_1", 100000, "2026-01-20")
    stated(world, rent, UNTIL)
    world.send_back("pay_1", "rfd_a", 40000, "2026-02-09")
    deliver(world)
    # Ten days of all, twenty of what was given back: 493.15, rounded once
    assert standing() == {rent: 493}
    world.undo("pay_1", "rfd_a", 40000, "2026-03-05")
    deliver(world)
    assert (standing(), check()) == ({rent: 274}, 274)


def test_what_came_in_time_but_late_to_us_takes_the_interest_away_until_it_bounces(world, rent):  # noqa: F811
    assert stated(world, rent, UNTIL)["amount"] == 1370
    world.settle("pay_1", 100000, "2026-01-10")
    deliver(world)
    assert (standing(), check()) == ({}, 0)
    world.send_back("pay_1", "rfd_a", 100000, "2026-01-15", cause="bounce")
    deliver(world)
    assert (standing(), check()) == ({rent: 1370}, 101370)


def test_a_payment_that_staff_reverse_and_a_charge_that_was_wrong(world, rent):  # noqa: F811
    world.settle("pay_1", 100000, "2026-01-20")
    stated(world, rent, UNTIL)
    assert reverse(world, "pay_1")[0] == 201
    deliver(world)
    assert standing() == {rent: 1370}
    assert reverse(world, rent)[0] == 201
    deliver(world)
    assert (standing(), check()) == ({}, 0)


def test_what_staff_took_back_or_posted_by_hand_is_left_alone(world, rent):  # noqa: F811
    world.settle("pay_1", 100000, "2026-01-20")
    by_hand = charge(world, UNTIL, 500, purpose="interest", accessory_of=rent)["charge_id"]
    waived = stated(world, rent, UNTIL)["charge_id"]
    assert reverse(world, waived)[0] == 201
    world.send_back("pay_1", "rfd_a", 100000, "2026-03-10", cause="dispute")
    assert deliver(world) == 0
    assert (standing(), check()) == ({}, 100500)
    # Stated for less than the days before: taken back too
    other = charge(world, "2026-01-02", 1000, due_date="2026-01-10")["charge_id"]
    assert stated(world, other, UNTIL)["amount"] == 14
    assert stated(world, other, "2026-01-10")["amount"] == 0
    world.settle("pay_2", 100, "2026-01-15", designated=[by_hand])
    deliver(world)
    assert standing() == {}


def test_what_is_delivered_again_changes_nothing(world, rent):  # noqa: F811
    world.settle("pay_1", 100000, "2026-01-20")
    stated(world, rent, UNTIL)
    world.send_back("pay_1", "rfd_a", 100000, "2026-03-10", cause="dispute")
    deliver(world)
    before = [line["entry_id"] for line in read(world, "/entries")["items"]]
    said = waiting()
    for event_id, event in said.items():
        world.hear(event, event_id=event_id)
        world.hear(event)
    assert [line["entry_id"] for line in read(world, "/entries")["items"]] == before
    assert waiting() == said


def test_many_charges_paid_at_once_fit_their_transactions(world, monkeypatch):
    sizes, commit = [], UnitOfWork.commit
    monkeypatch.setattr(UnitOfWork, "commit", lambda uow: (sizes.append(uow.size), commit(uow))[1])
    monkeypatch.setattr(service_interest, "_MOST_CHECKED", 4)
    world.start_contract()
    charges = [charge(world, "2026-01-01", 10000, due_date=f"2026-01-{10 + at:02}")["charge_id"] for at in range(12)]
    world.settle("pay_1", 120000, "2026-02-01")
    for one in charges:
        state(world, one, UNTIL)
    assert standing() == {one: right(one) for one in charges}
    before, counted = standing(), len(sizes)
    world.send_back("pay_1", "rfd_a", 120000, "2026-03-10", cause="dispute")
    deliver(world)
    assert standing() == {one: right(one) for one in charges}
    assert all(amount > before[one] for one, amount in standing().items())
    assert max(sizes[counted:]) <= 20 < MAX_OPERATIONS


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_the_interest_is_that_of_the_days(world, seed):
    random = Random(seed)
    world.start_contract()
    days = [f"2026-0{month}-{day:02}" for month in (1, 2) for day in range(1, 28, 3)]
    charges = [charge(world, day, random.randrange(20000, 90000))["charge_id"] for day in random.sample(days[:-4], 4)]
    live, ends = {}, {}
    for number in range(14):
        kind = random.choice(["pay", "pay", "state", "state", "back", "undo"])
        if kind == "pay":
            world.settle(f"pay_{number}", 30000, random.choice(days), designated=random.sample(charges, 1))
            live[f"pay_{number}"] = None
        elif kind == "state":
            one, until = random.choice(charges), random.choice(days[-4:])
            ends[one] = max(until, ends.get(one, until))
            stated(world, one, ends[one])
        elif live:
            paid = random.choice(list(live))
            if kind == "undo" and live[paid]:
                refund, cause = live[paid]
                world.undo(paid, refund, 20000, "2026-03-01", cause=cause)
                del live[paid]
            elif live[paid] is None:
                live[paid] = (f"rfd_{number}", random.choice(["refund", "dispute"]))
                world.send_back(paid, live[paid][0], 20000, random.choice(days), cause=live[paid][1])
        if random.random() < 0.3:
            deliver(world, random)
    deliver(world, random)
    lines = stated_lines()
    assert lines, "a history without interest shows nothing"
    for one, line in lines.items():
        assert int(line.amount) == right(one, line.value_date)


def test_the_rates_are_kept_as_staff_gave_them(world, rent):  # noqa: F811
    entry_id = stated(world, rent, UNTIL)["charge_id"]
    item = store.get_entry("org_test", store.find_reference("org_test", entry_id))
    assert json.loads(item.rates) == [[rate["valid_from"], rate["basis_points"]] for rate in TEN]
