"""Autopay's signed XML: the notices that it sends, the answers that it gives, and the confirmation that it wants.

The hash covers the values in document order, not their names. So that nobody can give a signed text other names, the known fields
must stand in their documented order, each with its own form, and none may hold the separator.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from payments.providers.model import Account, Refusal
from payments.providers.wire import in_utc, matches

WARSAW: Final = ZoneInfo("Europe/Warsaw")
ALGORITHMS: Final = ("sha256", "sha512")
SERVICE: Final = r"[0-9]{1,10}"
_NAME: Final = r"[A-Z_]{1,64}"
_AMOUNT: Final = r"[0-9]{1,14}\.[0-9]{2}"
_CURRENCY: Final = r"[A-Z]{3}"
_ORDER: Final = r"[A-Za-z0-9_-]{1,32}"
_REMOTE: Final = r"[A-Za-z0-9]{1,20}"
# The documentation calls it alphanumeric, too, and shows `ZWTR_6063048773` for a refund.
_REMOTE_OUT: Final = r"[A-Za-z0-9_]{1,20}"
_DATE: Final = r"[0-9]{14}"

PAYMENT: Final = {
    "orderID": _ORDER,
    "remoteID": _REMOTE,
    "amount": _AMOUNT,
    "currency": _CURRENCY,
    "gatewayID": r"[0-9]{1,5}",
    "paymentDate": _DATE,
    "paymentStatus": _NAME,
    "paymentStatusDetails": r"[A-Za-z0-9_ -]{1,64}",
    "startAmount": _AMOUNT,
}
"""A payment's fields that are read, in the documented order."""
TRANSFER: Final = {
    "isRefund": "true|false",
    "orderID": _ORDER,
    "remoteID": _REMOTE,
    "remoteOutID": _REMOTE_OUT,
    "amount": _AMOUNT,
    "currency": _CURRENCY,
    "transferDate": _DATE,
    "transferStatus": _NAME,
    "transferStatusDetails": r"[A-Za-z0-9_ -]{1,64}",
    "title": r"[^|]{1,140}",
}
"""A settlement transfer's fields that are read, in the documented order."""


@dataclass(frozen=True, slots=True)
class Document:
    """A signed text. `key` is the live key that gives its hash, None when none does; then nothing in it may be believed."""

    service: str
    root: Element
    key: str | None


def hash_of(algorithm: str, key: str, values: Iterable[str]) -> str:
    """The hash of a message: the values that are not empty, the key last, joined with `|`. Only SHA-256 and SHA-512."""
    if algorithm not in ALGORITHMS:
        raise Refusal("not_configured", "algorithm")
    solid = [value for value in values if value]
    return hashlib.new(algorithm, "|".join([*solid, key]).encode("utf-8", "surrogatepass")).hexdigest()


def open_document(account: Account, xml: bytes, root_name: str) -> Document:
    """A signed text, with the key that signed it. Raises Refusal `malformed` for what has not this root."""
    root = parse(xml)
    given = root.findall("hash")
    if root.tag != root_name or len(given) != 1 or len(root.findall("serviceID")) != 1:
        raise Refusal("malformed", root_name)
    values, digest = list(_values(root, given[0])), (given[0].text or "").strip()
    algorithm = account.setting("algorithm", "sha256")
    key = next((key for key in account.live("key") if matches(digest, [hash_of(algorithm, key, values)])), None)
    return Document((root.findtext("serviceID") or "").strip(), root, key)


def parse(xml: bytes) -> Element:
    """The root of an XML text without document type or entities. Raises Refusal `malformed`."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(xml, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Refusal("malformed", "xml") from error
    if not isinstance(root, Element):
        raise Refusal("malformed", "xml")
    return root


def _values(root: Element, signature: Element) -> Iterator[str]:
    """Every leaf's text as it stands, in document order: fields that we do not know are covered too.

    The parameters of a basket carry their value in an attribute. No published hash exists for that case: unconfirmed.
    """
    for element in root.iter():
        if element is signature or len(element):
            continue
        yield element.text or ""
        if element.tag == "param":
            yield element.get("value") or ""


def transactions(document: Document) -> list[Element]:
    """The transactions of a list. Raises Refusal `malformed` when there is anything beside them."""
    names = [child.tag for child in document.root]
    if names != ["serviceID", "transactions", "hash"]:
        raise Refusal("malformed", "transactionList")
    found = list(document.root[1])
    if any(element.tag != "transaction" for element in found):
        raise Refusal("malformed", "transaction")
    return found


def fields_of(transaction: Element, known: dict[str, str], required: Sequence[str]) -> dict[str, str]:
    """The known fields of a transaction that are not empty. Raises Refusal `malformed` for a wrong order, form or number."""
    names = [child.tag for child in transaction if child.tag in known]
    if names != [name for name in known if name in names]:
        raise Refusal("malformed", "order of fields")
    found = {child.tag: child.text or "" for child in transaction if child.tag in known and child.text}
    for name, value in found.items():
        if not re.fullmatch(known[name], value):
            raise Refusal("malformed", name)
    missing = [name for name in required if name not in found]
    if missing:
        raise Refusal("malformed", missing[0])
    return found


def polish_time(text: str) -> datetime:
    """`YYYYMMDDhhmmss` in Polish time. Raises Refusal `malformed` for a time that does not exist."""
    try:
        at = datetime.fromisoformat(f"{text[:8]}T{text[8:]}").replace(tzinfo=WARSAW)
    except ValueError as error:
        raise Refusal("malformed", "date") from error
    return in_utc(at)


def confirmation(account: Account, key: str, service: str, field: tuple[str, str], *, confirmed: bool) -> bytes:
    """The signed answer to a notice. `field` is orderID or remoteOutID with its value.

    Whoever calls us unsigned gets a signed NOTCONFIRMED back. The values must never hold the separator: the hash of
    `service|order|...|SUCCESS|NOTCONFIRMED` would be that of a paid notice.
    """
    name, value = field
    if not re.fullmatch(SERVICE, service) or not re.fullmatch(_ORDER, value):
        raise Refusal("malformed", name)
    said = "CONFIRMED" if confirmed else "NOTCONFIRMED"
    digest = hash_of(account.setting("algorithm", "sha256"), key, (service, value, said))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<confirmationList><serviceID>{service}</serviceID><transactionsConfirmations><transactionConfirmed>"
        f"<{name}>{value}</{name}><confirmation>{said}</confirmation>"
        f"</transactionConfirmed></transactionsConfirmations><hash>{digest}</hash></confirmationList>"
    ).encode()
