"""What Lambda does between tables, queues and functions, so that a test has the functions' processes in its hand.

Bus, rules, queues and dead letters are those of infra/events.yaml, in the emulator; only who calls a function is ours.
"""

import json
import threading
import time
from collections.abc import Sequence
from typing import Any, Final, Protocol

from infra.build.environment import ROOT
from infra.build.package import read_template
from tests.chaos.lambdas import Function
from tests.load.stand import VARIABLES

BUS: Final = VARIABLES["EVENT_BUS"]
BATCH: Final = 10
STREAM_BATCH: Final = 100
_IDLE: Final = 0.15
_PAUSE: Final = 1
"""Seconds until a message comes again."""
_DEPTHS: Final = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class Client(Protocol):
    """A boto3 client of one service."""

    def __call__(self, service: str) -> Any: ...


class Queue:
    """A context's queue with its rule on the bus and its dead letters, and threads that bring its messages to a function.

    What was not taken, or whose taker was killed, comes again. On AWS it is after the queue's visibility timeout, here at once: only the
    waiting is shorter.
    """

    def __init__(self, client: Client, context: str) -> None:
        self.context, self._sqs, self.redriven, self.buried = context, client("sqs"), 0, 0
        resources = read_template(ROOT / "infra" / "events.yaml")["Resources"]
        known, rule = resources[f"{context}Queue"]["Properties"], resources[f"{context}Rule"]["Properties"]
        self.dead = self._sqs.create_queue(QueueName=f"{context}Dlq")["QueueUrl"]
        policy = {
            "deadLetterTargetArn": self._arn(self.dead),
            "maxReceiveCount": str(known["RedrivePolicy"]["maxReceiveCount"]),
        }
        attributes = {"VisibilityTimeout": str(known["VisibilityTimeout"]), "RedrivePolicy": json.dumps(policy)}
        self.url = self._sqs.create_queue(QueueName=f"{context}Queue", Attributes=attributes)["QueueUrl"]
        events = client("events")
        events.put_rule(Name=context, EventBusName=BUS, EventPattern=json.dumps(rule["EventPattern"]))
        target = {"Id": "queue", "Arn": self._arn(self.url)}
        assert not events.put_targets(Rule=context, EventBusName=BUS, Targets=[target])["FailedEntryCount"]
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def bring_to(self, function: Function, threads: int) -> None:
        self._threads = [
            threading.Thread(target=self._bring, args=(function,), name=self.context, daemon=True)
            for _ in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def depth(self, *, dead: bool = False) -> int:
        """Messages that wait or are under way."""
        url = self.dead if dead else self.url
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_DEPTHS))["Attributes"]
        return sum(int(found.get(name, 0)) for name in _DEPTHS)

    def redrive(self) -> int:
        """Put the dead letters into the queue again, as an operator does; how many there were."""
        count = 0
        while letters := self._receive(self.dead, 0):
            for letter in letters:
                self._sqs.send_message(QueueUrl=self.url, MessageBody=letter["Body"])
                self._sqs.delete_message(QueueUrl=self.dead, ReceiptHandle=letter["ReceiptHandle"])
            count += len(letters)
        self.redriven += count
        return count

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _arn(self, url: str) -> str:
        asked = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return str(asked["Attributes"]["QueueArn"])

    def _receive(self, url: str, seconds: int) -> list[dict[str, Any]]:
        asked = {
            "MaxNumberOfMessages": BATCH,
            "WaitTimeSeconds": seconds,
            "MessageSystemAttributeNames": ["ApproximateReceiveCount"],
        }
        found: list[dict[str, Any]] = self._sqs.receive_message(QueueUrl=url, **asked).get("Messages", [])
        return found

    def _bring(self, function: Function) -> None:
        while not self._over.is_set():
            messages = self._receive(self.url, 0)
            if not messages:
                time.sleep(_IDLE)
                continue
            end = function.invoke({"Records": [self._record(message) for message in messages]})
            whole = end.killed or end.error
            failed = {one["itemIdentifier"] for one in end.answer["batchItemFailures"]} if not whole else set[str]()
            again, done = list[dict[str, Any]](), list[dict[str, Any]]()
            for number, message in enumerate(messages):
                back = whole or message["MessageId"] in failed
                (again if back else done).append({"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]})
            if again:
                entries = [{**one, "VisibilityTimeout": _PAUSE} for one in again]
                self._sqs.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)
            if done:
                self._sqs.delete_message_batch(QueueUrl=self.url, Entries=done)

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:eu-central-1:000000000000:{self.context}Queue",
            "awsRegion": "eu-central-1",
        }


class Relay:
    """A table's stream and the relay that publishes from it. It can be stopped in the middle of a batch and started again."""

    def __init__(self, client: Client, table: str, function: Function) -> None:
        self._client, self._function, self.restarts = client("dynamodbstreams"), function, 0
        client("dynamodb").update_table(
            TableName=table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        )
        stream = self._client.list_streams(TableName=table)["Streams"][0]["StreamArn"]
        shard = self._client.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
        asked = {"StreamArn": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
        self._place = self._before = self._client.get_shard_iterator(**asked)["ShardIterator"]
        self.idle = threading.Event()
        self._begin()

    def restart(self, seconds: float) -> None:
        """Kill it, whatever it is at; after a while it goes on from the checkpoint before, so that a batch is published again."""
        self._over.set()
        self._function.kill()
        self._thread.join(60)
        time.sleep(seconds)
        self._place = self._before
        self.restarts += 1
        self._begin()

    def close(self) -> None:
        self._over.set()
        self._thread.join(60)

    def _begin(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.is_set():
            found = self._client.get_records(ShardIterator=self._place, Limit=STREAM_BATCH)
            records = found["Records"]
            if not records:
                # An iterator ends after a quarter of an hour.
                self._place = found["NextShardIterator"]
                self.idle.set()
                time.sleep(_IDLE)
                continue
            self.idle.clear()
            # The filter of the mapping in template.yaml.
            said = [
                one
                for one in records
                if one["eventName"] == "INSERT" and one["dynamodb"]["Keys"]["sk"]["S"] == "OUTBOX"
            ]
            if self._publish(said):
                self._before, self._place = self._place, found["NextShardIterator"]

    def _publish(self, records: Sequence[dict[str, Any]]) -> bool:
        """Until all are published, in smaller parts after a failure; False when it was stopped first."""
        left, size = list(records), len(records)
        while left:
            if self._over.is_set():
                return False
            batch = left[:size]
            end = self._function.invoke(json.loads(json.dumps({"Records": batch}, default=str)))
            if end.killed or end.error:
                size = max(1, size // 2)
                continue
            failures = end.answer["batchItemFailures"]
            numbers = [one["dynamodb"]["SequenceNumber"] for one in batch]
            left = left[numbers.index(failures[0]["itemIdentifier"]) if failures else len(batch) :]
            size = len(left)
        return True
