"""What one household says to its manager stays between them, and what staff say among themselves stays with staff.

On the running portal with the roles enforced: files by their keys and addresses, internal words by a marker on every route there is.
"""

import secrets
from dataclasses import dataclass

import httpx
import pytest

from infra.build import openapi
from shared.http.contracts import PUBLIC, Contract
from tests import reports
from tests.integration.payments import start_payment
from tests.tenancy import Tenancy
from tests.unit.uploads.media import EICAR, PLACE, pdf
from tests.world import World

pytestmark = pytest.mark.world

READS = [item for _context, item in openapi.contracts() if item.method == "GET" and item.access != PUBLIC]
BOARDS = frozenset({"/meters/{meter_id}/balance"})
"""For staff and the board, which a tenant is told nothing of."""
LISTS = ("all", "open", "shut", "not_reviewed", "in_progress", "reviewed")


@dataclass(frozen=True)
class Household:
    """A tenant, signed in, with the ids that routes ask for."""

    client: httpx.Client
    ids: dict[str, str]

    @property
    def contract_id(self) -> str:
        return self.ids["contract_id"]


@dataclass(frozen=True)
class Case:
    """A ticket with a photo, and all who might look at it."""

    tenancy: Tenancy
    own: Household
    other: Household
    key: str
    ticket_id: str


@pytest.fixture(scope="module")
def case(world: World, tenancy: Tenancy) -> Case:
    own, other = household(tenancy), household(tenancy)
    key = reports.ready_file(world, own.client)
    ticket_id = reports.opened(own.client, contract_id=own.contract_id, attachments=[key])
    return Case(tenancy, own, other, key, ticket_id)


def household(tenancy: Tenancy) -> Household:
    number = tenancy.take()
    client, contract_id = tenancy.enrol(number), tenancy.contract_id(number)
    contract = tenancy.staff.get(f"/contracts/{contract_id}").json()
    ids = {
        "contract_id": contract_id,
        "unit_id": contract["unit"]["unit_id"],
        "community_id": contract["community"]["community_id"],
    }
    ids["meter_id"] = _metered(tenancy, ids["unit_id"], number)
    ids["payment_id"] = start_payment(tenancy, client, contract_id)
    ids["news_id"] = tenancy.wait_for_news(client)
    return Household(client, {**ids, "person_id": tenancy.people[tenancy.holder(number)]})


def _metered(tenancy: Tenancy, unit_id: str, number: int) -> str:
    meter = {
        "number": f"T-{tenancy.mark}-{number}",
        "medium": "cold_water",
        "unit_id": unit_id,
        "device": {"digits": 5},
    }
    installed = tenancy.staff.post("/meters", json={**meter, "date": "2026-01-01", "opening": ["00000"]})
    assert installed.status_code == 201, installed.text
    return str(installed.json()["meter_id"])


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def fetched(url: str) -> httpx.Response:
    """The answer to somebody who has an address and nothing else."""
    return httpx.get(url, trust_env=False, timeout=60)


# ------------------------------------------------------------------ files
def test_a_photo_comes_back_upright_and_without_its_place(case: Case) -> None:
    shown = reports.see(case.own.client, case.ticket_id)
    (attachment,) = shown["timeline"][0]["attachments"]
    assert PLACE in reports.photo()
    assert (attachment["name"], attachment["type"]) == ("cieknie.jpg", "image/jpeg")
    assert (attachment["width"], attachment["height"]) == (480, 640), "it lay on its side"
    for address in (attachment["url"], attachment["thumbnail_url"]):
        answer = fetched(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), answer.text
        assert answer.content.startswith(b"\xff\xd8")
        for trace in (PLACE, b"Exif", b"Telephone Maker", b"xmpmeta"):
            assert trace not in answer.content
    assert len(fetched(attachment["url"]).content) == attachment["size"]


def test_a_file_that_a_ticket_holds_is_kept(world: World, case: Case) -> None:
    """Said by the ticket's own event: what nobody claims expires."""
    folder = case.key.replace("incoming/", "checked/", 1).rpartition("/")[0]
    s3, bucket = world.deployment.client("s3"), world.deployment.outputs["UploadsBucket"]

    def tags(name: str) -> dict[str, str]:
        found = s3.get_object_tagging(Bucket=bucket, Key=f"{folder}/{name}")["TagSet"]
        return {each["Key"]: each["Value"] for each in found}

    for name in ("file", "thumbnail.jpg"):
        world.wait_until(lambda named=name: tags(named) == {"claimed": "yes"}, 60)
    assert s3.list_objects_v2(Bucket=bucket, Prefix=case.key)["KeyCount"] == 0, "the original tells the place"


