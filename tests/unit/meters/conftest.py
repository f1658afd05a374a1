"""An organisation with two homes, a house meter and staff; a former tenant of one home; an organisation beside it."""

import json
from datetime import date

import pytest
from meters.accepting import Acceptance
from meters.app import app, consumers
from meters.readings import Reading, circumstances
from meters.store import find_meter
from meters.store_settings import settings_of

from shared.access import ADMINISTRATOR, BOARD_MEMBER, OWNER, STAFF, SUPPLIER, TENANT
from shared.events.catalog import ContractStarted, UnitRegistered
from shared.events.envelope import Metadata
from shared.tables import UnitOfWork
from tests.cloud import aws_client
from tests.support import call, event_message, outbox, profile, put_organisation, sign_in
from tests.unit.meters.builders import month_ends

ORG = "org_test"
OTHER_ORG = "org_other"
BUCKET = "lokum-test-uploads"
DEVICE = {"digits": 5, "decimals": 3, "max_flow": "3.125"}
DAILY = 150
"""Litres a day in Anna's home."""


def litres(value):
    return f"{value // 1000:05d}.{value % 1000:03d}"


class World:
    """unt_1: Anna since 2024 (her lease was renewed in 2026), before her Fred. unt_2: Piotr. com_1: Basia is on the board.

    `meter` (cold water, unt_1) was installed with 100 m3 two years ago and read on each month's last day by staff.
    """

    def __init__(self) -> None:
        self.messages = 0
        put_organisation(profile(ORG))
        put_organisation(profile(OTHER_ORG))
        self.today = date.fromisoformat("2026-11-22")
        held = [(TENANT, "contract", "ctr_2"), (TENANT, "unit", "unt_1"), (TENANT, "community", "com_1")]
        self.anna = sign_in(ORG, "per_anna", *held)
        self.fred = sign_in(ORG, "per_fred", (TENANT, "contract", "ctr_0"))
        self.piotr = sign_in(ORG, "per_piotr", (OWNER, "unit", "unt_2"), (OWNER, "community", "com_1"))
        self.basia = sign_in(ORG, "per_basia", (BOARD_MEMBER, "community", "com_1"))
        self.plumber = sign_in(ORG, "per_plumber", (SUPPLIER, "unit", "unt_1"), (SUPPLIER, "community", "com_1"))
        self.sara = sign_in(ORG, "per_sara", (STAFF, "organisation", ORG))
        self.administrator = sign_in(ORG, "per_admin", (ADMINISTRATOR, "organisation", ORG))
        self.foreign_staff = sign_in(OTHER_ORG, "per_foreign", (STAFF, "organisation", OTHER_ORG))
        self.register_unit("unt_1", "1")
        self.register_unit("unt_2", "2")
        self.start_contract("ctr_0", "unt_1", "per_fred", "2020-01-01", "2024-12-31")
        self.start_contract("ctr_1", "unt_1", "per_anna", "2025-01-01", "2025-12-31")
        self.start_contract("ctr_2", "unt_1", "per_anna", "2026-01-01")
        self.start_contract("ctr_3", "unt_2", "per_piotr", "2015-01-01", type="ownership")

    def hear(self, event, organisation_id=ORG, **metadata):
        self.messages += 1
        message = event_message(event, organisation_id, f"evt_{self.messages:05}")
        message["detail"]["metadata"].update(metadata)
        consumers.consume(message)

    def register_unit(self, unit_id, label, community_id="com_1", **metadata):
        self.hear(UnitRegistered(unit_id=unit_id, community_id=community_id, label=label), **metadata)

    def start_contract(self, contract_id, unit_id, person_id, starts_on, ends_on=None, *, type="lease", **metadata):  # noqa: A002
        given = {
            "contract_id": contract_id,
            "number": f"U/{contract_id}",
            "type": type,
            "unit_id": unit_id,
            "community_id": "com_1",
            "currency": "PLN",
            "starts_on": starts_on,
            "ends_on": ends_on,
            "parties": [{"person_id": person_id, "role": "tenant", "starts_on": starts_on, "ends_on": ends_on}],
            "payment_references": [],
        }
        self.hear(ContractStarted.model_validate(given), **metadata)

    def ask(self, method, resource, token, *, key=None, **given):
        """One request; path parameters by name in `given`, besides `body` and `query`."""
        more = {name: given.pop(name) for name in ("body", "query") if name in given}
        headers = {"Idempotency-Key": key} if key else None
        return call(app, method, resource, path=given or None, token=token, headers=headers, **more)

    def must(self, status, method, resource, token, **given):
        """The answer of a request whose status is known."""
        got, body = self.ask(method, resource, token, **given)
        assert got == status, body
        return body

    # -------------------------------------------------------------- meters
    def install(self, number, *, daily=DAILY, until=None, first=date(2024, 10, 31), opening=100_000, **more):
        """A cold water meter of unt_1 that was read by staff on each month's last day."""
        body = {
            "number": number,
            "medium": "cold_water",
            "unit_id": "unt_1",
            "device": DEVICE,
            "date": first.isoformat(),
            "opening": [litres(opening)],
            **more,
        }
        body = {name: value for name, value in body.items() if value is not None}
        made = self.must(201, "POST", "/meters", self.sara, body=body)
        values = {day: opening + daily * (day - first).days for day in (month_ends(first, until) if until else ())}
        self.take(made["meter_id"], values)
        return made["meter_id"]

    def take(self, meter_id, values):
        """Readings by staff, in litres, in one commit."""
        meter = find_meter(ORG, meter_id)
        uow = UnitOfWork("METERS_TABLE", Metadata(correlation_id="cor_1", organisation_id=ORG, actor="per_sara"))
        taking = Acceptance(meter, circumstances(settings_of(ORG), meter, None, self.today))
        for day, value in values.items():
            reading = Reading(day, (litres(value),), "staff", "per_sara", confirmed=True)
            assert taking.take(reading).status == "accepted"
        taking.finish(uow)
        uow.commit()

    def read(self, meter_id, token, day, value, *, status=201, **more):
        """A reading in litres (or as typed)."""
        values = value if isinstance(value, list) else [litres(value)]
        body = {"date": day.isoformat(), "values": values, **more}
        return self.must(status, "POST", "/meters/{meter_id}/readings", token, meter_id=meter_id, body=body)

    def check(self, meter_id, token, day, value, **more):
        values = value if isinstance(value, list) else [litres(value)]
        body = {"date": day.isoformat(), "values": values, **more}
        return self.must(200, "POST", "/meters/{meter_id}/checks", token, meter_id=meter_id, body=body)

    def meter(self, meter_id, token=None):
        return self.must(200, "GET", "/meters/{meter_id}", token or self.sara, meter_id=meter_id)

    def entries(self, meter_id, token=None):
        """All pages of what happened."""
        return self.all_of("/meters/{meter_id}/readings", token or self.sara, meter_id=meter_id)

    def all_of(self, resource, token, *, query=None, **given):
        items, cursor = [], None
        while True:
            asked = {**(query or {}), **({"cursor": cursor} if cursor else {})}
            body = self.must(200, "GET", resource, token, query=asked or None, **given)
            items += body["items"]
            cursor = body["next_cursor"]
            if not cursor:
                return items

    def held(self, **query):
        return self.all_of("/held-readings", self.sara, query=query)

    def decide(self, reading_id, status=201, **body):
        return self.must(status, "POST", "/readings/{reading_id}/decision", self.sara, reading_id=reading_id, body=body)

    def replace(self, meter_id, day, closing, number, *, status=201, opening=0, **more):
        body = {
            "date": day.isoformat(),
            "closing": [litres(closing)],
            "opening": [litres(opening)],
            "number": number,
            **more,
        }
        return self.must(status, "POST", "/meters/{meter_id}/replacement", self.sara, meter_id=meter_id, body=body)

    def set_settings(self, status=200, **changes):
        settings = self.must(200, "GET", "/meter-settings", self.administrator)
        kept = {name: settings[name] for name in ("windows", "thresholds", "estimation_policy", "version")}
        return self.must(status, "PUT", "/meter-settings", self.administrator, body={**kept, **changes})

    def use(self, meter_id, token, first, last, status=200):
        query = {"from": first.isoformat(), "to": last.isoformat()}
        return self.must(status, "GET", "/meters/{meter_id}/consumption", token, meter_id=meter_id, query=query)

    def put_photo(self, upload="upl_1", person_id="per_anna", organisation_id=ORG):
        """What the check of a photograph leaves in the bucket; the upload's key."""
        folder = f"org/{organisation_id}/reading/{person_id}/{upload}"
        result = {
            "state": "ready",
            "code": None,
            "name": "licznik.jpg",
            "type": "image/jpeg",
            "size": 1234,
            "width": 800,
            "height": 600,
            "thumbnail": True,
        }
        objects = {"file": b"jpeg", "thumbnail.jpg": b"small", "result.json": json.dumps(result).encode()}
        for name, content in objects.items():
            aws_client("s3").put_object(
                Bucket=BUCKET, Key=f"checked/{folder}/{name}", Body=content, Tagging="claimed=no"
            )
        return f"incoming/{folder}/licznik.jpg"

    def events(self, kind):
        """The data of all events of a kind said so far."""
        return [data for name, data in outbox("METERS_TABLE") if name == kind]


@pytest.fixture
def world(cloud, monkeypatch):
    made = World()
    monkeypatch.setattr("shared.clock.today", lambda _zone: made.today)
    return made


@pytest.fixture
def steady(world):
    """Anna's meter with two years of readings, the last of 31 October."""
    return world.install("WZ-1", until=date(2026, 10, 31))
