"""Outbox -> relay -> bus -> queue -> consumer, once for each chain: what one context says changes what another one answers."""

import json
import time
from datetime import date, timedelta

import httpx
import pytest

from shared import clock
from tests.chaos.bank_file import Transfer, write
from tests.e2e.mail import mails
from tests.integration.inbox import COLLECTED, letters, told
from tests.queues import Queues
from tests.tenancy import Tenancy
from tests.world import World

pytestmark = pytest.mark.world

CHARGE = {
    "date": "2026-01-01",
    "due_date": "2026-01-10",
    "type": "bank",
    "purpose": "rent",
    "amount": 300_00,
    "description": "Czynsz",
}


@pytest.fixture(scope="module")
def renamed(world: World, house: Tenancy) -> str:
    """The other name that the house has taken meanwhile."""
    name = "Zarządca Odnowiony"
    world.deployment.invoke("RegistryOperatorFunction", {**house.profile.model_dump(mode="json"), "name": name})
    return name


@pytest.mark.usefixtures("renamed")
def test_organisation_registered_reaches_auth(house: Tenancy) -> None:
    """The profile is in the access table: without it nobody could have signed in, and the ledger would know no policy."""
    organisation = house.staff.get("/auth/me").json()["organisation"]
    assert organisation["organisation_id"] == house.organisation_id
    assert (organisation["currency"], organisation["time_zone"]) == ("PLN", house.time_zone)


def test_contract_started_opens_the_account_grants_access_and_is_indexed(world: World, house: Tenancy) -> None:
    tenant = house.enrol(0)
    contract_id = house.contract_id(0)
    grants = tenant.get("/auth/me").json()["grants"]
    assert contract_id in {grant.get("contract_id") for grant in grants}
    account = tenant.get(f"/accounts/{contract_id}").json()
    assert (account["balance"], account["currency"]) == (0, "PLN")
    done = import_statement(house, [Transfer(0, 12_34, date(2026, 1, 2), 1)])
    assert (done["matched"], done["unmatched"]) == (1, 0)
    # PaymentSettled -> the ledger books; BalanceChanged -> the register of contracts follows.
    world.wait_until(lambda: tenant.get(f"/accounts/{contract_id}").json()["balance"] == -12_34, 60)
    (payment,) = tenant.get(f"/accounts/{contract_id}/payments").json()["items"]
    assert (payment["amount"], payment["value_date"], payment["unallocated"]) == (12_34, "2026-01-02", 12_34)


def test_balance_changed_reaches_the_register(world: World, house: Tenancy) -> None:
    contract_id = house.contract_id(1)
    assert house.staff.post(f"/accounts/{contract_id}/charges", json=CHARGE).status_code == 201

    def debt() -> int:
        return int(house.staff.get(f"/contracts/{contract_id}").json()["current_debt"])

    world.wait_until(lambda: debt() == 300_00, 60)
    import_statement(house, [Transfer(1, 100_00, date(2026, 1, 3), 2)])
    world.wait_until(lambda: debt() == 200_00, 60)


@pytest.fixture(scope="module")
def clerk(world: World, house: Tenancy) -> httpx.Client:
    """One of the staff who is in the register, as the administrator is not."""
    person = {
        "person_id": house.people[house.clerk],
        "email": house.clerk,
        "first_name": "Piotr",
        "last_name": "Zieliński",
    }
    answer = house.staff.post("/auth/enrolments", json={"people": [{**person, "locale": "pl", "roles": ["staff"]}]})
    assert answer.status_code == 201, answer.text
    house.set_password(house.clerk)
    return world.client(house.clerk)


