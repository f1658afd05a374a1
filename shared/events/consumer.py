"""Consumers behind SQS: each message's effect and its inbox item commit in one transaction; failures go back alone."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from shared.errors import NotFound, TooEarly
from shared.events.envelope import Event, Metadata
from shared.observe import logger, traced
from shared.tables import AlreadyDone, UnitOfWork, run

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

MAX_RECEIVES: Final = 8
"""The queues' maxReceiveCount; a test compares."""
SOON: Final = (2, 8, 30)
"""Seconds after which an event that came too early is brought again, the first times; then it waits as long as every failed one."""

E = TypeVar("E", bound=Event)
Handler = Callable[[Any, UnitOfWork], None]


class Consumers:
    """The events that a context listens to.

    Usage: `@consumers.on(PaymentSettled)` above `def _(event, uow)`; the Lambda handler is `consumers.handler`.
    """

    def __init__(self, context: str, variable: str | None = None) -> None:
        self.context = context
        self.variable = variable or f"{context.upper()}_TABLE"
        self.handlers: dict[str, tuple[type[Event], Handler]] = {}
        self.give_ups: dict[str, Handler] = {}
        self.handler = traced(self._handle)

    def on(self, event: type[E]) -> Callable[[Callable[[E, UnitOfWork], None]], Callable[[E, UnitOfWork], None]]:
        """Register the one handler of an event in this context."""

        def register(handler: Callable[[E, UnitOfWork], None]) -> Callable[[E, UnitOfWork], None]:
            if event.detail_type() in self.handlers:
                msg = f"{self.context} handles {event.detail_type()} twice"
                raise ValueError(msg)
            self.handlers[event.detail_type()] = (event, handler)
            return handler

        return register

    def on_giving_up(
        self, event: type[E]
    ) -> Callable[[Callable[[E, UnitOfWork], None]], Callable[[E, UnitOfWork], None]]:
        """Register what is noted when the last try of an event has failed and its message goes to the dead letters.

        For work that somebody waits for: he is told that it failed, instead of seeing it queued for ever.
        """

        def register(handler: Callable[[E, UnitOfWork], None]) -> Callable[[E, UnitOfWork], None]:
            self.give_ups[event.detail_type()] = handler
            return handler

        return register

    def _handle(self, event: dict[str, Any], context: Any) -> Any:
        """The Lambda handler of the context's queue: partial batch response, so that one bad message returns alone."""
        from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        return process_partial_response(
            event=event,
            record_handler=self._take,
            processor=processor,
            context=context,
        )

    def _take(self, record: "SQSRecord") -> None:
        received = int(record.attributes.approximate_receive_count)
        try:
            self.consume(json.loads(record.body), last=received >= MAX_RECEIVES)
        except (TooEarly, NotFound):
            if received <= len(SOON):
                _bring_again(record, SOON[received - 1])
            raise

    def consume(self, message: dict[str, Any], *, last: bool = False) -> None:
        """Handle one EventBridge event once, whatever is delivered twice. An event that nobody here knows is an error.

        `last` says that the queue will not bring it again by itself.
        """
        model, handler = self.handlers[message["detail-type"]]
        metadata = Metadata.model_validate(message["detail"]["metadata"])
        data = model.model_validate(message["detail"]["data"])
        logger.append_keys(
            correlation_id=metadata.correlation_id, event_id=metadata.id, detail_type=model.detail_type()
        )

        def work(uow: UnitOfWork) -> None:
            done = uow.find_done()
            if done:
                raise done
            handler(data, uow)

        try:
            run(
                lambda: UnitOfWork(self.variable, metadata, once_key=f"INBOX#{metadata.id}"),
                work,
                lambda _uow, _result: None,
            )
        except AlreadyDone:
            logger.info("event handled before")
        except Exception:
            logger.exception("event failed")
            if last and model.detail_type() in self.give_ups:
                self._give_up(data, metadata)
            raise

    def _give_up(self, data: Event, metadata: Metadata) -> None:
        """Without a once item: when the message comes back from the dead letters, it shall be handled."""
        note = self.give_ups[data.detail_type()]
        try:
            run(lambda: UnitOfWork(self.variable, metadata), lambda uow: note(data, uow), lambda _uow, _result: None)
        except Exception:  # noqa: BLE001 - the event itself has failed, which is what must be told
            logger.exception("failure not noted")


def _bring_again(record: "SQSRecord", seconds: int) -> None:
    """Without it the event would wait for the queue's visibility timeout, a minute or more. Failing is no harm: then it does."""
    import boto3

    account, name = record.event_source_arn.split(":")[-2:]
    try:
        queues = boto3.client("sqs")
        url = queues.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
        queues.change_message_visibility(QueueUrl=url, ReceiptHandle=record.receipt_handle, VisibilityTimeout=seconds)
    except Exception:  # noqa: BLE001 - the event itself goes back either way
        logger.exception("not brought again soon")
