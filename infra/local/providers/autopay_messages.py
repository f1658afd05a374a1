"""Autopay's messages as Autopay makes and reads them: hash, notices, answers, the confirmation that it waits for.

A code path of its own: nothing here is shared with the portal's side. Source: the operator's documentation, online-payments.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from infra.local.providers.book import words
from infra.local.providers.post import Answer, Outgoing

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
START_ORDER: Final = words(
    "ServiceID OrderID Amount Description GatewayID Currency CustomerEmail Language CustomerNRB SwiftCode "
    "ForeignTransferMode TaxCountry CustomerIP Title ReceiverName Products CustomerPhone CustomerPesel "
    "ValidityTime CustomerNumber InvoiceNumber CompanyName Nip Regon "
    "VerificationFName VerificationLName VerificationStreet VerificationStreetHouseNo VerificationStreetStaircaseNo "
    "VerificationStreetPremiseNo VerificationPostalCode VerificationCity VerificationNRB "
    "LinkValidityTime RecurringAcceptanceState RecurringAction ClientHash OperatorName ICCID AuthorizationCode "
    "ScreenType BlikUIDKey BlikUIDLabel BlikAMKey ReturnURL TransactionSettlementMode PaymentToken DocNumber "
    "RecurringAcceptanceID RecurringAcceptanceTime DefaultRegulationAcceptanceState DefaultRegulationAcceptanceID "
    "DefaultRegulationAcceptanceTime WalletType RecurringValidityTime ServiceURL MCC BlikPPLabel "
    "BlikPPRefuseNotSupported ReceiverNameForFront AccountHolderName UserAgent"
)
"""The fields of a start in the documented numbering; the hash follows it, not the order in the form."""
CALL_ORDER: Final = {
    "transactionStatus": ("ServiceID", "OrderID"),
    "transactionRefund": ("ServiceID", "MessageID", "RemoteID", "Amount", "Currency"),
    "balancePayoff": words(
        "ServiceID MessageID Amount Currency CustomerNRB SwiftCode ForeignTransferMode ReceiverName Title"
    ),
    "balanceGet": ("ServiceID", "MessageID"),
}
FIELD: Final = {
    "ServiceID": r"\d{1,10}",
    "OrderID": r"[A-Za-z0-9_-]{1,32}",
    "Amount": r"\d{1,14}\.\d{2}",
    "Description": r"[A-Za-z0-9.:,\- ]{0,79}",
    "GatewayID": r"\d{1,5}",
    "Currency": "PLN|EUR|GBP|USD",
    "CustomerEmail": r"(?=.{3,255}$)[^@\s]+@[^@\s]+",
    "Language": "PL|EN|DE|CS|ES|FR|IT",
    "Title": r".{0,95}",
    "ReceiverName": r".{0,35}",
    "ValidityTime": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "CustomerNumber": r".{0,35}",
    "InvoiceNumber": r".{0,100}",
    "ReturnURL": r"https?://\S{1,990}",
    "MessageID": r"[A-Za-z0-9]{32}",
    "RemoteID": r"[A-Za-z0-9]{1,20}",
}
Leaf = tuple[str, str]


def digest(algorithm: str, values: Iterable[str], key: str) -> str:
    """The hash: values that are not empty, then the key, with `|` between."""
    summed = hashlib.sha512() if algorithm == "sha512" else hashlib.sha256()
    summed.update("|".join([value for value in values if value] + [key]).encode())
    return summed.hexdigest()


def signed_by(fields: Mapping[str, str], order: Sequence[str], algorithm: str, keys: Iterable[str]) -> bool:
    """Whether a shop's form carries the hash that a live key gives."""
    values = [fields.get(name, "") for name in order]
    given = fields.get("Hash", "").encode()
    return any([hmac.compare_digest(given, digest(algorithm, values, key).encode()) for key in keys])  # noqa: C419


def misfit(fields: Mapping[str, str], order: Sequence[str]) -> str:
    """The name of the first field that is unknown or has not its form; empty when all fit."""
    for name, value in fields.items():
        if name == "Hash":
            continue
        if name not in order or "|" in value or (value and not re.fullmatch(FIELD.get(name, ".*"), value)):
            return name
    return ""


def xml_list(service: str, transactions: Sequence[Sequence[Leaf]], algorithm: str, key: str) -> bytes:
    """A signed `transactionList`, of a notice or of the answer to a status query. A leaf may be nested: `customerData.city`."""
    values = [service, *(value for leaves in transactions for _, value in leaves)]
    inner = "".join(f"<transaction>{_nested(leaves)}</transaction>" for leaves in transactions)
    return (
        f"{HEAD}<transactionList><serviceID>{service}</serviceID><transactions>{inner}</transactions>"
        f"<hash>{digest(algorithm, values, key)}</hash></transactionList>"
    ).encode()


def _nested(leaves: Sequence[Leaf]) -> str:
    parts, group = [], ""
    for name, value in leaves:
        outer, _, inner = name.rpartition(".")
        if outer != group:
            parts.append((f"</{group}>" if group else "") + (f"<{outer}>" if outer else ""))
            group = outer
        parts.append(f"<{inner}>{escape(value)}</{inner}>" if value else "")
    return "".join(parts) + (f"</{group}>" if group else "")


def notice(xml: bytes) -> Outgoing:
    """An ITN or ISTN on its way."""
    body = urlencode({"transactions": base64.b64encode(xml).decode()}).encode()
    return Outgoing(body, {"Content-Type": "application/x-www-form-urlencoded"})


def flat_answer(root: str, leaves: Sequence[Leaf], algorithm: str, key: str) -> bytes:
    """A signed answer without nesting."""
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in leaves)
    return f"{HEAD}<{root}>{inner}<hash>{digest(algorithm, [v for _, v in leaves], key)}</hash></{root}>".encode()


def error(code: int, name: str) -> bytes:
    """A refusal; it is not signed."""
    return f"{HEAD}<error><statusCode>{code}</statusCode><name>{name}</name><description>{name}</description></error>".encode()


def confirmed(answer: Answer, named: Leaf, service: str, algorithm: str, keys: Iterable[str]) -> bool:
    """Whether the shop's answer is a CONFIRMED for this notice, signed with a live key. `named`: orderID or remoteOutID."""
    if answer.status != 200:  # noqa: PLR2004 - nothing else is right
        return False
    try:
        root = fromstring(answer.body.decode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return False
    found = [(element.tag, element.text or "") for element in root.iter() if not len(element)]
    expected = [("serviceID", service), named, ("confirmation", "CONFIRMED")]
    shape = [element.tag for element in root]
    if root.tag != "confirmationList" or shape != ["serviceID", "transactionsConfirmations", "hash"]:
        return False
    values = [value for _, value in expected]
    hashes = [("hash", digest(algorithm, values, key)) for key in keys]
    return found[:-1] == expected and found[-1] in hashes