def test_a_file_is_read_by_its_signed_address_only(world: World, case: Case) -> None:
    (attachment,) = reports.see(case.own.client, case.ticket_id)["timeline"][0]["attachments"]
    address, _, signature = attachment["url"].partition("?")
    thumbnail = attachment["thumbnail_url"].partition("?")[0]
    bucket = f"{world.deployment.endpoint_url}/{world.deployment.outputs['UploadsBucket']}"
    assert fetched(f"{address}?{signature}").status_code == 200
    for tried in (address, f"{thumbnail}?{signature}", f"{bucket}/{case.key}", f"{bucket}?list-type=2&prefix=checked/"):
        assert fetched(tried).status_code == 403, tried


def test_files_of_one_household_are_nothing_to_another(case: Case, neighbour: Tenancy) -> None:
    upload_id, name = case.key.rsplit("/", 2)[1:]
    for stranger in (case.other.client, neighbour.staff):
        assert refusal(stranger.get(f"/tickets/{case.ticket_id}")) == (404, "not_found")
        assert refusal(stranger.post("/uploads/checks", json={"key": case.key})) == (404, "not_found")
        for status in LISTS:
            listed = stranger.get("/tickets", params={"status": status})
            assert listed.status_code == 200, listed.text
            assert case.ticket_id not in listed.text
            assert upload_id not in listed.text
    # Named in a report or a comment of one's own, it is a key that was never given out; for staff of the house, too.
    own = reports.opened(case.other.client, contract_id=case.other.contract_id)
    tricks = (
        case.key,
        case.key.replace(name, f"../{upload_id}/{name}"),
        f"incoming/{case.key}",
        case.key.replace("incoming/", "checked/"),
    )
    for client, contract_id in (
        (case.other.client, case.other.contract_id),
        (case.tenancy.staff, case.other.contract_id),
    ):
        for key in tricks:
            refused = reports.report(client, contract_id=contract_id, attachments=[key])
            assert refusal(refused) == (422, "unknown_upload"), key
            refused = client.post(f"/tickets/{own}/comments", json={"text": "", "attachments": [key]})
            assert refusal(refused) == (422, "unknown_upload"), key
    # And under the stranger's own name there is nothing.
    mine = case.key.replace(case.own.ids["person_id"], case.other.ids["person_id"])
    refused = case.other.client.post(f"/tickets/{own}/comments", json={"attachments": [mine]})
    assert refusal(refused) == (422, "upload_not_ready")
    assert not reports.see(case.other.client, own)["timeline"][0]["attachments"]
    assert len(reports.see(case.tenancy.staff, own)["timeline"]) == 1


def test_an_infected_file_gets_into_no_ticket(world: World, case: Case) -> None:
    for name, body, code in (
        ("rachunek.pdf", pdf(EICAR), "upload_infected"),
        ("eicar.jpg", EICAR, "upload_content_refused"),
    ):
        key = reports.send_file(world, case.own.client, name, body)
        found = reports.checked(world, case.own.client, key)
        assert (found["state"], found["code"]) == ("refused", code)
        refused = reports.report(case.own.client, contract_id=case.own.contract_id, attachments=[key])
        assert refusal(refused) == (422, "upload_refused")
        refused = case.own.client.post(f"/tickets/{case.ticket_id}/comments", json={"attachments": [key]})
        assert refusal(refused) == (422, "upload_refused")
        folder = key.replace("incoming/", "checked/", 1).rpartition("/")[0]
        s3, bucket = world.deployment.client("s3"), world.deployment.outputs["UploadsBucket"]
        kept = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix=folder).get("Contents", [])]
        assert kept == [f"{folder}/result.json"]


# ------------------------------------------------------------------ words
@dataclass(frozen=True)
class Secret:
    """A ticket of which staff have said things among themselves, each with the marker in it."""

    ticket_id: str
    incident_id: str
    marker: str
    hidden: tuple[str, ...]
    """What else people outside the staff must never read in answers about tickets."""


