"""A contract of two, one who has left it, staff, and an organisation beside it."""

import pytest
from notifications import store
from notifications.app import app, consumers
from notifications.kinds import KINDS
from notifications.rendering import render
from notifications.wording import example

from shared import clock
from shared.access import OWNER, STAFF, TENANT
from shared.events.catalog import ContractStarted, PaymentSettled
from tests.support import call, event_message, profile, put_organisation, sign_in

ORG = "org_test"
OTHER_ORG = "org_other"


class World:
    """ctr_1: Anna rents it with Olek since 2015; Fred has left it in 2020. Sara is staff; Fatma lives with another organisation."""

    def __init__(self):
        self.messages = 0
        put_organisation(profile(ORG))
        put_organisation(profile(OTHER_ORG))
        self.anna = sign_in(ORG, "per_anna", (TENANT, "contract", "ctr_1"))
        self.olek = sign_in(ORG, "per_olek", (OWNER, "contract", "ctr_1"))
        self.fred = sign_in(ORG, "per_fred", (TENANT, "contract", "ctr_1"))
        self.sara = sign_in(ORG, "per_sara", (STAFF, "organisation", ORG))
        self.fatma = sign_in(OTHER_ORG, "per_anna", (TENANT, "contract", "ctr_1"))
        self.start_contract()

    def hear(self, event, event_id=None, **metadata):
        self.messages += 1
        message = event_message(event, ORG, event_id or f"evt_{self.messages:05}")
        message["detail"]["metadata"].update(metadata)
        consumers.consume(message)

    def start_contract(self, contract_id="ctr_1", parties=None, **metadata):
        known = parties or (
            ("per_anna", "tenant", None),
            ("per_olek", "owner", None),
            ("per_fred", "tenant", "2020-01-31"),
        )
        event = ContractStarted(
            contract_id=contract_id,
            number=f"U/{contract_id}",
            type="lease",
            unit_id="unt_1",
            community_id="com_1",
            currency="PLN",
            starts_on="2015-03-01",
            ends_on=None,
            parties=[
                {"person_id": person, "role": role, "starts_on": "2015-03-01", "ends_on": end}
                for person, role, end in known
            ],
            payment_references=[],
        )
        self.hear(event, **metadata)

    def settle(self, payment_id="pay_1", contract_id="ctr_1", **given):
        event = PaymentSettled(
            payment_id=payment_id,
            contract_id=contract_id,
            amount=125035,
            currency="PLN",
            value_date=clock.today("Europe/Warsaw"),
            booking_date=clock.today("Europe/Warsaw"),
            method="online",
            reference="x",
        )
        self.hear(event, **given)

    def inbox(self, token, **query):
        status, body = call(app, "GET", "/notifications", token=token, query=query or None)
        assert status == 200, body
        return body

    def read(self, token, *notice_ids):
        body = {"notice_ids": list(notice_ids)} if notice_ids else {}
        status, answer = call(
            app, "POST", "/notifications/read", token=token, body=body, headers={"Idempotency-Key": "k"}
        )
        assert status == 200, answer
        return answer["unread"]


@pytest.fixture
def world(cloud):
    return World()


@pytest.fixture(autouse=True)
def _words(monkeypatch):
    """Whatever any test has told can be written: its values are written as its kind has them, its page has its ids."""
    stage = store.stage_notice

    def staged(uow, person_id, kind, what, *, about, values, **others):
        read = example(kind, "en") if KINDS[kind].by_reference else {}
        made = render(
            kind, values | read, about, "en", sender="Linden", origin="https://portal.example", notice_id="ntc_1"
        )
        assert made.text
        return stage(uow, person_id, kind, what, about=about, values=values, **others)

    monkeypatch.setattr(store, "stage_notice", staged)
