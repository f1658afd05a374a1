"""A reading and all that belongs to it, and a chunk of an import, come to be wholly or not at all, and never twice.

The real handlers run in processes of their own against a table that survives them; they are killed by SIGKILL before each of their calls to
AWS, and again after each is sent but before its answer is read.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from shared.events.catalog import ContractStarted, Party, UnitRegistered
from shared.events.meters import ReadingImportChunkReady
from tests.chaos.mortals import Mortals
from tests.chaos.stage import Items, Stage, deaths_of
from tests.load.figures import say
from tests.load.stand import ORGANISATION, VARIABLES, emulator
from tests.support import CONTEXT_TABLES, api_event, create_table, event_message

pytestmark = pytest.mark.chaos

TENANT, STAFF = "per_tenant", "per_staff"
FOLDER = f"org/{ORGANISATION}/reading/{TENANT}/upl_1"
START = date.today() - timedelta(days=300)
COLD, REMOTE = "W-1", "W-2"
OF_READING = {"EVENT", "METER", "OUTBOX ReadingsAccepted", "ONCE"}
OF_CHUNK = {
    "EVENT", "ASIDE", "READING", "METER", "ONCE", "RESULT", "PROBLEMS", "OUTBOX ReadingsAccepted", "OUTBOX ReadingHeld",
}  # fmt: skip


@dataclass
class Basement(Stage):
    """A flat's meters: its tenant reads one of them, the others are read from afar."""

    tenant: str = ""
    staff: str = ""
    meters: dict[str, str] = field(default_factory=dict)
    days: int = 0

    def next_day(self) -> tuple[date, str]:
        """A day later than any before it, and what an orderly meter shows on it."""
        self.days += 1
        return START + timedelta(days=self.days), f"00{100 + self.days:03d}.250"

    def ask(self, method: str, resource: str, status: int, token: str, **given: Any) -> Any:
        end = self.mortals.request(api_event(method, resource, token=token, **given))
        assert end.status == status, end
        return end.body


@pytest.fixture(scope="module")
def stage() -> Iterator[Basement]:
    with emulator() as url, Mortals(url, "meters") as mortals:
        here = Basement(url, mortals, "meters")
        for name in CONTEXT_TABLES:
            create_table(here.dynamodb, name)
        put_checked_photo(here.client("s3"))
        furnish(here)
        yield here


def put_checked_photo(s3: Any) -> None:
    bucket = VARIABLES["UPLOADS_BUCKET"]
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": VARIABLES["AWS_REGION"]})
    result = {"state": "ready", "code": None, "name": "licznik.jpg", "type": "image/jpeg", "size": 9, "thumbnail": True}
    s3.put_object(Bucket=bucket, Key=f"checked/{FOLDER}/result.json", Body=json.dumps(result))


def furnish(stage: Basement) -> None:
    stage.tenant = stage.mortals.sign_in(TENANT, ("tenant", "contract", "con_1"), ("tenant", "unit", "unt_1"))
    stage.staff = stage.mortals.sign_in(STAFF, ("staff", "organisation", ORGANISATION))
    day = date(2020, 1, 1)
    started = ContractStarted(
        contract_id="con_1", number="L/1", type="lease", unit_id="unt_1", community_id="com_1", currency="PLN",
        starts_on=day, ends_on=None, parties=[Party(person_id=TENANT, role="tenant", starts_on=day, ends_on=None)],
        payment_references=[],
    )  # fmt: skip
    known = (UnitRegistered(unit_id="unt_1", community_id="com_1", label="1"), started)
    for place, event in enumerate(known):
        assert stage.mortals.hear(event_message(event, ORGANISATION, f"evt_known_{place}")).status == 200
    install(stage, COLD)
    install(stage, REMOTE)


def install(stage: Basement, number: str) -> None:
    meter = {
        "number": number, "medium": "cold_water", "unit_id": "unt_1", "device": {"digits": 5, "decimals": 3},
        "date": START.isoformat(), "opening": ["00100.000"],
    }  # fmt: skip
    stage.meters[number] = stage.ask("POST", "/meters", 201, stage.staff, body=meter)["meter_id"]


# ------------------------------------------------------------------ a reading
def test_a_reading_counts_with_all_that_belongs_to_it_or_not_at_all(stage: Basement) -> None:
    whole = stage.mortals.request(reading(stage, *stage.next_day()))
    assert (whole.status, whole.body["status"]) == (201, "accepted"), whole
    ids, late = [whole.body["reading_id"]], 0
    for death, committed in deaths_of(whole.calls):
        day, value = stage.next_day()
        before, event = stage.items(), reading(stage, day, value)
        assert stage.mortals.request(event, death).killed, death
        assert stage.after(before, kind, (wanted := OF_READING if committed else set())) == wanted, death
        late += committed
        # The tenant sends it again, and later once more from another device: it is the same reading.
        again = stage.mortals.request(event)
        assert (again.status, again.body["status"]) == (201, "accepted"), again
        elsewhere = stage.mortals.request(reading(stage, day, value))
        assert (elsewhere.status, elsewhere.body["reading_id"]) == (201, again.body["reading_id"]), elsewhere
        ids.append(again.body["reading_id"])
        assert check_meter(stage.items(), stage.meters[COLD]) == ids
    say(f"\n  reading: {len(whole.calls)} calls, {len(ids) - 1} killed, of these {late} behind the commit")


