"""A small portfolio as the files of a customer, and the way through the import without a queue."""

import csv
import io
import zipfile

from registry.app import app, consumers
from registry.columns import HEADERS

from shared.events.catalog import EVENTS
from tests.cloud import aws_client
from tests.support import call, event_message, outbox, sign_in

ORGANISATION = "org_test"

COMMUNITY = {
    "community_ref": "C1",
    "name": "Wspólnota Prosta 1",
    "street": "ul. Prosta 1",
    "postal_code": "00-001",
    "city": "Warszawa",
    "country": "PL",
}
UNIT = {
    "unit_ref": "U1", "community_ref": "C1", "label": "m. 12", "property": "Prosta 1", "street": "ul. Prosta 1",
    "postal_code": "00-001", "city": "Warszawa", "floor_area_m2": "48.6", "state": "good",
}  # fmt: skip
PERSON = {
    "person_ref": "P1", "first_name": "Anna", "last_name": "Żółkiewska", "company": "", "email": "anna@demo.example",
    "phone": "+48 600 100 200", "street": "ul. Prosta 1/12", "postal_code": "00-001", "city": "Warszawa",
    "country": "PL", "locale": "pl",
}  # fmt: skip
CONTRACT = {
    "contract_ref": "K1", "number": "N/2015/0001", "type": "lease", "unit_ref": "U1", "community_ref": "C1",
    "landlord": "Dom sp. z o.o.", "starts_on": "2015-03-01", "ends_on": "", "value": "1200.00", "currency": "PLN",
    "adviser_ref": "P9", "mass_payment_id": "XX000000000001", "virtual_account": "", "kid": "", "rf_reference": "",
}  # fmt: skip
OCCUPANCY = {"person_ref": "P1", "contract_ref": "K1", "role": "tenant", "starts_on": "2015-03-01", "ends_on": ""}
MANDATE = {"person_ref": "P2", "community_ref": "C1", "role": "board_member", "starts_on": "2024-01-01", "ends_on": ""}


def files(**changes):
    """The files of a good portfolio; `changes` replaces whole files (`units=[...]`)."""
    good = {
        "communities": [COMMUNITY],
        "units": [UNIT, {**UNIT, "unit_ref": "U2", "label": "m. 13"}],
        "people": [
            PERSON,
            {**PERSON, "person_ref": "P2", "first_name": "Jan", "last_name": "Kowalski", "email": "jan@demo.example"},
            {**PERSON, "person_ref": "P3", "first_name": "", "last_name": "", "company": "Zieleń s.c.", "email": ""},
            {**PERSON, "person_ref": "P9", "first_name": "Ewa", "last_name": "Lis", "email": "ewa@demo.example"},
        ],
        "contracts": [
            CONTRACT,
            {**CONTRACT, "contract_ref": "K2", "number": "W/2", "type": "ownership", "unit_ref": "U2", "mass_payment_id": ""},
            {**CONTRACT, "contract_ref": "K3", "number": "D/3", "type": "supply", "unit_ref": "", "mass_payment_id": ""},
        ],
        "occupancies": [
            OCCUPANCY,
            {**OCCUPANCY, "person_ref": "P2", "contract_ref": "K2", "role": "owner"},
            {**OCCUPANCY, "person_ref": "P3", "contract_ref": "K3", "role": "supplier"},
        ],
        "mandates": [MANDATE],
    }  # fmt: skip
    return {f"{name}.csv": rows for name, rows in {**good, **changes}.items()}


ROWS = 1 + 2 + 4 + 3 + 3 + 1


def text(name, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADERS[name], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def packed(given):
    """A ZIP of files given as rows, text or bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in given.items():
            archive.writestr(name, text(name, content) if isinstance(content, list) else content)
    return out.getvalue()


def staff(organisation_id=ORGANISATION):
    return sign_in(organisation_id, "per_staff", ("staff", "organisation", organisation_id))


def upload(data, organisation_id=ORGANISATION, name="portfolio.zip"):
    key = f"org/{organisation_id}/portfolio/upl_1/{name}"
    aws_client("s3").put_object(Bucket="lokum-test-uploads", Key=key, Body=data)
    return key


class Bus:
    """Brings the registry's own events from its outbox to its consumers, each once, as the relay and the queue would."""

    def __init__(self):
        self.seen = 0

    def run(self, organisation_id=ORGANISATION, twice=False):
        while True:
            waiting = outbox("REGISTRY_TABLE")[self.seen :]
            if not waiting:
                return
            for kind, data in waiting:
                self.seen += 1
                if kind not in consumers.handlers:
                    continue
                message = event_message(EVENTS[kind].model_validate(data), organisation_id, f"evt_{self.seen}")
                for _ in range(2 if twice else 1):
                    consumers.consume(message)


def load(bus, data, organisation_id=ORGANISATION, *, twice=False):
    """Import a ZIP to its end; the import's answer."""
    token = staff(organisation_id)
    body = {"upload": upload(data, organisation_id)}
    status, accepted = call(app, "POST", "/imports", token=token, body=body)
    assert status == 202
    bus.run(organisation_id, twice)
    status, answer = call(app, "GET", "/imports/{import_id}", token=token, path=accepted)
    assert status == 200
    return answer


def said(kind):
    return [data for name, data in outbox("REGISTRY_TABLE") if name == kind]
