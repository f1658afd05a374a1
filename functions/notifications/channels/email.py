"""E-mail by Amazon SES v2; one-click unsubscribing by RFC 8058. What became of a mail comes as events of EventBridge (source `aws.ses`)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from notifications.channels import wire
from notifications.channels.model import (
    Account,
    Answer,
    AwsCall,
    Event,
    Field,
    HttpCall,
    Limits,
    Message,
    Outcome,
    Reply,
    Request,
    Said,
    State,
)

_ADDRESS: Final = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
"""An address whose local part is ASCII, which is all that SES takes; quoted local parts are none that people have."""
FIELDS: Final = (
    Field("from", pattern=_ADDRESS.pattern),
    Field("sender", required=False, pattern=r"[^\x00-\x1f\x7f]{1,100}"),
    Field("reply_to", required=False, pattern=_ADDRESS.pattern),
    Field("configuration_set", required=False, pattern=r"[A-Za-z0-9_-]{1,64}"),
)
# What a production account starts with; the account is the deployment's.
LIMITS: Final = Limits(per_second=14, common=True)
_LONGEST: Final = 254
_LONGEST_HEADER: Final = 995
_AGAIN: Final = {"TooManyRequestsException": 1, "ThrottlingException": 1, "LimitExceededException": 3600}
"""Errors after which the same may be sent again, and seconds to wait: the rate, and the quota of a day, which frees itself bit by bit."""


def address(_account: Account, given: str) -> str:
    """An address with its domain in small ASCII letters; the local part stays, for it is the domain's own business."""
    local, _, domain = given.strip().rpartition("@")
    try:
        found = f"{local}@{domain.encode('idna').decode().lower()}"
    except UnicodeError as error:
        raise ValueError("email") from error
    if len(found) > _LONGEST or not _ADDRESS.fullmatch(found):
        raise ValueError("email")
    return found


def send(account: Account, address_: str, message: Message, _now: object) -> AwsCall:
    """Text and HTML; the header for mail programs that unsubscribe with one click, where the kind may be refused."""
    to = address(account, address_)
    # Nobody's answering machine shall answer (RFC 3834).
    headers = [{"Name": "Auto-Submitted", "Value": "auto-generated"}]
    link = f"<{message.unsubscribe}>"
    if message.unsubscribe and link.isascii() and len(link) <= _LONGEST_HEADER:
        headers += [
            {"Name": "List-Unsubscribe", "Value": link},
            {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
        ]
    content = {
        "Subject": _utf8(wire.plain(message.subject)),
        "Body": {"Text": _utf8(message.text), "Html": _utf8(message.html)},
        "Headers": headers,
    }
    arguments: dict[str, Any] = {
        "FromEmailAddress": _sender(account),
        "Destination": {"ToAddresses": [to]},
        "Content": {"Simple": content},
    }
    if account.settings.get("reply_to"):
        arguments["ReplyToAddresses"] = [account.settings["reply_to"]]
    if account.settings.get("configuration_set"):
        arguments["ConfigurationSetName"] = account.settings["configuration_set"]
    if message.reference:
        arguments["EmailTags"] = [{"Name": "reference", "Value": message.reference}]
    return AwsCall("sesv2", "send_email", arguments)


def understand(answer: Answer) -> Outcome:
    """The message's id, or the error's code. That nobody has the address is never told here, but by an event."""
    message_id = wire.text_at(answer.data, "MessageId")
    if message_id:
        return Outcome(State.SENT, message_id)
    if answer.code in _AGAIN:
        return Outcome(State.AGAIN, seconds=_AGAIN[answer.code], code=answer.code)
    return wire.unread(answer)


def link(_account: Account, _token: str) -> str:
    """Empty: the address is that of the person's card."""
    return ""


def register(_account: Account, _url: str) -> HttpCall | None:
    """None: SES speaks by EventBridge."""
    return None


def read_webhook(_account: Account, _request: Request) -> tuple[Reply, tuple[Said, ...]]:
    """SES has none of ours."""
    raise wire.refused("no_webhook", 404)


def read_event(detail_type: str, detail: Mapping[str, Any]) -> tuple[Said, ...]:
    """Delivered, bounced for good (GONE) or for now (FAILED), refused by SES itself, or the reader's complaint (UNLINKED: it arrived)."""
    if detail_type == "Email Delivered":
        return _each(detail, Event.DELIVERED, "", wire.at(detail, "delivery", "recipients"), "delivery")
    if detail_type == "Email Bounced":
        kind = wire.text_at(detail, "bounce", "bounceType")
        event = Event.GONE if kind == "Permanent" else Event.FAILED
        code = f"bounce_{kind}_{wire.text_at(detail, 'bounce', 'bounceSubType')}".lower()
        return _each(detail, event, code, wire.at(detail, "bounce", "bouncedRecipients"), "bounce")
    if detail_type == "Email Complaint Received":
        # Somebody took it out of the spam folder again.
        if wire.at(detail, "complaint", "complaintFeedbackType") == "not-spam":
            return ()
        # Of an earlier complaint SES says so again, instead of sending.
        unsent = bool(wire.at(detail, "complaint", "complaintSubType"))
        whom = wire.at(detail, "complaint", "complainedRecipients")
        return _each(detail, Event.GONE if unsent else Event.UNLINKED, "complaint", whom, "complaint")
    if detail_type == "Email Rejected":
        return _each(detail, Event.FAILED, "rejected", wire.at(detail, "mail", "destination"), "reject")
    return ()


def _each(detail: Mapping[str, Any], event: Event, code: str, whom: Any, part: str) -> tuple[Said, ...]:
    message_id = wire.text_at(detail, "mail", "messageId")
    when = wire.instant(wire.at(detail, part, "timestamp")) or wire.instant(wire.at(detail, "mail", "timestamp"))
    said = []
    for one in whom if isinstance(whom, list) else []:
        given = one if isinstance(one, str) else wire.text_at(one, "emailAddress")
        try:
            # SES may write it as a mail does: a name, and the address in angle brackets.
            who = address(Account({}), given.rpartition("<")[2].rstrip("> "))
        except ValueError:
            continue
        reference = wire.text_at(detail, "mail", "tags", "reference", 0)
        # A mail may come back for now, as by an answering machine, and later for good.
        said.append(Said(event, f"{message_id}/{code or part}/{who}", who, "", message_id, reference, code, when))
    return tuple(said)


def _sender(account: Account) -> str:
    """Whose mail it is. SES wants a name that is not ASCII as encoded words (RFC 2047), of which none is longer than 75 letters."""
    from email.header import Header
    from email.utils import formataddr

    name, mailbox = wire.plain(account.settings.get("sender", "")), account.setting("from")
    if name.isascii():
        return formataddr((name, mailbox))
    return f"{Header(name, 'utf-8', maxlinelen=75).encode(linesep='')} <{mailbox}>"


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
