"""An organisation that takes payments through all six providers, whose servers are on this machine."""

import json
from datetime import date

import pytest
from payments import app as payments_app
from payments import calls, credentials, store_messages, store_online
from payments import service_comparison as comparison
from payments.providers.model import Refusal

from shared import clock
from shared.access import ADMINISTRATOR, STAFF, TENANT
from shared.events.catalog import BalanceChanged, ContractStarted
from shared.settings import settings
from shared.tables import _own_items
from tests import support
from tests.unit.payments.online.provider_server import ProviderServer
from tests.unit.payments.providers import samples

ORG, OTHER = "org_test", "org_other"
AMOUNT = 125000
CONTRACTS = {"ctr_pln": "PLN", "ctr_eur": "EUR", "ctr_uah": "UAH", "ctr_nok": "NOK"}
CONTRACT_OF = {name: f"ctr_{currency.lower()}" for name, currency in samples.CURRENCY.items()}
OURS = ("WebhookReceived", "RefundConfirmed")


class World:
    def __init__(self):
        self.server = ProviderServer()
        self.count, self.delivered, self.early = 0, set(), set()
        for organisation_id in (ORG, OTHER):
            support.put_organisation(support.profile(organisation_id))
        self.versions, self.contracts = {}, set()
        self.sign_in()

    def sign_in(self):
        grants = [(TENANT, "contract", one) for one in CONTRACTS]
        self.anna = support.sign_in(ORG, "per_anna", *grants)
        self.piotr = support.sign_in(ORG, "per_piotr", (TENANT, "contract", "ctr_none"))
        self.sara = support.sign_in(ORG, "per_sara", (STAFF, "organisation", ORG))
        self.stefan = support.sign_in(ORG, "per_stefan", (STAFF, "organisation", ORG))
        self.admin = support.sign_in(ORG, "per_admin", (ADMINISTRATOR, "organisation", ORG))
        self.foreign = support.sign_in(OTHER, "per_foreign", (ADMINISTRATOR, "organisation", OTHER))

    # ---- what happens
    def consume(self, event, event_id=None, organisation_id=ORG):
        self.count += 1
        payments_app.consumers.consume(support.event_message(event, organisation_id, event_id or f"evt_{self.count}"))

    def start_contract(self, contract_id, currency):
        self.consume(
            ContractStarted(
                contract_id=contract_id,
                number=f"U/{contract_id}",
                type="lease",
                unit_id="unt_1",
                community_id="com_1",
                currency=currency,
                starts_on=date(2020, 1, 1),
                ends_on=None,
                parties=[],
                payment_references=[],
            )
        )

    def balance(self, contract_id, charges, version=1):
        due = sum(charges.values())
        self.consume(
            BalanceChanged(
                contract_id=contract_id,
                ledger_version=version,
                balance=due,
                due=due,
                credit=0,
                overdue_from=None,
                currency=CONTRACTS[contract_id],
                open_items=charges,
            )
        )

    def ask(self, method, route, token, *, path=None, body=None, query=None, **more):
        return support.call(payments_app.app, method, route, token=token, path=path, body=body, query=query, **more)

    def set_provider(self, name, *, keys=samples.KEYS[:1], token=None, **changes):
        account = samples.account(name, keys)
        version = self.versions.get(name, 0)
        body = {
            "enabled": True,
            "settings": {**account.settings, "host": self.server.url},
            "secrets": dict(account.secrets[0]),
            "version": version,
            **changes,
        }
        if "secrets" not in changes:
            known = {
                field.name for field in __import__("payments.providers").providers.provider(name).FIELDS if field.secret
            }
            body["secrets"] = {key: value for key, value in body["secrets"].items() if key in known}
        path = {"provider": name}
        status, answer = self.ask("PUT", "/payment-providers/{provider}", token or self.admin, path=path, body=body)
        self.versions[name] = answer["version"] if status == 200 else version
        return status, answer

    def providers(self):
        return self.ask("GET", "/payment-providers", self.admin)[1]["providers"]

    def ready(self, name, **changes):
        status, body = self.set_provider(name, **changes)
        assert status == 200, body
        contract_id = CONTRACT_OF[name]
        if contract_id not in self.contracts:
            self.contracts.add(contract_id)
            self.start_contract(contract_id, CONTRACTS[contract_id])
            self.balance(contract_id, {"chg_1": 100000, "chg_2": 25000})
        self.server.answers.update(ANSWERS(self.server.url))
        return body

    def post(self, name="autopay", token=None, **changes):
        body = {
            "contract_id": CONTRACT_OF[name],
            "provider": name,
            "return_to": "/payments/done",
            "email": "anna@example.com",
            **changes,
        }
        return self.ask("POST", "/payments", token or self.anna, body=body)

    def pay(self, name="autopay", **changes):
        """A payment that must start; its id."""
        status, body = self.post(name, **changes)
        assert status == 201, body
        return body["payment_id"]

    def payment(self, payment_id, token=None):
        status, body = self.ask("GET", "/payments/{payment_id}", token or self.sara, path={"payment_id": payment_id})
        assert status == 200, body
        return body

    def webhook(self, name, delivery, organisation_id=ORG):
        """The raw answer to a provider's message through the route."""
        headers = {"Content-Type": "application/octet-stream", "X-Requested-With": "", **delivery.headers}
        event = support.api_event(
            "POST",
            "/payments/webhooks/{provider}/{organisation_id}",
            path={"provider": name, "organisation_id": organisation_id},
            body=delivery.body.decode("utf-8", "surrogateescape"),
            headers=headers,
        )
        return payments_app.app(event, None)

    def pump(self, kinds=OURS):
        """Deliver our own events of these kinds as the queue would, until there are no more."""
        outbox, _ = _own_items("PAYMENTS_TABLE")
        while True:
            items = [i for i in outbox.scan() if i.sk == "OUTBOX" and i.pk not in self.delivered]
            items = sorted((i for i in items if i.detail_type in kinds), key=lambda i: i.pk)
            if not items:
                return
            for item in items:
                message = {"detail-type": item.detail_type, "detail": json.loads(item.detail)}
                payments_app.consumers.consume(message)
                self.delivered.add(item.pk)

    def give_up(self, kind):
        """The last try of our events of a kind that were not delivered has failed."""
        outbox, _ = _own_items("PAYMENTS_TABLE")
        for item in outbox.scan():
            if item.sk == "OUTBOX" and item.detail_type == kind and item.pk not in self.delivered:
                message = {"detail-type": kind, "detail": json.loads(item.detail)}
                with pytest.raises(Refusal):
                    payments_app.consumers.consume(message, last=True)
                self.delivered.add(item.pk)

    def hear(self, name, delivery):
        """A message that is taken and worked off; the status of its answer."""
        answer = self.webhook(name, delivery)
        self.pump()
        return answer["statusCode"]

    def hear_early(self, name, delivery):
        """A message about a payment of which nothing was worked off yet: it waits until `hear_again`."""
        self.webhook(name, delivery)
        with pytest.raises(Refusal, match="wrong_reference"):
            self.pump()
        outbox, _ = _own_items("PAYMENTS_TABLE")
        self.early = {item.pk for item in outbox.scan() if item.sk == "OUTBOX"} - self.delivered
        self.delivered |= self.early

    def hear_again(self):
        """What came too early is brought once more."""
        self.delivered -= self.early
        self.pump()

    def clock(self):
        return comparison.run_all()

    # ---- what is seen
    def events(self, kind):
        return [data for name, data in support.outbox("PAYMENTS_TABLE") if name == kind]

    def lines(self, state, token=None):
        return self.ask("GET", "/reconciliation", token or self.sara, query={"state": state})[1]["items"]

    def audit(self):
        return [item.what for item in store_messages.audit_of(ORG)]

    def refused(self, name):
        return {item.sk.split("#")[1]: int(item.times) for item in store_messages.refused(ORG, name)}


