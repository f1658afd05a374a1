"""Notices delivered as in the cloud: a stream's relay, a queue, workers that take batches from it, and the clocks. Each is a process.

`python -m tests.load.deliverers work|remind|keep_time` is one of them; the relay is a thread of whoever looks on.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from infra.build.environment import ROOT

TABLE: Final = "notifications"
WORKERS: Final = 4
BATCH: Final = 5
MINUTE: Final = 60


class Staff:
    """The workers and the clocks; whoever is killed is replaced, and a clock that failed goes again."""

    def __init__(self, queue: str) -> None:
        self.killed = 0
        self._roles = [("work", queue)] * WORKERS + [("keep_time",), ("remind",)]
        self._processes = [self._start(*role) for role in self._roles]

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.killed += 1

    def kill_any(self, chance: random.Random) -> None:
        """One of the workers who live."""
        self.kill(chance.choice([one for one in self._processes[:WORKERS] if one.poll() is None]).pid)

    def fill_up(self) -> None:
        """Others take the places of those who are gone."""
        for place, process in enumerate(self._processes):
            if process.poll():
                assert process.returncode == -signal.SIGKILL or place >= WORKERS, "a worker failed"
                self._processes[place] = self._start(*self._roles[place])

    def dismiss(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()

    @staticmethod
    def _start(role: str, *arguments: str) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'functions'}"}
        command = [sys.executable, "-m", "tests.load.deliverers", role, *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def relay(queue: str, over: threading.Event) -> None:
    """What the stream's relay, the bus and its rule do: each NotificationQueued to the queue."""
    import boto3

    streams, queues = boto3.client("dynamodbstreams"), boto3.client("sqs")
    (stream,) = streams.list_streams(TableName=TABLE)["Streams"]
    (shard,) = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
    asked = {"StreamArn": stream["StreamArn"], "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    iterator = streams.get_shard_iterator(**asked)["ShardIterator"]
    while not over.wait(0.1):
        page = streams.get_records(ShardIterator=iterator)
        iterator = page["NextShardIterator"]
        said = [entry for record in page["Records"] for entry in _said(record["dynamodb"].get("NewImage", {}))]
        for start in range(0, len(said), 10):
            queues.send_message_batch(QueueUrl=queue, Entries=said[start : start + 10])


def _said(image: dict[str, Any]) -> Iterator[dict[str, str]]:
    kind = image.get("detail_type", {}).get("S")
    if kind == "NotificationQueued":
        detail = json.loads(image["detail"]["S"])
        yield {"Id": detail["metadata"]["id"], "MessageBody": json.dumps({"detail-type": kind, "detail": detail})}


def work(queue: str) -> None:
    """What Lambda does with a queue: batches, of which it brings again what failed."""
    import boto3
    from notifications.app import on_events

    # By this its mails are known as its own.
    os.environ["AWS_SDK_UA_APP_ID"] = str(os.getpid())
    queues = boto3.client("sqs")
    while True:
        asked = {"MaxNumberOfMessages": BATCH, "WaitTimeSeconds": 1, "MessageSystemAttributeNames": ["All"]}
        if messages := queues.receive_message(QueueUrl=queue, **asked).get("Messages"):
            answer = on_events({"Records": [_record(one) for one in messages]}, None)
            failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
            done = [
                {"Id": one["MessageId"], "ReceiptHandle": one["ReceiptHandle"]}
                for one in messages
                if one["MessageId"] not in failed
            ]
            if done:
                queues.delete_message_batch(QueueUrl=queue, Entries=done)


def _record(message: dict[str, Any]) -> dict[str, Any]:
    names = {"messageId": "MessageId", "receiptHandle": "ReceiptHandle", "body": "Body", "attributes": "Attributes"}
    record = {name: message[given] for name, given in names.items()}
    return {**record, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:notifications"}


def remind() -> None:
    """The clock of reminders, until everybody has been told; a run ends after some minutes."""
    from notifications.app import run_reminders

    while run_reminders({}, None)["told"]:
        pass


def keep_time() -> None:
    """The clock of what waits, each minute."""
    from notifications.app import run_notifications

    while True:
        began = time.monotonic()
        run_notifications({}, None)
        time.sleep(max(MINUTE - (time.monotonic() - began), 0))


if __name__ == "__main__":
    {"work": work, "remind": remind, "keep_time": keep_time}[sys.argv[1]](*sys.argv[2:])
