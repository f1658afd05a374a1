"""AWS End User Messaging SMS from its own side: SendTextMessage (`pinpoint-sms-voice-v2`, JSON 1.0), and its events on the default bus.

A call has to carry a Signature Version 4 for `sms-voice`; the signature itself is not computed again, for the keys are the emulator's. A
sender of the configuration (`origination`) may write to any number: one that nobody here has gets a page of its own. Who answers STOP is
on the opt-out list (ConflictException). Limits: 20 calls a second from a sender; the figure is ours, AWS counts parts by country and
sender. A part costs 0.04 USD here, which `MaxPrice` is held against.
"""

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar, Final

from infra.local.messengers.chats import Bot, Chat, Line, Trouble
from infra.local.messengers.config import Limits, Person
from infra.local.messengers.messenger import Action, Limited, Messenger
from infra.local.messengers.sms_parts import Parts, parts
from infra.local.providers.frame import Refused, Request, Response, Route
from infra.local.providers.post import Answer, Outgoing

BUS: Final = "the default bus"
TARGET: Final = "PinpointSMSVoiceV2."
JSON: Final = "application/x-amz-json-1.0"
SIGNED: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[\w-]+/\d{8}/[a-z0-9-]+/sms-voice/aws4_request, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=[0-9a-f]{64}"
)
MUST_BE_SIGNED: Final = frozenset({"host", "x-amz-date", "x-amz-target"})
NUMBER: Final = re.compile(r"\+?[1-9]\d{6,14}")
"""ITU-T E.164: at most 15 digits, the country's code first."""
TEXTS: Final = {
    "DestinationPhoneNumber": r"\+?[1-9][0-9]{1,18}",
    "OriginationIdentity": r"[A-Za-z0-9_:/+-]{1,256}",
    "MessageBody": r"(?!\s*$)[\s\S]{1,1600}",
    "MessageType": "TRANSACTIONAL|PROMOTIONAL",
    "MaxPrice": r"(?=.{2,8}$)[0-9]{0,2}\.[0-9]{1,5}",
}
LIVES: Final = range(5, 259_201)
"""Seconds that `TimeToLive` may be."""
MOST_CONTEXT: Final = 5
PRICE: Final = 0.04
ERRORS: Final = {
    "AccessDeniedException": 400,
    "ConflictException": 400,
    "InternalServerException": 500,
    "ResourceNotFoundException": 400,
    "ServiceQuotaExceededException": 400,
    "ThrottlingException": 400,
    "ValidationException": 400,
}
REASONS: Final = {
    "AccessDeniedException": "INSUFFICIENT_ACCOUNT_REPUTATION",
    "ConflictException": "DESTINATION_PHONE_NUMBER_OPTED_OUT",
    "ServiceQuotaExceededException": "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
    "ValidationException": "COUNTRY_NOT_ENABLED",
}
"""The reason of a trouble that is asked for."""
DELIVERED: Final = "TEXT_DELIVERED"
WORDS: Final = {
    "TEXT_PENDING": "Message is pending",
    DELIVERED: "Message has been accepted by phone",
    "TEXT_BLOCKED": "Phone has blocked SMS",
    "TEXT_CARRIER_BLOCKED": "Phone carrier has blocked this message",
    "TEXT_CARRIER_UNREACHABLE": "Phone carrier is currently unreachable/unavailable",
    "TEXT_INVALID": "Phone number is invalid",
    "TEXT_SPAM": "Message was reported as spam",
    "TEXT_TTL_EXPIRED": "Message has expired",
    "TEXT_UNKNOWN": "Message has not been delivered for an unknown reason",
    "TEXT_UNREACHABLE": "Phone is currently unreachable/unavailable",
}


def refusal(code: str, message: str, **more: Any) -> Response:
    """An error in the words of JSON 1.0."""
    body = {"__type": f"com.amazonaws.pinpointsmsvoicev2#{code}", "Message": message, **more}
    return Response(ERRORS.get(code, 400), json.dumps(body).encode(), JSON, {"x-amzn-ErrorType": code})


