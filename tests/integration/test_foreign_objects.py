"""Somebody else's object does not exist: real ids of one tenant, tried by others, on every route that takes an id."""

from dataclasses import dataclass
from datetime import date

import httpx
import pytest

from infra.build import openapi
from shared.http.contracts import PUBLIC, Contract
from tests import reports
from tests.chaos.bank_file import Transfer, write
from tests.integration.payments import start_payment
from tests.tenancy import Tenancy, pages
from tests.unit.payments.providers import samples
from tests.world import World

pytestmark = pytest.mark.world

WITH_ID = [
    item
    for _context, item in openapi.contracts()
    # Providers, channels and kinds of notices go by the same names everywhere: whoever names one means the own organisation's.
    if item.parameters and item.parameters[0] not in {"provider", "channel", "kind"} and item.access != PUBLIC
]
HOUSE_MATE = "another tenant of the same house"
HOUSE = {("GET", path, HOUSE_MATE) for path in ("/incidents/{incident_id}", "/news/{news_id}")}
"""Of an outage the whole house may read, and news to it."""
BOARDS = "/meters/{meter_id}/balance"
"""Of all the house's meters: for staff and the board, whoever may see one of them."""
NAMES = [f"{item.method} {item.path}" for item in WITH_ID]


@dataclass(frozen=True)
class Victim:
    """Real ids of a contract and of its organisation, by the name that routes give them."""

    tenancy: Tenancy
    own: httpx.Client
    ids: dict[str, str]
    imports: dict[str, str]

    def path(self, item: Contract) -> str:
        ids = {**self.ids, "import_id": self.imports.get(item.path, "")}
        return item.path.format(**{name: ids[name] for name in item.parameters})


@dataclass(frozen=True)
class Stranger:
    name: str
    client: httpx.Client
    roles: frozenset[str]


@pytest.fixture(scope="module")
def victim(tenancy: Tenancy) -> Victim:
    number = tenancy.take()
    own, contract_id = tenancy.enrol(number), tenancy.contract_id(number)
    charge = {
        "date": "2026-01-01",
        "due_date": "2026-01-10",
        "type": "bank",
        "purpose": "rent",
        "amount": 100_00,
        "description": "",
    }
    entry = tenancy.staff.post(f"/accounts/{contract_id}/charges", json=charge).json()["charge_id"]
    portfolio = tenancy.world.upload(tenancy.staff, "portfolio", "p.zip", tenancy.portfolio(), "application/zip")
    ledger = tenancy.world.upload(tenancy.staff, "ledger", "charges.csv", b"charge_ref\n", "text/csv")
    # A transfer whose payer nobody knows waits for a person.
    unknown = write(tenancy, [Transfer(9_999_999, 77_00, date(2026, 1, 5), 1)])
    statement = tenancy.world.upload(tenancy.staff, "bank_statement", "a.sta", unknown)
    finished = {
        path: tenancy.finished(path, tenancy.staff.post(path, json={"upload": upload}))["import_id"]
        for path, upload in (("/imports", portfolio), ("/ledger-imports", ledger), ("/bank-statements", statement))
    }
    (transfer,) = tenancy.staff.get("/unmatched-transfers").json()["items"]
    contract = tenancy.staff.get(f"/contracts/{contract_id}").json()
    ticket_id = reports.opened(own, contract_id=contract_id)
    outage = {"kind": "outage", "community_ids": [contract["community"]["community_id"]], "title": "Brak wody"}
    incident = tenancy.staff.post("/incidents", json={**outage, "starts_at": "2026-11-22T08:00:00Z"}).json()
    readings = tenancy.world.upload(tenancy.staff, "meters", "r.csv", b"meter_number,date,value1\n", "text/csv")
    reading_import = tenancy.staff.post("/reading-imports", json={"upload": readings})
    finished["/reading-imports"] = tenancy.finished("/reading-imports", reading_import)["import_id"]
    meter_id, reading_id = _held_reading(tenancy, own, contract["unit"]["unit_id"])
    payment_id, line_id = _online_payment(tenancy, own, contract_id)
    ids = {
        "payment_id": payment_id,
        "line_id": line_id,
        "charge_id": entry,
        "meter_id": meter_id,
        "reading_id": reading_id,
        "contract_id": contract_id,
        "unit_id": contract["unit"]["unit_id"],
        "person_id": contract["holders"][0]["person_id"],
        "entry_id": entry,
        "transfer_id": transfer["transfer_id"],
        "ticket_id": ticket_id,
        "incident_id": incident["incident_id"],
        "news_id": tenancy.wait_for_news(own),
    }
    imports = {f"{path}/{{import_id}}": import_id for path, import_id in finished.items()}
    imports["/reading-imports/{import_id}/problems"] = finished["/reading-imports"]
    return Victim(tenancy, own, ids, imports)


def _held_reading(tenancy: Tenancy, own: httpx.Client, unit_id: str) -> tuple[str, str]:
    """A meter of the flat, and a reading of its tenant that waits for staff: far more than anybody uses in some weeks."""
    meter = {"number": f"W-{tenancy.mark}", "medium": "cold_water", "unit_id": unit_id, "device": {"digits": 5}}
    installed = tenancy.staff.post("/meters", json={**meter, "date": "2026-01-01", "opening": ["00000"]})
    assert installed.status_code == 201, installed.text
    meter_id = installed.json()["meter_id"]
    much = {"date": "2026-01-31", "values": ["90000"], "confirmed": True}
    read = own.post(f"/meters/{meter_id}/readings", json=much)
    assert (read.status_code, read.json()["status"]) == (201, "held"), read.text
    return meter_id, read.json()["reading_id"]