def reading(stage: Basement, day: date, value: str) -> dict[str, Any]:
    """The tenant's request, under a key of its own."""
    path, body = {"meter_id": stage.meters[COLD]}, {"date": day.isoformat(), "values": [value], "confirmed": True}
    photo = {"photo": f"incoming/{FOLDER}/licznik.jpg"}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    resource = "/meters/{meter_id}/readings"
    return api_event("POST", resource, path=path, body={**body, **photo}, token=stage.tenant, headers=headers)


def check_meter(items: Items, meter_id: str) -> list[str]:
    """Head, stream and events say the same of a meter; its readings in their order."""
    stream = sorted(sk for pk, sk in items if pk == pk_of(meter_id) and sk.startswith("EVENT#"))
    found = [sk.rpartition("#")[2] for sk in stream[1:]]
    head = items[pk_of(meter_id), "METER"]
    assert head["events"] == len(stream)
    assert head["last_day"] == stream[-1].split("#")[1]
    assert sorted(said(items, "ReadingsAccepted", meter_id)) == sorted(found)
    return found


def said(items: Items, name: str, meter_id: str) -> list[str]:
    """The readings of a meter that an event has told, as often as it has."""
    events = (json.loads(item["detail"])["data"] for item in items.values() if item.get("detail_type") == name)
    told = (each for event in events for each in event.get("readings", [event]))
    return [each["reading_id"] for each in told if each["meter_id"] == meter_id]


# ------------------------------------------------------------------ a chunk of an import
def test_a_chunk_is_worked_off_in_one_piece_and_once(stage: Basement) -> None:
    import_id, message = batch(stage)
    whole = stage.mortals.hear(message)
    assert whole.status == 200, whole
    check_import(stage, import_id, 1)
    late, done = 0, 1
    for death, committed in deaths_of(whole.calls):
        import_id, message = batch(stage)
        before = stage.items()
        assert stage.mortals.hear(message, death).killed, death
        written = stage.after(before, kind, (wanted := OF_CHUNK if committed else set()))
        # Hourly values are laid down ahead of the transaction, under keys of their own: again they are the same.
        assert written - {"HOURS"} == wanted, death
        late, done = late + committed, done + 1
        # The queue brings the message again, and once more than needed.
        assert stage.mortals.hear(message).status == 200
        check_import(stage, import_id, done)
        after = stage.items()
        assert stage.mortals.hear(message).status == 200
        assert stage.items() == after
    say(f"\n  chunk: {len(whole.calls)} calls, {done - 1} killed, of these {late} behind the commit")


def batch(stage: Basement) -> tuple[str, dict[str, Any]]:
    """Remote values: a day of two hours, one that nobody can have used, one of a meter that is not ours; the import, and its chunk's message."""
    day, value = stage.next_day()
    wild = f"W-{day}"
    # A meter at which nothing waits yet: each life makes the same calls.
    install(stage, wild)
    rows = [
        {"meter_number": REMOTE, "time": f"{day}T06:00:00Z", "values": [value.replace(".250", ".100")]},
        {"meter_number": REMOTE, "time": f"{day}T18:00:00Z", "values": [value]},
        {"meter_number": wild, "date": day.isoformat(), "values": ["09000.000"]},
        {"meter_number": "W-9", "date": day.isoformat(), "values": [value]},
    ]
    body = {"channel": "remote", "readings": rows}
    import_id = stage.ask("POST", "/reading-batches", 202, stage.staff, body=body)["import_id"]
    ready = ReadingImportChunkReady(import_id=import_id, chunk=0)
    return import_id, event_message(ready, ORGANISATION, f"evt_{import_id}")


def check_import(stage: Basement, import_id: str, done: int) -> None:
    """This import says what became of its rows; of all so far each reading is there once, and told once."""
    path = {"import_id": import_id}
    shown = stage.ask("GET", "/reading-imports/{import_id}", 200, stage.staff, path=path)
    assert (shown["state"], shown["done"], shown["held"], shown["refused"]) == ("done", 4, 1, 1)
    # An hour that a dead process has laid down already counts as sent before.
    assert shown["accepted"] + shown["duplicates"] == 2
    items = stage.items()
    assert len(check_meter(items, stage.meters[REMOTE])) == done
    for number, meter_id in stage.meters.items():
        held = [sk.rpartition("#")[2] for pk, sk in items if pk == pk_of(meter_id) and sk.startswith("ASIDE#")]
        assert len(held) == items[pk_of(meter_id), "METER"]["held"] == (number not in (COLD, REMOTE))
        assert said(items, "ReadingHeld", meter_id) == held


# ------------------------------------------------------------------ items
def pk_of(meter_id: str) -> str:
    return f"ORG#{ORGANISATION}#METER#{meter_id}"


def kind(item: dict[str, Any]) -> str:
    pk, sk = item["pk"], item["sk"]
    if sk == "OUTBOX":
        return f"OUTBOX {item['detail_type']}"
    return "ONCE" if "#ONCE#" in pk else sk.split("#")[0]