def test_the_clock_tells_the_staff_once_that_a_verification_expires(
    world: World, house: Tenancy, clerk: httpx.Client, queues: Queues
) -> None:
    unit = house.staff.get(f"/contracts/{house.contract_id(0)}").json()["unit"]
    number, last = f"W-{house.mark}", clock.today(house.time_zone) + timedelta(days=90)
    meter = {
        "number": number, "medium": "cold_water", "unit_id": unit["unit_id"], "verified_until": last.isoformat(),
        "device": {"digits": 5, "decimals": 3, "max_flow": "3.125"}, "date": "2026-01-01", "opening": ["00000.000"],
    }  # fmt: skip
    assert house.staff.post("/meters", json=meter).status_code == 201
    # VerificationsChanged -> the reminder of its day; TellingDue -> each of the staff; NotificationQueued -> the mail.
    world.wait_until(lambda: house.count("NOTIFICATIONS", "REMIND#verification"), 60)
    for _ in range(2):
        world.deployment.invoke("NotificationsRemindersFunction", {})
    world.wait_until(lambda: [one for one in told(clerk, "staff_verification_expiring") if one["deliveries"]], 60)
    world.wait_until(lambda: not queues.depths(), 60)
    (alarm,) = told(clerk, "staff_verification_expiring")
    assert alarm["values"] == {"meters": 1, "numbers": number, "days": 90, "day": last.isoformat()}
    assert [one["channel"] for one in alarm["deliveries"]] == ["email"]
    (mail,) = (text for text in mails(world, house.clerk) if number in text)
    assert "za 90 dni" in mail.replace("\u00a0", " ")


def test_what_waits_for_a_digest_is_in_the_inbox_and_not_sent(
    world: World, house: Tenancy, collected: httpx.Client
) -> None:
    assert [one["deliveries"] for one in told(collected, "charge_posted")] == [[]] * len(COLLECTED)
    assert letters(world, house) == []


def test_a_transfer_assigned_by_a_person_is_booked_and_taught(world: World, house: Tenancy) -> None:
    unknown = Transfer(7_777_777, 55_00, date(2026, 1, 4), 3)
    assert import_statement(house, [unknown])["unmatched"] == 1
    (waiting,) = house.staff.get("/unmatched-transfers").json()["items"]
    answer = house.staff.post(
        f"/unmatched-transfers/{waiting['transfer_id']}/assignment", json={"contract_id": house.contract_id(2)}
    )
    assert answer.status_code == 201, answer.text
    world.wait_until(lambda: house.staff.get(f"/accounts/{house.contract_id(2)}").json()["balance"] == -55_00, 60)
    assert house.staff.get("/unmatched-transfers").json()["items"] == []
    # The same payer with the same amount is known now, or at least proposed.
    import_statement(house, [Transfer(7_777_777, 55_00, date(2026, 2, 4), 4)])
    again = house.staff.get("/unmatched-transfers").json()["items"]
    assert not again or house.contract_id(2) in {each["contract_id"] for each in again[0]["candidates"]}


def test_contact_changed_is_in_the_register_at_once_and_in_the_search_soon(world: World, house: Tenancy) -> None:
    tenant = world.client(house.holder(0))
    answer = tenant.patch("/me/contact", json={"last_name": "Żurawska", "phone": "+48 600 100 200"})
    assert answer.status_code == 200, answer.text
    person_id = tenant.get("/auth/me").json()["person"]["person_id"]
    shown = house.staff.get(f"/people/{person_id}").json()
    assert "Żurawska" in json.dumps(shown, ensure_ascii=False)
    assert "+48600100200" in json.dumps(shown)

    def found() -> set[str]:
        return {item["contract_id"] for item in house.staff.get("/contracts", params={"q": "zurawska"}).json()["items"]}

    world.wait_until(lambda: found() == {house.contract_id(0)}, 60)


def test_contract_ended_closes_the_house_but_not_the_books(world: World, house: Tenancy) -> None:
    number = 3
    tenant = house.enrol(number)
    contract_id = house.contract_id(number)
    unit_id = tenant.get(f"/contracts/{contract_id}").json()["unit"]["unit_id"]
    assert tenant.get(f"/units/{unit_id}").status_code == 200
    house.ended[number] = "2026-01-31"
    assert import_portfolio(world, house)["created"] == 0
    world.wait_until(lambda: house.staff.get(f"/contracts/{contract_id}").json()["ends_on"] == "2026-01-31", 60)
    world.wait_until(lambda: tenant.get(f"/units/{unit_id}").status_code == 404, 60)
    # Money keeps coming after people have left, and what they owe still concerns them.
    import_statement(house, [Transfer(number, 9_00, date(2026, 2, 5), 5)])
    world.wait_until(lambda: tenant.get(f"/accounts/{contract_id}").json()["balance"] == -9_00, 60)


