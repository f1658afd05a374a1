"""An organisation with contracts, uploads and a queue, for tests of the payments services."""

import json
from datetime import date
from pathlib import Path

from payments import app as payments_app
from payments import store

from shared.events.catalog import ContractStarted
from shared.tables import _own_items
from tests import support
from tests.cloud import aws_client

ORG = "org_test"
ACCOUNT = "PL29114010810000267002001002"
STAFF_PERSON = "per_staff"
FILES = Path(__file__).resolve().parents[2] / "fixtures" / "bank"


def load(name):
    """A bank statement of the fixtures."""
    return (FILES / name).read_bytes()


def contract_started(number, contract_id=None, currency="PLN", **references):
    kinds = ("mass_payment_id", "virtual_account", "kid", "rf")
    return ContractStarted(
        contract_id=contract_id or f"con_{number.replace('/', '_')}",
        number=number,
        type="lease",
        unit_id="unt_1",
        community_id="com_1",
        currency=currency,
        starts_on=date(2015, 3, 1),
        ends_on=None,
        parties=[],
        payment_references=[{"kind": kind, "value": references[kind]} for kind in kinds if kind in references],
    )


class World:
    """Everything that happens to one organisation; `pump` delivers what the outbox holds, as the queue would."""

    def __init__(self, organisation_id=ORG, accounts=((ACCOUNT, "PLN"),), **profile):
        self.organisation_id = organisation_id
        bank_accounts = [{"account": account, "currency": currency} for account, currency in accounts]
        support.put_organisation(support.profile(organisation_id, bank_accounts=bank_accounts, **profile))
        self.token = support.sign_in(organisation_id, STAFF_PERSON, ("staff", "organisation", organisation_id))
        self.delivered = set()
        self.count = 0

    def call(self, method, route, **given):
        return support.call(payments_app.app, method, route, token=self.token, **given)

    def start(self, number, event_id=None, **given):
        self.consume(contract_started(number, **given), event_id)

    def consume(self, event, event_id=None):
        self.count += 1
        payments_app.consumers.consume(
            support.event_message(event, self.organisation_id, event_id or f"evt_{self.organisation_id}_{self.count}")
        )

    def upload(self, data, name="file.sta"):
        self.count += 1
        key = f"org/{self.organisation_id}/bank_statement/upl_{self.count}/{name}"
        aws_client("s3").put_object(Bucket="lokum-test-uploads", Key=key, Body=data)
        return key

    def receive(self, data, name="file.sta"):
        status, body = self.call("POST", "/bank-statements", body={"upload": self.upload(data, name)})
        assert status == 202, body
        return body["import_id"]

    def run(self, data, name="file.sta"):
        import_id = self.receive(data, name)
        self.pump()
        return self.result(import_id)

    def result(self, import_id):
        status, body = self.call("GET", "/bank-statements/{import_id}", path={"import_id": import_id})
        assert status == 200, body
        return body

    def waiting(self):
        """Messages of our own events that were not delivered yet, oldest first."""
        outbox, _ = _own_items("PAYMENTS_TABLE")
        ours = ("BankStatementReceived", "BankStatementChunkParsed")
        items = [i for i in outbox.scan() if i.sk == "OUTBOX" and i.pk not in self.delivered and i.detail_type in ours]
        items = [i for i in items if i.pk.startswith(f"ORG#{self.organisation_id}#")]
        return sorted(items, key=lambda item: item.pk)

    def deliver(self, item):
        payments_app.consumers.consume({"detail-type": item.detail_type, "detail": json.loads(item.detail)})

    def pump(self, times=1, backwards=False):
        """Deliver until nothing waits; each message `times` times."""
        while waiting := self.waiting():
            for item in reversed(waiting) if backwards else waiting:
                for _ in range(times):
                    self.deliver(item)
                self.delivered.add(item.pk)

    def settled(self):
        return [data for kind, data in support.outbox("PAYMENTS_TABLE") if kind == "PaymentSettled"]

    def events(self):
        return support.outbox("PAYMENTS_TABLE")

    def inbox(self):
        status, body = self.call("GET", "/unmatched-transfers")
        assert status == 200, body
        return body["items"]

    def assign(self, transfer_id, contract_id):
        return self.call(
            "POST",
            "/unmatched-transfers/{transfer_id}/assignment",
            path={"transfer_id": transfer_id},
            body={"contract_id": contract_id},
        )

    def transfers(self):
        return [item for item in store.TransferItem.scan() if item.sk == "TRANSFER"]


def counts(result):
    return {name: result[name] for name in ("transactions", "matched", "unmatched", "duplicates", "ignored")}


def mt940(*entries, opening=0, account=ACCOUNT):
    """A statement of entries `(amount, reference, details)`; the amounts in minor units, negative for debits."""
    lines = [":20:S", f":25:{account}", ":28C:1/1", f":60F:C170101PLN{_plain(opening)}"]
    for amount, reference, details in entries:
        lines.append(f":61:1701190119{'C' if amount >= 0 else 'D'}{_plain(abs(amount))}NTRFNONREF//{reference}")
        lines.append(f":86:{details}")
    closing = opening + sum(amount for amount, _, _ in entries)
    lines.append(f":62F:{'C' if closing >= 0 else 'D'}170119PLN{_plain(abs(closing))}")
    return "\n".join([*lines, "-", ""]).encode()


def collect(iph, tnr, payer="56114010810000267002001001", title="CZYNSZ"):
    return (
        f"911 TRANSAKCJA COLLECT; ID IPH: {iph}; Z RACH.: {payer}; OD: JAN NOWAK  UL. X 1; TYT.: {title}; TNR: {tnr}.1"
    )


def _plain(minor):
    return f"{minor // 100},{minor % 100:02d}"