def reference(payment_id):
    return store_online.reference_of(payment_id)


def paid(name, payment_id, *, key=samples.KEYS[0], amount=AMOUNT, number=1):
    """The message by which a provider says that a payment was paid; `number` tells transactions apart."""
    ours, whole = reference(payment_id), f"{amount // 100}.{amount % 100:02}"
    if name == "autopay":
        return samples.itn(samples.itn_fields(orderID=ours, amount=whole, remoteID=f"REMOTE{number}"), key=key)
    if name == "stripe":
        now = clock.now()
        event = samples.stripe_event(
            event_id=f"evt_{number}", client_reference_id=ours, amount_total=amount, payment_intent=f"pi_{number}"
        )
        return samples.stripe(event, key, at=now, now=now)
    if name == "liqpay":
        return samples.liqpay(samples.liqpay_data(order_id=ours, amount=float(whole), payment_id=number), key)
    if name == "vipps":
        event = samples.vipps_event(
            reference=ours, name="AUTHORIZED", amount={"currency": "NOK", "value": amount}, pspReference=f"psp{number}"
        )
        return samples.vipps(event, key, url=f"https://portal.example/api/payments/webhooks/vipps/{ORG}")
    if name == "przelewy24":
        data = samples.p24_data(sessionId=ours, amount=amount, originAmount=amount, orderId=number)
        return samples.p24(data, key)
    links = {"payment": f"PM{number}"}
    event = samples.gc_event(id=f"EV{number}", links=links, resource_metadata={"order": ours})
    return samples.gocardless(event, key=key)