def invalid(name: str, reason: str = "FIELD_VALIDATION_FAILED") -> Refused:
    """A field that is not as it has to be."""
    fields = [{"Name": name, "Message": f"{name} is not as it has to be"}]
    return Refused(refusal("ValidationException", f"Invalid {name}", Reason=reason, Fields=fields))


class Sms(Messenger):
    """See the module."""

    name, title = "sms", "SMS"
    limits: ClassVar = Limits(20, 1.0)
    late: ClassVar = frozenset(WORDS) - {"TEXT_PENDING", DELIVERED}
    troubles: ClassVar = (*ERRORS, *sorted(late))

    def routes(self) -> list[Route]:
        return [Route("POST", "/", self._called)]

    def start(self) -> "Messenger":
        super().start()
        for bot in self.bots.values():
            bot.webhook_url = BUS
        return self

    def post(self, _url: str, outgoing: Outgoing) -> Answer:
        """No webhook: AWS says it on its own bus."""
        try:
            self.config.bus(json.loads(outgoing.body))
        except RuntimeError as error:
            return Answer(0, problem=f"no cloud: {error}")
        return Answer(200)

    def address(self, _bot: Bot, person: Person) -> str:
        return person.phone

    def actions(self, chat: Chat) -> list[Action]:
        if chat.state == "left":
            return [Action("start", "Answer START")]
        if chat.state == "off":
            return [Action("on", "Switch the telephone on")]
        if chat.state == "gone":
            return [Action("return", "Take the number again")]
        return [
            Action("stop", "Answer STOP"),
            Action("off", "Switch the telephone off"),
            Action("leave", "Give the number up"),
        ]

    def act(self, chat: Chat, action: str, _text: str) -> None:
        """Nobody is told of any of it: what is sent next is refused, or does not arrive."""
        chat.state = {"stop": "left", "off": "off", "leave": "gone"}.get(action, "open")
        if action in {"stop", "start"}:
            self.wrote(chat, action.upper())

    def bad_answer(self, trouble: Trouble) -> Response:
        reason = {"Reason": REASONS[trouble.code]} if trouble.code in REASONS else {}
        return refusal(trouble.code, "As it was asked for", **reason)

    def limited(self, _limit: Limited) -> Response:
        return refusal("ThrottlingException", "Rate exceeded")

    def known(self, bot: Bot, address: str) -> Chat:
        """A number that nobody here has belongs to somebody else."""
        found = super().known(bot, address)
        if found is None:
            handle = address.removeprefix("+")
            self.people[handle] = Person(handle, address, address, account=bot.account.handle)
            found = self.chat(bot.account.handle, handle)
        return found

    # --- What the account asks

    def _called(self, request: Request) -> Response:
        target = request.headers.get("x-amz-target", "")
        if (refused := _unsigned(request)) is not None:
            return refused
        if target != f"{TARGET}SendTextMessage" or request.headers.get("content-type") != JSON:
            return refusal("UnknownOperationException", target)
        try:
            given = request.json()
        except ValueError:
            return refusal("SerializationException", "no JSON object")
        check(given)
        sender = str(given.get("OriginationIdentity", ""))
        bot = self.bot(lambda one: one.account.settings["origination"] == sender)
        if bot is None:
            return refusal("ResourceNotFoundException", "Not found", ResourceType="sender-id", ResourceId=sender)
        address = f"+{given['DestinationPhoneNumber'].removeprefix('+')}"
        return self.take(bot, address, lambda: self._receive(self.known(bot, address), given))

    def _receive(self, chat: Chat, given: dict[str, Any]) -> Response:
        if chat.state == "left":
            reason = "DESTINATION_PHONE_NUMBER_OPTED_OUT"
            return refusal("ConflictException", "Destination phone number opted out", Reason=reason)
        count = parts(given["MessageBody"])
        if "MaxPrice" in given and count.number * PRICE > float(given["MaxPrice"]):
            raise invalid("MaxPrice", "PRICE_OVER_THRESHOLD")
        raw = self.ids.make("0123456789abcdef", 32, "message", self.count())
        found = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))
        if given.get("DryRun") is not True:
            self._show(chat, found, given, count)
        return Response(200, json.dumps({"MessageId": found}).encode(), JSON)

    def _show(self, chat: Chat, found: str, given: dict[str, Any], count: Parts) -> None:
        if chat.state == "new":
            chat.state = "open"
        silent = {"off": "TEXT_UNREACHABLE", "gone": "TEXT_INVALID"}.get(chat.state, DELIVERED)
        end = str(chat.extra.pop("fails", silent))
        text, title = given["MessageBody"], f"{given['OriginationIdentity']}, {count.encoding}, parts: {count.number}"
        extra = {"request": given, "parts": count.number, "encoding": count.encoding, "end": end}
        line = Line(found, text, self.now(), title=title, extra=extra)
        chat.lines.append(line)
        self._event(chat, line, "TEXT_PENDING")
        self.courier.later(self.config.receipt_seconds, lambda: self._arrive(chat, line))

    def _arrive(self, chat: Chat, line: Line) -> None:
        with self.lock:
            line.state = "delivered" if line.extra["end"] == DELIVERED else "failed"
            self._event(chat, line, line.extra["end"])

    # --- What AWS says

    def _event(self, chat: Chat, line: Line, kind: str) -> None:
        request, at = line.extra["request"], int(self.now().timestamp() * 1000)
        detail = {
            "eventType": kind,
            "eventVersion": "1.0",
            "eventTimestamp": at,
            "isFinal": kind != "TEXT_PENDING",
            "originationPhoneNumber": request["OriginationIdentity"],
            "destinationPhoneNumber": chat.address,
            "messageId": line.id,
            "messageRequestTimestamp": int(line.at.timestamp() * 1000),
            "messageEncoding": line.extra["encoding"],
            "messageType": request.get("MessageType", "TRANSACTIONAL"),
            "messageStatus": kind.removeprefix("TEXT_"),
            "messageStatusDescription": WORDS[kind],
            "context": request.get("Context", {}),
            "totalMessageParts": line.extra["parts"],
            "totalMessagePrice": round(line.extra["parts"] * PRICE, 5),
            "totalCarrierFee": 0.0,
        }
        entry = {"Source": "aws.sms-voice", "DetailType": "Text Message Delivery Status Updated"}
        body = json.dumps({**entry, "Detail": json.dumps(detail), "EventBusName": "default"}).encode()
        self.tell(chat, kind, _sealed(body))


