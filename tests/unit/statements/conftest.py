import json
from pathlib import Path

import pytest
from statements import booking, store
from statements.app import consumers

from shared.access import STAFF, TENANT
from shared.events.catalog import ContractStarted, PaymentSettled
from shared.events.envelope import Metadata
from shared.events.payments import PaymentRefunded, PaymentRefundUndone
from shared.tables import unit_of_work
from tests.support import event_message, profile, put_organisation, sign_in

ORG = "org_test"
POLICY = json.loads((Path(__file__).parents[3] / "infra/jurisdictions/pl/allocation.json").read_text(encoding="utf-8"))


class World:
    """One organisation with staff and a tenant, and the messages of other contexts."""

    def __init__(self) -> None:
        self.messages = 0
        put_organisation(profile(ORG, allocation_policy=POLICY))
        self.staff = sign_in(ORG, "prs_staff", (STAFF, "organisation", ORG))
        self.tenant = sign_in(ORG, "prs_tenant", (TENANT, "contract", "ctr_1"))

    def hear(self, event, organisation_id=ORG, event_id=None):
        self.messages += 1
        consumers.consume(event_message(event, organisation_id, event_id or f"evt_{self.messages:05}"))

    def start_contract(self, contract_id="ctr_1", number=None, currency="PLN", **changes):
        given = {
            "contract_id": contract_id,
            "number": number or f"U/{contract_id}",
            "type": "lease",
            "unit_id": "unt_1",
            "community_id": "com_1",
            "currency": currency,
            "starts_on": "2015-03-01",
            "ends_on": None,
            "parties": [],
            "payment_references": [],
        }
        self.hear(ContractStarted.model_validate({**given, **changes}))

    def settle(self, payment_id, amount, day, contract_id="ctr_1", *, designated=(), event_id=None, currency="PLN"):
        self.hear(
            PaymentSettled.model_validate(
                {
                    "payment_id": payment_id,
                    "contract_id": contract_id,
                    "amount": amount,
                    "currency": currency,
                    "value_date": day,
                    "booking_date": day,
                    "method": "bank",
                    "reference": f"transfer {payment_id}",
                    "designated_charge_ids": list(designated),
                }
            ),
            event_id=event_id,
        )

    def send_back(self, payment_id, refund_id, amount, day, cause="refund", **more):
        self._refund(PaymentRefunded, payment_id, refund_id, amount=amount, value_date=day, cause=cause, **more)

    def undo(self, payment_id, refund_id, amount, day, cause="refund", **more):
        self._refund(PaymentRefundUndone, payment_id, refund_id, amount=amount, value_date=day, cause=cause, **more)

    def _refund(self, event, payment_id, refund_id, contract_id="ctr_1", currency="PLN", **more):
        said = {"payment_id": payment_id, "refund_id": refund_id, "contract_id": contract_id, "currency": currency}
        self.hear(event.model_validate({**said, **more}))

    def book(self, entries, contract_id="ctr_1"):
        """Entries without the detour over events: a few transactions for many of them."""
        for at in range(0, len(entries), 25):
            with unit_of_work("STATEMENTS_TABLE", Metadata(organisation_id=ORG)) as uow:
                items = [
                    store.new_entry_item(
                        ORG,
                        contract_id,
                        entry,
                        type="bank",
                        booked_on=entry.value_date,
                        reference=f"transfer {entry.entry_id}",
                    )
                    for entry in entries[at : at + 25]
                ]
                booking.book(uow, store.find_account(ORG, contract_id), items)


@pytest.fixture
def world(cloud):
    return World()
