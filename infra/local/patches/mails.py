"""What the emulator forgets of a mail: its headers, what SES refuses in it, who may send it, and what became of it."""

# ruff: noqa: SLF001 - a patch is about private parts
import json
import re
import sys
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any, Final

from infra.local.patches.parts import require
from shared.clock import now

SENDING: Final = "/v2/email/outbound-emails"
SIMULATOR: Final = {"bounce@simulator.amazonses.com": "bounce", "complaint@simulator.amazonses.com": "complaint"}
TAG: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""A name or value of an e-mail tag, as the API describes both."""
bouncing: Final[set[str]] = set()
"""Addresses that mails come back from, until the emulator ends; in small letters."""


def keep_what_was_sent(**_context: Any) -> None:
    """SES v2 keeps headers and tags beside the text, and says on the default bus what became of each mail.

    A role may send from the identities of its policy; the emulator would look for a policy about `*`.
    """
    from ministack.core import iam_actions
    from ministack.services import eventbridge, ses, ses_v2

    require(iam_actions, "_ses_v2_resource_arn")
    require(ses_v2, "handle_request", "_identities", "_json_err")
    require(ses, "_sent_emails", "_sent_emails_list")
    require(eventbridge, "_put_events")
    handle, resource = ses_v2.handle_request, iam_actions._ses_v2_resource_arn

    async def handle_request(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        is_mail = method == "POST" and path.rstrip("/") == SENDING
        if is_mail and (wrong := misfit(json.loads(body))):
            return ses_v2._json_err("BadRequestException", wrong)
        answer = await handle(method, path, headers, body, query)
        if is_mail and answer[0] == 200:  # noqa: PLR2004
            _note(ses._sent_emails_list()[-1], json.loads(body))
        return answer

    def resource_arn(method: str, path: str, body: bytes, region: str, account: str) -> Any:
        if method == "POST" and path.rstrip("/") == SENDING:
            return f"arn:aws:ses:{region}:{account}:identity/{_identity(ses_v2._identities, json.loads(body))}"
        return resource(method, path, body, region, account)

    ses_v2.handle_request = handle_request
    iam_actions._ses_v2_resource_arn = resource_arn


def misfit(given: dict[str, Any]) -> str:
    """What SES takes in no mail: marks in a tag, and what is not ASCII in an address or its name (no SMTPUTF8; Punycode, encoded words).

    Its words are not confirmed.
    """
    for tag in given.get("EmailTags", []):
        for part in ("Name", "Value"):
            if not TAG.fullmatch(tag.get(part, "")):
                return f"Invalid tag {part.lower()} <{tag.get(part, '')}>."
    whom = [one for addresses in given.get("Destination", {}).values() for one in addresses]
    for address in (given.get("FromEmailAddress", ""), *given.get("ReplyToAddresses", []), *whom):
        if not address.isascii():
            return f"Address <{address}> contains characters that are not ASCII."
    return ""


def sent() -> list[dict[str, Any]]:
    """All mails since the emulator began, the newest first."""
    ses = sys.modules.get("ministack.services.ses")
    if ses is None:
        return []
    stores = [found for key, found in ses._sent_emails.to_dict().items() if key[-1] == "entries"]
    return sorted((mail for store in stores for mail in list(store)), key=lambda mail: -mail["Timestamp"])


def report(mail: dict[str, Any], kind: str) -> None:
    """Say what became of a mail: `delivery`, `bounce`, `complaint`. Has to run on the emulator's event loop."""
    at = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    when = datetime.fromtimestamp(mail["Timestamp"], UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    about = {"timestamp": when, "messageId": mail["MessageId"], "source": mail["Source"], "destination": mail["To"]}
    tags = {one["Name"]: [one["Value"]] for one in mail.get("Tags", [])}
    name, part = _part(kind, mail["To"], at)
    detail = {"eventType": kind.title(), "mail": {**about, "tags": tags}, kind: part}
    entry = {"Source": "aws.ses", "DetailType": name, "Detail": json.dumps(detail), "EventBusName": "default"}
    publish(entry)


def publish(entry: dict[str, Any]) -> None:
    """Say something as AWS itself: an entry of PutEvents with a source nobody else may use. Has to run on the emulator's event loop."""
    from ministack.services import eventbridge

    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def _note(mail: dict[str, Any], given: dict[str, Any]) -> None:
    simple = given.get("Content", {}).get("Simple", {})
    mail["Headers"] = [(one["Name"], one["Value"]) for one in simple.get("Headers", [])]
    mail["Tags"] = given.get("EmailTags", [])
    mail["ReplyTo"] = given.get("ReplyToAddresses", [])
    to = {parseaddr(one)[1].lower() for one in mail["To"]}
    simulated = next((kind for address, kind in SIMULATOR.items() if address in to), "")
    kind = "bounce" if to & bouncing else simulated
    if kind != "bounce":
        report(mail, "delivery")
    if kind:
        report(mail, kind)


def _part(kind: str, to: list[str], at: str) -> tuple[str, dict[str, Any]]:
    """The event's name, and the part that only it has."""
    if kind == "bounce":
        whom = [{"emailAddress": one, "action": "failed", "status": "5.1.1"} for one in to]
        head = {"bounceType": "Permanent", "bounceSubType": "General", "timestamp": at}
        return "Email Bounced", {**head, "bouncedRecipients": whom}
    if kind == "complaint":
        whom = [{"emailAddress": one} for one in to]
        head = {"complaintFeedbackType": "abuse", "timestamp": at}
        return "Email Complaint Received", {**head, "complainedRecipients": whom}
    return "Email Delivered", {"timestamp": at, "recipients": to, "smtpResponse": "250 2.6.0 Message received"}


def _identity(known: Any, given: dict[str, Any]) -> str:
    """The sender's address where that is an identity, else its domain."""
    address = parseaddr(given.get("FromEmailAddress", ""))[1]
    return address if address in known else address.rpartition("@")[2]
