"""A ticket and all that belongs to it come into being together, wherever the process that makes it is killed.

The real handler runs in a process of its own against a table that survives it. It is killed by SIGKILL before each of its calls to AWS, and
again after each is sent but before its answer is read; then the table is compared with what it was before.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from shared.events.catalog import ContractStarted, Party
from tests.chaos.mortals import Mortals
from tests.chaos.stage import Items, Stage, every_death, kinds_changed
from tests.load.figures import say
from tests.load.stand import ORGANISATION, VARIABLES, emulator
from tests.support import CONTEXT_TABLES, api_event, create_table, event_message

pytestmark = pytest.mark.chaos

TENANT, STAFF = "per_tenant", "per_staff"
CONTRACT, COMMUNITY = "con_1", "com_1"
FOLDER = f"org/{ORGANISATION}/ticket/{TENANT}/upl_1"
OF_OPENING = {
    "TICKET", "ENTRY", "OUTBOX TicketOpened", "SERIES", "NUMBER", "DUE", "LIMIT", "INCIDENT link", "INCIDENT count", "ONCE",
}  # fmt: skip
OF_ENDING = {"TICKET", "ENTRY", "OUTBOX TicketStatusChanged", "DUE"}


@dataclass
class Desk(Stage):
    """Who acts, and an incident that is open."""

    tenant: str = ""
    staff: str = ""
    incident_id: str = ""


@pytest.fixture(scope="module")
def stage() -> Iterator[Desk]:
    with emulator() as url, Mortals(url, "tickets") as mortals:
        here = Desk(url, mortals, "tickets")
        for name in CONTEXT_TABLES:
            create_table(here.dynamodb, name)
        put_checked_file(here.client("s3"))
        furnish(here)
        yield here


def put_checked_file(s3: Any) -> None:
    bucket = VARIABLES["UPLOADS_BUCKET"]
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": VARIABLES["AWS_REGION"]})
    result = {"state": "ready", "code": None, "name": "leak.jpg", "type": "image/jpeg", "size": 9, "thumbnail": True}
    s3.put_object(Bucket=bucket, Key=f"checked/{FOLDER}/result.json", Body=json.dumps(result))


def furnish(stage: Desk) -> None:
    stage.tenant = stage.mortals.sign_in(TENANT, ("tenant", "contract", CONTRACT))
    stage.staff = stage.mortals.sign_in(STAFF, ("staff", "organisation", ORGANISATION))
    day = date(2020, 1, 1)
    started = ContractStarted(
        contract_id=CONTRACT, number="L/1", type="lease", unit_id="unt_1", community_id=COMMUNITY, currency="PLN",
        starts_on=day, ends_on=None, parties=[Party(person_id=TENANT, role="tenant", starts_on=day, ends_on=None)],
        payment_references=[],
    )  # fmt: skip
    assert stage.mortals.hear(event_message(started, ORGANISATION)).status == 200
    allow_many(stage)
    body = {"kind": "outage", "community_ids": [COMMUNITY], "title": "Brak wody", "starts_at": "2026-11-22T08:00:00Z"}
    opened = stage.mortals.request(api_event("POST", "/incidents", body=body, token=stage.staff))
    assert opened.status == 201, opened
    stage.incident_id = opened.body["incident_id"]


def allow_many(stage: Desk) -> None:
    """One reporter opens more tickets here than anybody may in a day."""
    token = stage.mortals.sign_in("per_administrator", ("administrator", "organisation", ORGANISATION))
    settings = stage.mortals.request(api_event("GET", "/ticket-settings", token=token)).body
    body = {**settings, "tickets_a_day": 1000}
    assert stage.mortals.request(api_event("PUT", "/ticket-settings", body=body, token=token)).status == 200


# ------------------------------------------------------------------ opening
def test_a_ticket_is_there_with_all_that_belongs_to_it_or_not_at_all(stage: Desk) -> None:
    numbers, killed, late = [], 0, 0
    for death in every_death():
        before, event = stage.items(), opening(stage)
        end = stage.mortals.request(event, death)
        if not end.killed:
            break
        after = stage.rest()
        written = changes(before, after)
        assert written in (set(), OF_OPENING), (death, written)
        check_opened(after)
        killed, late = killed + 1, late + bool(written)
        # The reporter tries again under the same key: he gets the ticket that stands, or the next number without a gap.
        again = stage.mortals.request(event)
        assert again.status == 201, again
        whole = stage.items()
        assert whole == after if written else changes(before, whole) == OF_OPENING
        check_opened(whole)
        numbers.append(again.body["number"])
    assert end.status == 201, end
    numbers.append(end.body["number"])
    assert [int(number[5:]) for number in numbers] == list(range(1, len(numbers) + 1))
    assert killed == 2 * len(end.calls)
    assert late, "none was killed behind its commit"
    say(
        f"\n  opening: {len(end.calls)} calls, {killed} killed, of these {late} behind the commit; {len(numbers)} numbers, no gap"
    )


def opening(stage: Desk) -> dict[str, Any]:
    body = {
        "contract_id": CONTRACT, "type": "technical", "category": "kitchen_leak", "subject": "Cieknie pod zlewem",
        "description": "Od rana.", "incident_id": stage.incident_id, "attachments": [f"incoming/{FOLDER}/leak.jpg"],
    }  # fmt: skip
    return api_event("POST", "/tickets", body=body, token=stage.tenant, headers={"Idempotency-Key": str(uuid.uuid4())})


def check_opened(after: Items) -> None:
    """Heads, entries, events, numbers, pointers and counts say the same."""
    heads = [item for (_pk, sk), item in after.items() if sk == "TICKET"]
    numbers = sorted(head["number"] for head in heads)
    assert numbers == [f"{number[:5]}{place:06d}" for place, number in enumerate(numbers, 1)]
    assert sum(item["last"] for (pk, _sk), item in after.items() if pk.endswith("#SERIES")) == len(heads)
    ids = {head["ticket_id"] for head in heads}
    pointers = {pk.rpartition("#")[2]: item["ticket_id"] for (pk, sk), item in after.items() if sk == "NUMBER"}
    assert pointers == {head["number"]: head["ticket_id"] for head in heads}
    entries = [item for (_pk, sk), item in after.items() if sk.startswith("ENTRY#") and item["kind"] == "opened"]
    assert sorted(item["pk"].rpartition("#")[2] for item in entries) == sorted(ids)
    said = [json.loads(item["detail"])["data"] for item in after.values() if item.get("detail_type") == "TicketOpened"]
    assert {each["ticket_id"]: each["number"] for each in said} == {head["ticket_id"]: head["number"] for head in heads}
    assert len(said) == len(heads)
    assert {sk for pk, sk in after if pk.startswith("DUE#")} == {
        head["clock_key"] for head in heads if head.get("clock_key")
    }
    assert {sk.removeprefix("TICKET#") for pk, sk in after if "#INCIDENT#" in pk and sk.startswith("TICKET#")} == ids
    assert sum(item["tickets"] for (pk, sk), item in after.items() if sk == "COUNT") == len(ids)
    assert sum(item["used"] for (pk, _sk), item in after.items() if "#LIMIT#" in pk) == len(ids)


# ------------------------------------------------------------------ changing
def test_a_status_changes_with_all_that_belongs_to_it_or_not_at_all(stage: Desk) -> None:
    killed, late = 0, 0
    for death in every_death():
        ticket_id = new_ticket(stage)
        before, event = stage.items(), ending(stage, ticket_id)
        end = stage.mortals.request(event, death)
        if not end.killed:
            break
        after = stage.rest()
        written = changes(before, after)
        assert written in (set(), OF_ENDING), (death, written)
        check_ended(after, ticket_id, ended=bool(written))
        killed, late = killed + 1, late + bool(written)
        again = stage.mortals.request(event)
        # The change names the version that it was made upon, so that it is never made twice.
        assert again.status == (409 if written else 200), again
        assert changes(before, stage.items()) == OF_ENDING
        check_ended(stage.items(), ticket_id, ended=True)
    assert end.status == 200, end
    check_ended(stage.items(), ticket_id, ended=True)
    assert killed == 2 * len(end.calls)
    assert late, "none was killed behind its commit"
    say(f"\n  changing: {len(end.calls)} calls, {killed} killed, of these {late} behind the commit")


def new_ticket(stage: Desk) -> str:
    body = {"contract_id": CONTRACT, "type": "technical", "category": "kitchen_leak", "subject": "Cieknie"}
    opened = stage.mortals.request(api_event("POST", "/tickets", body=body, token=stage.staff))
    assert opened.status == 201, opened
    return str(opened.body["ticket_id"])


def ending(stage: Desk, ticket_id: str) -> dict[str, Any]:
    body = {"status": "done", "text": "Uszczelka wymieniona.", "version": 1}
    return api_event("PATCH", "/tickets/{ticket_id}", path={"ticket_id": ticket_id}, body=body, token=stage.staff)


def check_ended(after: Items, ticket_id: str, *, ended: bool) -> None:
    """Head, timeline, event and the clock's pointer say the same of one ticket."""
    pk = f"ORG#{ORGANISATION}#TICKET#{ticket_id}"
    head, pointers = after[pk, "TICKET"], [sk for key, sk in after if key.startswith("DUE#") and ticket_id in sk]
    entries = [item for (key, sk), item in after.items() if key == pk and sk.startswith("ENTRY#")]
    said = [
        json.loads(item["detail"])["data"]
        for item in after.values()
        if item.get("detail_type") == "TicketStatusChanged"
    ]
    of_ticket = [each for each in said if each["ticket_id"] == ticket_id]
    assert pointers == [head["clock_key"]]
    if not ended:
        assert (head["status"], head["version"], len(entries), of_ticket) == ("new", 1, 1, [])
        assert pointers[0].endswith("#due")
        return
    assert (head["status"], head["outcome"], head["version"]) == ("done", "done", 2)
    assert pointers[0].endswith("#close")
    assert head["gsi1pk"].endswith("#STATUS#done")
    (entry,) = [item for item in entries if item["kind"] == "status_changed"]
    assert (entry["previous"], entry["now"], entry["text"]) == ("new", "done", "Uszczelka wymieniona.")
    assert [(each["previous"], each["status"]) for each in of_ticket] == [("new", "done")]


def changes(before: Items, after: Items) -> set[str]:
    """What kinds of items are new, gone or different."""
    return kinds_changed(before, after, kind)


def kind(item: dict[str, Any]) -> str:
    pk, sk = item["pk"], item["sk"]
    if "#INCIDENT#" in pk:
        return {"COUNT": "INCIDENT count", "INCIDENT": "INCIDENT"}.get(sk, "INCIDENT link")
    if sk == "OUTBOX":
        return f"OUTBOX {item['detail_type']}"
    for mark in ("DUE#", "#LIMIT#", "#ONCE#"):
        if mark in pk:
            return mark.strip("#")
    return "SERIES" if pk.endswith("#SERIES") else sk.split("#")[0]
