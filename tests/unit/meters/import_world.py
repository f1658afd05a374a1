"""An organisation with a hundred meters to import readings for, and a bus that brings the events of imports in any order."""

import json
import random
from datetime import date

from meters.accepting import Acceptance
from meters.app import app, consumers
from meters.installing import Installation, stage_installation
from meters.readings import Circumstances, Reading
from meters.rules.thresholds import thresholds
from meters.rules.vocabulary import Device
from meters.store import find_meter, find_numbers
from meters.store_events import EventItem
from meters.store_hours import HoursItem
from meters.store_places import CommunityItem
from meters.store_settings import SettingsItem, find_settings
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from shared import clock
from shared.access import STAFF, TENANT
from shared.events.envelope import Metadata
from shared.tables import UnitOfWork
from tests.cloud import aws_client
from tests.support import call, event_message, profile, put_organisation, sign_in

ORG = "org_test"
BUCKET = "lokum-test-uploads"
DEVICE = Device(digits=5, decimals=3)


def unit_of_work(organisation_id=ORG):
    metadata = Metadata(correlation_id="cor_1", organisation_id=organisation_id, actor="per_sara")
    return UnitOfWork("METERS_TABLE", metadata)


class ImportWorld:
    """Staff who import; meters by their numbers."""

    def __init__(self) -> None:
        put_organisation(profile(ORG))
        put_organisation(profile("org_other"))
        self.foreign = sign_in("org_other", "per_foreign", (STAFF, "organisation", "org_other"))
        self.tenant = sign_in(ORG, "per_anna", (TENANT, "contract", "ctr_1"))
        self.heard: set[str] = set()
        self.uploads = 0
        self.random = random.Random(7)

    def install(self, *numbers, day, opening=("00100.000",), medium="cold_water", device=DEVICE, unit_id=None):
        """Meters that hang there; of the unit or of the common parts of com_1."""
        for number in numbers:
            uow = unit_of_work()
            installation = Installation(number, medium, device, day, opening, "com_1", unit_id)
            stage_installation(uow, installation, clock.today("Europe/Warsaw"))
            uow.commit()

    def hear(self, event):
        self.uploads += 1
        consumers.consume(event_message(event, ORG, f"evt_heard_{self.uploads}"))

    def upload(self, content, name="odczyty.csv"):
        self.uploads += 1
        key = f"org/{ORG}/meters/upl_{self.uploads}/{name}"
        given = content if isinstance(content, bytes) else content.encode()
        aws_client("s3").put_object(Bucket=BUCKET, Key=key, Body=given)
        return key

    def ask(self, method, resource, token=None, **given):
        more = {name: given.pop(name) for name in ("body", "query") if name in given}
        # Tests travel far beyond the end of a session.
        token = token or sign_in(ORG, "per_sara", (STAFF, "organisation", ORG))
        return call(app, method, resource, path=given or None, token=token, **more)

    def send(self, text, *, deliver=True, name="odczyty.csv", **fields):
        """Import a file; its import's id."""
        body = {"upload": self.upload(text, name), **fields}
        status, answer = self.ask("POST", "/reading-imports", body=body)
        assert status == 202, answer
        if deliver:
            self.deliver()
        return answer["import_id"]

    def send_batch(self, readings, *, channel="api", **fields):
        body = {"channel": channel, "readings": readings, **fields}
        status, answer = self.ask("POST", "/reading-batches", body=body)
        assert status == 202, answer
        self.deliver()
        return answer["import_id"]

    def waiting(self):
        """Events of the outbox that nobody has brought yet, and that meters listen to: (id, message)."""
        found = []
        for item in scanned():
            kind = item.get("detail_type", {}).get("S")
            if item["sk"]["S"] != "OUTBOX" or kind not in consumers.handlers:
                continue
            detail = json.loads(item["detail"]["S"])
            if detail["metadata"]["id"] not in self.heard:
                message = {"detail-type": kind, "detail": detail}
                found.append((detail["metadata"]["id"], message))
        return found

    def deliver(self, most=10_000):
        """Bring what waits, and what that says, in no order; how many were brought."""
        brought = 0
        while brought < most and (found := self.waiting()):
            self.random.shuffle(found)
            for event_id, message in found[: most - brought]:
                if message["detail-type"] not in ("ReadingsAccepted", "ReadingHeld"):
                    consumers.consume(message)
                self.heard.add(event_id)
                brought += 1
        return brought

    def progress(self, import_id):
        status, body = self.ask("GET", "/reading-imports/{import_id}", import_id=import_id)
        assert status == 200, body
        return body

    def counts(self, import_id):
        """accepted, held, duplicates, refused of an import that is done."""
        body = self.progress(import_id)
        assert body["state"] == "done", body
        found = tuple(body[name] for name in ("accepted", "held", "duplicates", "refused"))
        assert sum(found) == body["rows"] == body["done"], body
        return found

    def problems(self, import_id):
        """All pages of an import's problems, by line."""
        items, cursor = [], None
        while True:
            query = {"cursor": cursor} if cursor else None
            status, body = self.ask("GET", "/reading-imports/{import_id}/problems", import_id=import_id, query=query)
            assert status == 200, body
            items += body["items"]
            cursor = body["next_cursor"]
            if not cursor:
                return sorted(items, key=lambda item: item["line"])

    def stream(self, number):
        """All that is recorded of a meter: (kind, status, day, values), in its order."""
        meter_id = find_numbers(ORG, [number])[number].meter_id
        items = [item for item in EventItem.query(f"ORG#{ORG}#METER#{meter_id}") if item.sk[:5] in ("EVENT", "ASIDE")]
        items.sort(key=lambda item: item.position)
        return [(item.kind, item.status, item.day.isoformat(), *(item.values or ())) for item in items]

    def history(self, number):
        """What counts of a meter."""
        return [entry[2:] for entry in self.stream(number) if entry[1] == "accepted"]

    def reject_held(self, number):
        """Staff refuse the reading of a meter that waits."""
        head = self.head(number)
        taking, uow = Acceptance(head, Circumstances(date.max, thresholds()[head.medium])), unit_of_work()
        item = taking.find(head.waiting[0][0])
        taking.reject_held(
            item, {"person_id": "per_sara", "decision": "reject", "at": "2026-11-22", "reason": "Misread"}
        )
        taking.finish(uow)
        uow.commit()

    def put_right(self, number, value):
        """Staff correct the last reading of a meter."""
        head, uow = self.head(number), unit_of_work()
        taking, last = Acceptance(head, Circumstances(date.max, thresholds()[head.medium])), head.state.actual
        outcome = taking.take(Reading(last.day, (value,), "staff", confirmed=True, supersedes=last.event_id))
        assert outcome.status == "accepted"
        taking.finish(uow)
        uow.commit()

    def head(self, number):
        return find_meter(ORG, find_numbers(ORG, [number])[number].meter_id)

    def hours(self, number):
        """Hourly values as they are stored: (day, values)."""
        meter_id = find_numbers(ORG, [number])[number].meter_id
        items = HoursItem.query(f"ORG#{ORG}#METER#{meter_id}", HoursItem.sk.startswith("HOURS#"))
        return [(item.sk.split("#")[1], item.values) for item in items]

    def set_rules(self, **document):
        given = {"windows": {}, "thresholds": {}, "estimation_policy": None, **document}
        item = find_settings(ORG) or SettingsItem(pk=f"ORG#{ORG}#SETTINGS", sk="SETTINGS")
        item.document = given
        item.save()

    def know_community(self, community_id):
        CommunityItem(pk=f"ORG#{ORG}#COMMUNITY#{community_id}", sk="COMMUNITY").save()


def scanned():
    """All items of the table as they are stored, straight from moto: its own scan takes longer than what is tested."""
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].get_table("meters")
    items = [item for partition in table.items.values() for item in partition.values()]
    return [{name: value.to_json() for name, value in item.attrs.items()} for item in items]


def everything():
    """The whole table but what imports and messages leave behind: two tables that hold the same are equal."""
    left = ("#OUTBOX#", "#ONCE#", "#IMPORT#")
    items = {(item["pk"]["S"], item["sk"]["S"]): item for item in scanned()}
    return {key: item for key, item in items.items() if not any(mark in key[0] for mark in left)}