def test_mandate_started_and_ended_open_and_close_the_house(world: World, house: Tenancy) -> None:
    board = world.client(house.holder(0))
    other = house.contract_id(1)
    before = board.get(f"/accounts/{other}").status_code
    assert before == 404
    house.mandates = [("p0", "house", "board_member", "2025-01-01", "")]
    import_portfolio(world, house)
    world.wait_until(lambda: any(grant["role"] == "board_member" for grant in grants_of(board)), 60)
    house.mandates = [("p0", "house", "board_member", "2025-01-01", "2025-12-31")]
    import_portfolio(world, house)
    world.wait_until(lambda: not any(grant["role"] == "board_member" for grant in grants_of(board)), 60)


def test_events_are_delivered_in_seconds(world: World, house: Tenancy, queues: Queues) -> None:
    contract_id = house.contract_id(2)
    before = int(house.staff.get(f"/contracts/{contract_id}").json()["current_debt"])
    began = time.monotonic()
    assert house.staff.post(f"/accounts/{contract_id}/charges", json=CHARGE).status_code == 201
    world.wait_until(lambda: house.staff.get(f"/contracts/{contract_id}").json()["current_debt"] != before, 60)
    assert time.monotonic() - began < 15
    assert queues.dead() == {}


def test_organisation_changed_is_heard(world: World, house: Tenancy, renamed: str) -> None:
    def name() -> str:
        client = world.client()
        return str(client.get(f"/organisations/{house.profile.slug}").json()["name"])

    # Functions keep a profile for a minute at most, which the tests before have mostly waited for.
    world.wait_until(lambda: name() == renamed, 100)


def test_every_outbox_item_of_the_house_was_consumed_where_it_is_wanted(house: Tenancy, queues: Queues) -> None:
    """No event of these tests was lost on its way: each has its inbox item with every context that listens to it."""
    house.world.wait_until(lambda: not queues.depths(), 60)
    tables = {"auth": "ACCESS", "registry": "REGISTRY", "statements": "STATEMENTS", "payments": "PAYMENTS"}
    items = {context: list(house.items(table)) for context, table in tables.items()}
    inboxes = {context: {item["pk"].partition("#INBOX#")[2] for item in found} for context, found in items.items()}
    listeners = {name: set(app.consumers.handlers) for name, app in consumers().items()}
    said = [item for found in items.values() for item in found if item["sk"] == "OUTBOX"]
    assert len(said) > 20
    for item in said:
        event_id = json.loads(item["detail"])["metadata"]["id"]
        for context, handled in listeners.items():
            if item["detail_type"] in handled:
                assert event_id in inboxes[context], (item["detail_type"], context)


def consumers() -> dict:
    from auth import app as auth
    from payments import app as payments
    from registry import app as registry
    from statements import app as statements

    return {"auth": auth, "registry": registry, "statements": statements, "payments": payments}


def grants_of(client) -> list[dict]:
    answer = client.get("/auth/me")
    return list(answer.json()["grants"]) if answer.status_code == 200 else []


def import_portfolio(world: World, house: Tenancy) -> dict:
    upload = world.upload(house.staff, "portfolio", "portfolio.zip", house.portfolio(), "application/zip")
    done = house.finished("/imports", house.staff.post("/imports", json={"upload": upload}))
    assert done["state"] == "done", done
    return done


def import_statement(house: Tenancy, given: list[Transfer]) -> dict:
    upload = house.world.upload(house.staff, "bank_statement", "a.sta", write(house, given))
    done = house.finished("/bank-statements", house.staff.post("/bank-statements", json={"upload": upload}))
    assert done["state"] == "done", done
    return done
