"""The queues of a running world, as an operator sees them."""

from typing import Any

from tests.world import World

CONTEXTS = ("Auth", "Registry", "Statements", "Payments", "Tickets", "Meters", "Notifications")
QUEUES = tuple(f"{context}Queue" for context in CONTEXTS)
_DEPTHS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


class Queues:
    """Depths, redrives and settings of the queues of `infra/events.yaml`, by their logical names."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def client(self) -> Any:
        return self.world.deployment.client("sqs")

    def url(self, name: str) -> str:
        return self.world.deployment.resources[f"Events.{name}"].replace("//localhost:", "//127.0.0.1:")

    def depth(self, name: str) -> int:
        """Messages that wait, are under way or delayed."""
        found = self.client.get_queue_attributes(QueueUrl=self.url(name), AttributeNames=list(_DEPTHS))["Attributes"]
        return sum(int(found.get(attribute, 0)) for attribute in _DEPTHS)

    def depths(self, names: tuple[str, ...] = QUEUES) -> dict[str, int]:
        """Those that are not empty."""
        return {name: depth for name in names if (depth := self.depth(name))}

    def dead(self) -> dict[str, int]:
        """Those of all queues at the end of the line that are not empty."""
        names = (name.removeprefix("Events.") for name in self.world.deployment.resources)
        return self.depths(tuple(name for name in names if name.endswith("Dlq")))

    def set_visibility(self, seconds: int) -> None:
        """How long a message that a worker took is nobody else's. A killed worker's messages come back after it."""
        for name in QUEUES:
            self.client.set_queue_attributes(QueueUrl=self.url(name), Attributes={"VisibilityTimeout": str(seconds)})

    def send(self, name: str, body: str) -> None:
        self.client.send_message(QueueUrl=self.url(name), MessageBody=body)

    def receive(self, name: str, seconds: int = 1) -> list[dict[str, Any]]:
        asked = {"MaxNumberOfMessages": 10, "WaitTimeSeconds": seconds, "MessageSystemAttributeNames": ["All"]}
        found: list[dict[str, Any]] = self.client.receive_message(QueueUrl=self.url(name), **asked).get("Messages", [])
        return found

    def redrive(self, context: str) -> int:
        """Put what lies in a context's dead-letter queue into its queue again, as docs/runbook.md says; how many there were."""
        source, count = f"{context}Dlq", 0
        while messages := self.receive(source):
            for message in messages:
                self.send(f"{context}Queue", message["Body"])
                self.client.delete_message(QueueUrl=self.url(source), ReceiptHandle=message["ReceiptHandle"])
                count += 1
        return count
