"""A message that cannot be handled ends in the dead-letter queue, keeps nothing up, and goes through once its cause is gone."""

import json
import uuid
from datetime import date

import pytest

from shared.events.catalog import PaymentSettled
from shared.events.consumer import MAX_RECEIVES
from tests.queues import Queues
from tests.support import event_message
from tests.tenancy import Tenancy
from tests.world import World

pytestmark = pytest.mark.world


@pytest.fixture
def impatient(queues: Queues):
    """Messages that failed come back after a second instead of a minute and a half."""
    queues.set_visibility(1)
    yield queues
    queues.set_visibility(90)


def payment(contract_id: str, amount: int) -> PaymentSettled:
    return PaymentSettled(
        payment_id=f"pay_{uuid.uuid4().hex[:26].upper()}", contract_id=contract_id, amount=amount, currency="PLN",
        value_date=date(2026, 4, 1), booking_date=date(2026, 4, 2), method="bank", reference="poison",
    )  # fmt: skip


def test_poison_lands_in_the_dead_letters_and_can_be_put_back(
    world: World, tenancy: Tenancy, impatient: Queues, contract_id: str
) -> None:
    """A payment in a foreign currency cannot be booked; the one behind it can."""
    poison = payment(contract_id, 700).model_copy(update={"currency": "EUR"})
    organisation = tenancy.organisation_id
    impatient.send(
        "StatementsQueue", json.dumps(event_message(poison, organisation, event_id=f"evt_{poison.payment_id}"))
    )
    good = payment(contract_id, 900)
    impatient.send("StatementsQueue", json.dumps(event_message(good, organisation, event_id=f"evt_{good.payment_id}")))

    def balance() -> int:
        return int(tenancy.staff.get(f"/accounts/{contract_id}").json()["balance"])

    world.wait_until(lambda: balance() == -900, 30)
    world.wait_until(lambda: impatient.depth("StatementsDlq") == 1, 60)
    (message,) = [each for each in impatient.receive("StatementsDlq", 5) if poison.payment_id in each["Body"]]
    assert int(message["Attributes"]["ApproximateReceiveCount"]) > MAX_RECEIVES
    impatient.client.delete_message(QueueUrl=impatient.url("StatementsDlq"), ReceiptHandle=message["ReceiptHandle"])

    # What was wrong is put right, and the message goes its way again.
    mended = message["Body"].replace('"EUR"', '"PLN"')
    impatient.send("StatementsDlq", mended)
    assert impatient.redrive("Statements") == 1
    world.wait_until(lambda: balance() == -1_600, 30)
    assert impatient.depth("StatementsDlq") == 0


def test_unknown_events_are_not_swallowed(world: World, tenancy: Tenancy, impatient: Queues) -> None:
    strange = {**event_message(payment("con_x", 1), tenancy.organisation_id), "detail-type": "NeverHeardOf"}
    impatient.send("PaymentsQueue", json.dumps(strange))
    world.wait_until(lambda: impatient.depth("PaymentsDlq") == 1, 60)
    (message,) = impatient.receive("PaymentsDlq", 5)
    assert json.loads(message["Body"])["detail-type"] == "NeverHeardOf"
    impatient.client.delete_message(QueueUrl=impatient.url("PaymentsDlq"), ReceiptHandle=message["ReceiptHandle"])
