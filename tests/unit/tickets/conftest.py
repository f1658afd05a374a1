"""An organisation with two units: one held by two people, one by a third; staff; and an organisation beside it."""

import json

import pytest
from tickets.app import app, consumers

from shared.access import ADMINISTRATOR, OWNER, STAFF, TENANT
from shared.events.catalog import ContractStarted
from tests.cloud import aws_client
from tests.support import call, event_message, outbox, profile, put_organisation, sign_in

ORG = "org_test"
OTHER_ORG = "org_other"
BUCKET = "lokum-test-uploads"
REPORT = {
    "contract_id": "ctr_1",
    "type": "technical",
    "category": "kitchen_leak",
    "subject": "Woda pod zlewem",
    "description": "Kapie od rana.",
}


class World:
    """Contract ctr_1 (unit unt_1): Anna reports, Olek holds it with her. ctr_2 (unt_2): Piotr. Staff: Sara, Stefan."""

    def __init__(self) -> None:
        self.messages = 0
        put_organisation(profile(ORG))
        put_organisation(profile(OTHER_ORG))
        self.anna = sign_in(ORG, "per_anna", (TENANT, "contract", "ctr_1"))
        self.olek = sign_in(ORG, "per_olek", (OWNER, "contract", "ctr_1"))
        self.piotr = sign_in(ORG, "per_piotr", (TENANT, "contract", "ctr_2"))
        self.sara = sign_in(ORG, "per_sara", (STAFF, "organisation", ORG))
        self.stefan = sign_in(ORG, "per_stefan", (STAFF, "organisation", ORG))
        self.administrator = sign_in(ORG, "per_admin", (ADMINISTRATOR, "organisation", ORG))
        self.foreign_staff = sign_in(OTHER_ORG, "per_foreign", (STAFF, "organisation", OTHER_ORG))
        self.start_contract("ctr_1", "unt_1", ["per_anna", "per_olek"])
        self.start_contract("ctr_2", "unt_2", ["per_piotr"])

    def hear(self, event, organisation_id=ORG, **metadata):
        self.messages += 1
        message = event_message(event, organisation_id, f"evt_{self.messages:05}")
        message["detail"]["metadata"].update(metadata)
        consumers.consume(message)

    def start_contract(
        self, contract_id, unit_id, people, *, ends_on=None, organisation_id=ORG, occurred_at=None, former=(), **more
    ):
        party = {"role": "tenant", "starts_on": "2015-03-01", "ends_on": ends_on}
        given = {
            "contract_id": contract_id,
            "number": f"U/{contract_id}",
            "type": "lease",
            "unit_id": unit_id,
            "community_id": "com_1",
            "currency": "PLN",
            "starts_on": "2015-03-01",
            "ends_on": ends_on,
            "parties": [
                *({"person_id": person_id, **party} for person_id in people),
                *({"person_id": person_id, **party, "ends_on": "2020-01-31"} for person_id in former),
            ],
            "payment_references": [],
            **more,
        }
        metadata = {"occurred_at": occurred_at} if occurred_at else {}
        self.hear(ContractStarted.model_validate(given), organisation_id, **metadata)

    def ask(self, method, resource, token, *, key=None, **given):
        """One request; path parameters by name in `given`, besides `body` and `query`."""
        more = {name: given.pop(name) for name in ("body", "query") if name in given}
        headers = {"Idempotency-Key": key} if key else None
        return call(app, method, resource, path=given or None, token=token, headers=headers, **more)

    def report(self, token=None, *, key=None, **changes):
        """A report that must succeed."""
        status, body = self.ask("POST", "/tickets", token or self.anna, body={**REPORT, **changes}, key=key)
        assert status == 201, body
        return body

    def ticket(self, ticket_id, token=None):
        status, body = self.ask("GET", "/tickets/{ticket_id}", token or self.sara, ticket_id=ticket_id)
        assert status == 200, body
        return body

    def sees(self, ticket_id, token) -> bool:
        """Whether the ticket exists for somebody; what he may not see is exactly a 404."""
        status, body = self.ask("GET", "/tickets/{ticket_id}", token, ticket_id=ticket_id)
        assert status in (200, 404), body
        assert status == 200 or body["code"] == "not_found"
        return status == 200

    def listed(self, token, **query):
        """All pages of a list."""
        items, cursor = [], None
        while True:
            asked = {**query, **({"cursor": cursor} if cursor else {})}
            status, body = self.ask("GET", "/tickets", token, query=asked or None)
            assert status == 200, body
            items += body["items"]
            cursor = body["next_cursor"]
            if not cursor:
                return items

    def set_settings(self, **changes):
        _, settings = self.ask("GET", "/ticket-settings", self.administrator)
        return self.ask("PUT", "/ticket-settings", self.administrator, body={**settings, **changes})

    def put_checked(self, upload="upl_1", person_id="per_anna", *, state="ready", organisation_id=ORG, **changes):
        """What the check of an upload leaves in the bucket; the upload's key."""
        folder = f"org/{organisation_id}/ticket/{person_id}/{upload}"
        result = {
            "state": state,
            "code": None if state == "ready" else "upload_infected",
            "name": "wyciek.jpg",
            "type": "image/jpeg",
            "size": 1234,
            "width": 800,
            "height": 600,
            "thumbnail": True,
            **changes,
        }
        objects = {"file": b"jpeg", "thumbnail.jpg": b"small", "result.json": json.dumps(result).encode()}
        for name, content in objects.items():
            aws_client("s3").put_object(
                Bucket=BUCKET, Key=f"checked/{folder}/{name}", Body=content, Tagging="claimed=no"
            )
        return f"incoming/{folder}/wyciek.jpg"

    def events(self, kind=None):
        """The events said so far: (detail-type, data), or the data of one kind."""
        said = outbox("TICKETS_TABLE")
        return said if kind is None else [data for name, data in said if name == kind]


@pytest.fixture
def world(cloud):
    return World()