def ANSWERS(host):  # noqa: N802
    """What the six servers say to our calls where a test says nothing else."""
    last = {}

    def create(body):
        last.update(json.loads(body))
        return {"redirectUrl": f"{host}/pay", "reference": last["reference"]}

    def request(body):
        last.update(json.loads(body)["billing_requests"])
        return {"billing_requests": {"id": "BRQ1"}}

    def captured(amount):
        zero, whole = {"currency": "NOK", "value": 0}, {"currency": "NOK", "value": amount}
        return {"authorizedAmount": whole, "capturedAmount": whole, "refundedAmount": zero, "cancelledAmount": zero}

    def capture(body):
        asked = json.loads(body).get("modificationAmount")
        if asked is None:
            aggregate = {**captured(0), "cancelledAmount": {"currency": "NOK", "value": 0}}
            return {"reference": last["reference"], "state": "TERMINATED", "aggregate": aggregate}
        return {"reference": last["reference"], "state": "AUTHORIZED", "aggregate": captured(asked["value"])}

    def collected(_body):
        amount, _, currency = last["metadata"]["amount"].partition(" ")
        resource = {"id": "PM1", "status": "confirmed", "amount": int(amount), "currency": currency}
        return {"payments": {**resource, "metadata": {"order": last["metadata"]["order"]}}}

    return {
        "POST /v1/checkout/sessions": {"id": "cs_test_1", "url": f"{host}/pay"},
        "POST /accesstoken/get": {"access_token": "tok", "expires_in": "3600"},
        "POST /epayment/v1/payments": create,
        "POST /epayment/v1/payments/": capture,
        "POST /api/v1/transaction/register": {"data": {"token": "TOK-1"}, "responseCode": 0},
        "PUT /api/v1/transaction/verify": {"data": {"status": "success"}, "responseCode": 0},
        "POST /billing_requests": request,
        "POST /billing_request_flows": {"billing_request_flows": {"authorisation_url": f"{host}/pay"}},
        "GET /payments/PM1": collected,
    }


@pytest.fixture
def world(cloud, monkeypatch):
    monkeypatch.setenv("STAGE", "local")
    settings.cache_clear()
    credentials.forget()
    calls._tokens.clear()
    world = World()
    yield world
    world.server.close()
    calls._pool().clear()
    settings.cache_clear()


@pytest.fixture
def settled(world):
    """A Stripe payment that is settled; its id."""
    world.ready("stripe")
    payment_id = world.pay("stripe")
    world.hear("stripe", paid("stripe", payment_id))
    assert world.payment(payment_id)["state"] == "settled"
    return payment_id
