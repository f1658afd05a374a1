"""Consumers: one effect an event, and a word to those who wait when the last try has failed."""

import json

import pytest
from pynamodb.attributes import NumberAttribute

from shared.errors import NotFound, TooEarly
from shared.events import consumer
from shared.events.catalog import ContractEnded, LedgerImportReceived
from shared.events.consumer import MAX_RECEIVES, Consumers
from shared.tables import Base, table_name
from tests.cloud import aws_client
from tests.support import event_message


class Tally(Base):
    class Meta:
        table_name = table_name("STATEMENTS_TABLE")

    times = NumberAttribute(default=0)


def counted(uow, name):
    uow.update(Tally(pk=f"ORG#{uow.organisation_id}#TALLY", sk=name), [Tally.times.add(1)])


def times(name):
    try:
        return Tally.get("ORG#org_a#TALLY", name).times
    except Tally.DoesNotExist:
        return 0


@pytest.fixture
def consumers(cloud):
    consumers = Consumers("statements")

    @consumers.on(ContractEnded)
    def _(event, uow):
        counted(uow, "ended")

    @consumers.on(LedgerImportReceived)
    def _(event, uow):
        msg = "a mistake of ours"
        raise RuntimeError(msg)

    @consumers.on_giving_up(LedgerImportReceived)
    def _(event, uow):
        counted(uow, event.import_id)

    return consumers


def batch(message, receives):
    return {
        "Records": [
            {
                "messageId": "m1", "receiptHandle": "r", "body": json.dumps(message), "messageAttributes": {},
                "attributes": {"ApproximateReceiveCount": str(receives)}, "md5OfBody": "", "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:q", "awsRegion": "eu-central-1",
            }
        ]
    }  # fmt: skip


def test_an_event_has_its_effect_once(consumers):
    message = event_message(ContractEnded(contract_id="ctr_1", ends_on="2026-01-01"), "org_a")
    for receives in (1, 2):
        assert consumers.handler(batch(message, receives), None) == {"batchItemFailures": []}
    assert times("ended") == 1


@pytest.mark.parametrize(("receives", "noted"), [(1, 0), (MAX_RECEIVES - 1, 0), (MAX_RECEIVES, 1)])
def test_giving_up_is_noted_at_the_last_try_only(consumers, receives, noted):
    message = event_message(LedgerImportReceived(import_id="imp_1"), "org_a")
    failed = consumers.handler(batch(message, receives), None)
    assert failed == {"batchItemFailures": [{"itemIdentifier": "m1"}]}, "the message still goes to the dead letters"
    assert times("imp_1") == noted


def test_an_event_that_nobody_handles_is_a_failure(consumers):
    message = {**event_message(LedgerImportReceived(import_id="imp_1"), "org_a"), "detail-type": "Unheard"}
    assert consumers.handler(batch(message, 1), None)["batchItemFailures"]


@pytest.mark.parametrize(("error", "receives", "brought"), [
    (TooEarly(), 1, True),
    (NotFound(), 3, True),
    (TooEarly(), 4, False),
    (RuntimeError(), 1, False),
])  # fmt: skip
def test_an_event_before_what_it_builds_on_is_brought_again_soon(cloud, monkeypatch, error, receives, brought):
    consumers, queues = Consumers("statements"), aws_client("sqs")

    @consumers.on(ContractEnded)
    def _(event, uow):
        raise error

    url = queues.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "90"})["QueueUrl"]
    message = event_message(ContractEnded(contract_id="ctr_1", ends_on="2026-01-01"), "org_a")
    queues.send_message(QueueUrl=url, MessageBody=json.dumps(message))
    (received,) = queues.receive_message(QueueUrl=url)["Messages"]
    event = batch(message, receives)
    event["Records"][0]["receiptHandle"] = received["ReceiptHandle"]
    monkeypatch.setattr(consumer, "SOON", (0, 0, 0))
    assert consumers.handler(event, None)["batchItemFailures"]
    assert len(queues.receive_message(QueueUrl=url).get("Messages", [])) == brought


def test_a_queue_that_does_not_answer_changes_nothing(cloud):
    consumers = Consumers("statements")

    @consumers.on(ContractEnded)
    def _(event, uow):
        raise TooEarly

    message = event_message(ContractEnded(contract_id="ctr_1", ends_on="2026-01-01"), "org_a")
    assert consumers.handler(batch(message, 1), None) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