def check(given: dict[str, Any]) -> None:
    """Raises Refused, as ValidationException, for a request that is not as the API wants it."""
    for name in ("DestinationPhoneNumber", "OriginationIdentity", "MessageBody"):
        if name not in given:
            raise invalid(name, "MISSING_PARAMETER")
    for name, pattern in TEXTS.items():
        if name in given and not (isinstance(given[name], str) and re.fullmatch(pattern, given[name])):
            raise invalid(name)
    if not NUMBER.fullmatch(given["DestinationPhoneNumber"]):
        raise invalid("DestinationPhoneNumber", "INVALID_PARAMETER")
    if given.get("TimeToLive", LIVES[0]) not in LIVES:
        raise invalid("TimeToLive")
    context = given.get("Context", {})
    if len(context) > MOST_CONTEXT or not all(re.fullmatch(r"\S{1,100}", key) for key in context):
        raise invalid("Context")
    if not all(re.fullmatch(r"\S|\S[\s\S]{0,798}\S", str(value)) for value in context.values()):
        raise invalid("Context")


def _unsigned(request: Request) -> Response | None:
    """The refusal of a call that is not signed, or not for this service."""
    given = request.headers.get("authorization", "")
    if not given:
        return refusal("MissingAuthenticationTokenException", "Missing Authentication Token")
    found = SIGNED.fullmatch(given)
    if found is None or not set(found["headers"].split(";")) >= MUST_BE_SIGNED:
        return refusal("IncompleteSignatureException", "Authorization is not a Signature Version 4 for sms-voice")
    return None


def _sealed(body: bytes) -> Callable[[], Outgoing]:
    return lambda: Outgoing(body, {})