@pytest.fixture(scope="module")
def secret(world: World, case: Case) -> Secret:
    staff, marker = case.tenancy.staff, f"Wewn{secrets.token_hex(8)}"
    ticket_id = reports.opened(case.own.client, contract_id=case.own.contract_id)
    key = reports.ready_file(world, staff, f"{marker}.pdf", pdf(b"kosztorys"))
    said = {"text": f"Lokator zalega. {marker}", "internal": True, "attachments": [key]}
    assert staff.post(f"/tickets/{ticket_id}/comments", json=said).status_code == 201
    body = {
        "kind": "outage",
        "community_ids": [case.own.ids["community_id"]],
        "title": "Brak wody",
        "starts_at": "2026-11-22T08:00:00Z",
    }
    incident = staff.post("/incidents", json=body)
    assert incident.status_code == 201, incident.text
    me = staff.get("/auth/me").json()["person"]["person_id"]
    reports.change(staff, ticket_id, assignee_id=me, supplier_id=f"sup_{marker}", status="waiting_for_supplier")
    return Secret(
        ticket_id,
        incident.json()["incident_id"],
        marker,
        (me, key.rsplit("/", 2)[1], "waiting_for_supplier", "assigned"),
    )


def test_staff_read_the_marker(case: Case, secret: Secret) -> None:
    """Without this the tests below could pass on words that nobody has said."""
    text = case.tenancy.staff.get(f"/tickets/{secret.ticket_id}").text
    assert text.count(secret.marker) >= 3
    assert all(word in text for word in secret.hidden)
    assert secret.marker in case.tenancy.staff.get("/tickets").text


@pytest.mark.parametrize("item", READS, ids=[f"GET {item.path}" for item in READS])
def test_no_route_tells_residents_what_staff_say_among_themselves(case: Case, secret: Secret, item: Contract) -> None:
    ids = {**case.own.ids, "ticket_id": secret.ticket_id, "incident_id": secret.incident_id}
    resident = "tenant" in item.roles
    assert not resident or all(name in ids for name in item.parameters), "give this test an id of that kind"
    path = item.path.format(**{name: ids.get(name, "x_1") for name in item.parameters})
    for client in (case.own.client, case.other.client):
        for query in queries(item, ids):
            answer = client.get(path, params=query)
            if client is case.own.client:
                expected = 404 if item.path in BOARDS else 200
                assert answer.status_code == (expected if resident else 403), (query, answer.text)
            said = answer.text + str(answer.headers)
            assert secret.marker not in said
            if "ticket" in item.path or "incident" in item.path:
                assert not [word for word in secret.hidden if word in said]


def queries(item: Contract, ids: dict[str, str]) -> list[dict[str, str]]:
    """The ways in which a route is asked."""
    if item.path == "/tickets":
        return [
            {},
            *({"status": status} for status in LISTS),
            {"contract_id": ids["contract_id"]},
            {"type": "technical", "status": "all"},
        ]
    if item.path == "/tickets/similar":
        return [{"contract_id": ids["contract_id"], "category": reports.REPORT["category"]}]
    return [{name: ids.get(name, value) for name, value in (item.example.query or {}).items()}]


def test_a_residents_own_steps_are_answered_without_it(case: Case, secret: Secret) -> None:
    """What he sends, and what he is refused, with staff's words between."""
    own, staff, path = case.own.client, case.tenancy.staff, f"/tickets/{secret.ticket_id}"
    internal = {"text": f"Nadal zalega. {secret.marker}", "internal": True}
    steps = (
        ("/comments", {"text": "Kiedy ktoś przyjdzie?"}, 201),
        ("/comments", {"text": "Do siebie", "internal": True}, 403),
        ("/rating", {"stars": 2}, 409),
        ("done", None, 200),
        ("/comments", {"text": "Za późno"}, 409),
        ("/rating", {"stars": 2, "text": "Długo."}, 201),
        ("/reopening", {"text": "Znowu cieknie."}, 201),
        ("/withdrawal", None, 201),
        ("/withdrawal", None, 409),
    )
    for step, body, status in steps:
        assert staff.post(f"{path}/comments", json=internal).status_code == 201
        if step == "done":
            reports.change(staff, secret.ticket_id, status="done", text="Wymieniono uszczelkę.")
            continue
        answer = own.post(f"{path}{step}", json=body)
        assert answer.status_code == status, (step, answer.text)
        assert secret.marker not in answer.text + str(answer.headers)
        assert not [word for word in secret.hidden if word in answer.text]
        assert secret.marker not in own.get(path).text
    assert staff.get(path).text.count(secret.marker) >= len(steps)