def _online_payment(tenancy: Tenancy, own: httpx.Client, contract_id: str) -> tuple[str, str]:
    """A payment that was started, and a line of the reconciliation: the provider names a payment that nobody started."""
    payment_id, world = start_payment(tenancy, own, contract_id), tenancy.world
    message = samples.itn(samples.itn_fields(orderID="pay-unknown"))
    path, headers = (
        f"/payments/webhooks/autopay/{tenancy.organisation_id}",
        {"Content-Type": "application/octet-stream"},
    )
    said = world.client().post(path, content=message.body, headers={**headers, **message.headers})
    assert "NOTCONFIRMED" in said.text, said.text
    lines = {"state": "missing_here"}
    (line,) = world.wait_until(lambda: tenancy.staff.get("/reconciliation", params=lines).json()["items"] or None)
    return payment_id, line["line_id"]


@pytest.fixture(scope="module")
def strangers(tenancy: Tenancy, neighbour: Tenancy) -> list[Stranger]:
    mate = tenancy.enrol(tenancy.take())
    tenancy.wait_for_news(mate)
    return [
        Stranger(HOUSE_MATE, mate, frozenset({"tenant"})),
        Stranger("a tenant of another organisation", neighbour.enrol(0), frozenset({"tenant"})),
        Stranger("staff of another organisation", neighbour.staff, frozenset({"administrator"})),
    ]


@pytest.mark.parametrize("item", WITH_ID, ids=NAMES)
def test_a_foreign_object_does_not_exist(victim: Victim, strangers: list[Stranger], item: Contract) -> None:
    path = victim.path(item)
    for stranger in strangers:
        answer = stranger.client.request(item.method, path, json=item.example.body, params=item.example.query)
        if (item.method, item.path, stranger.name) in HOUSE:
            assert answer.status_code == 200
            continue
        expected = (404, "not_found") if stranger.roles & item.roles else (403, "forbidden")
        assert (answer.status_code, answer.json()["code"]) == expected, stranger.name


@pytest.mark.parametrize(
    "item", [item for item in WITH_ID if item.method == "GET"], ids=[name for name in NAMES if name.startswith("GET")]
)
def test_the_same_ids_are_there_for_those_who_may(victim: Victim, item: Contract) -> None:
    """Without this the test above could pass on ids that nobody has."""
    answer = victim.tenancy.staff.get(victim.path(item), params=item.example.query)
    assert answer.status_code == 200, answer.text
    if "tenant" in item.roles:
        own = victim.own.get(victim.path(item), params=item.example.query)
        assert own.status_code == (404 if item.path == BOARDS else 200)


def test_strangers_have_changed_nothing(victim: Victim, strangers: list[Stranger]) -> None:
    for item in WITH_ID:
        for stranger in strangers:
            stranger.client.request(item.method, victim.path(item), json=item.example.body, params=item.example.query)
    ticket = reports.see(victim.own, victim.ids["ticket_id"])
    assert (ticket["version"], ticket["status"], len(ticket["timeline"])) == (1, "not_reviewed", 1)
    assert victim.own.get(f"/incidents/{victim.ids['incident_id']}").json()["updates"] == []
    account = victim.own.get(f"/accounts/{victim.ids['contract_id']}").json()
    assert account["balance"] == 100_00
    (waiting,) = victim.tenancy.staff.get("/unmatched-transfers").json()["items"]
    assert waiting["transfer_id"] == victim.ids["transfer_id"]
    assert victim.own.get(f"/payments/{victim.ids['payment_id']}").json()["state"] == "started"
    (line,) = victim.tenancy.staff.get("/reconciliation", params={"state": "missing_here"}).json()["items"]
    assert (line["line_id"], line["note"]) == (victim.ids["line_id"], None)


def test_lists_hold_own_things_only(victim: Victim, strangers: list[Stranger]) -> None:
    assert [item["contract_id"] for item in pages(victim.own, "/contracts")] == [victim.ids["contract_id"]]
    assert (
        "holders" not in victim.own.get("/contracts").json()["items"][0]
        or not victim.own.get("/contracts").json()["items"][0]["holders"]
    )
    for stranger in strangers:
        assert victim.ids["contract_id"] not in {item["contract_id"] for item in pages(stranger.client, "/contracts")}


def test_uploads_of_another_organisation_cannot_be_named(world: World, victim: Victim, neighbour: Tenancy) -> None:
    tenancy = victim.tenancy
    for purpose, path in (
        ("bank_statement", "/bank-statements"),
        ("portfolio", "/imports"),
        ("ledger", "/ledger-imports"),
    ):
        name = {"bank_statement": "a.sta", "portfolio": "p.zip", "ledger": "charges.csv"}[purpose]
        key = world.upload(tenancy.staff, purpose, name, b"secret")
        for tried in (
            key,
            key.replace(f"/{purpose}/", f"/{purpose}/../"),
            f"org/{neighbour.organisation_id}/{purpose}/../../{key}",
        ):
            answer = neighbour.staff.post(path, json={"upload": tried})
            assert answer.status_code in {404, 422}, (path, tried, answer.text)
    # A file handed in for one purpose is not taken for another.
    other = world.upload(neighbour.staff, "portfolio", "p.zip", b"secret")
    assert neighbour.staff.post("/bank-statements", json={"upload": other}).status_code in {404, 422}
