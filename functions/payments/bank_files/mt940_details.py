"""Field 86 of MT940: each bank has its own order in it. Four are read here: mBank's `KEY: value;`, numbered subfields
(`?20`, `<20`, `^20`, `~20`), slash codes (`/REMI/...`), and free text.

Banks break the lines of the field anywhere, even inside a number. So the text is read joined, and what is a number is read
without white space.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

_WIDTH: Final = 65
"""A line of field 86 is 65 characters; a full one goes on in the next without a space."""
_MOST: Final = 8000
"""The standard has six lines; some banks send more. What comes after this is not read."""

_MBANK_KEYS: Final = {
    "IDIPH": "mass_payment_id",
    "ZRACH": "payer_account",
    "NARACH": "virtual_account",
    "OD": "payer_name",
    "TYT": "title",
    "TNR": "transaction_number",
}
_MBANK: Final = re.compile(
    r"(?:^|;)\s*(I\s*D\s*I\s*P\s*H|Z\s*R\s*A\s*C\s*H\s*\.?|N\s*A\s*R\s*A\s*C\s*H\s*\.?|O\s*D|T\s*Y\s*T\s*\.?|T\s*N\s*R)\s*:"
)
_TNR: Final = re.compile(r"^\d+\.\d+")
_NUMBERED: Final = re.compile(r"^\s*(\d{3})?([?<^~])\d{2}")
_SLASHED: Final = re.compile(
    r"/(ADDR|BENM|BIC|CNTP|CSID|EREF|IBAN|ID|ISDT|MARF|NAME|ORDP|PREF|PURP|REMI|RTRN|RTYP|SVCL|TRTP|ULTB|ULTD)/"
)
_STRUCTURED: Final = re.compile(r"^STRD/(?:CUR|ISO)/(.+)$")


@dataclass(frozen=True)
class Details:
    """What field 86 says of a transfer; empty where it says nothing."""

    title: str = ""
    payer_name: str = ""
    payer_account: str = ""
    mass_payment_id: str = ""
    virtual_account: str = ""
    transaction_number: str = ""
    end_to_end_id: str = ""
    creditor_reference: str = ""


def read(value: str) -> Details:
    """The details of a field's raw value, line breaks included."""
    value = value[:_MOST]
    solid = value.replace("\n", "")
    # Subfields and slash codes are cut at full width, wherever that is; only the banks that write prose break at words.
    if _NUMBERED.match(solid):
        return _numbered(solid)
    if _SLASHED.match(solid):
        return _slashed(solid)
    text = joined(value)
    parts = _mbank_parts(text)
    return _mbank(parts) if parts else Details(title=text.strip())


def joined(value: str) -> str:
    """One line: without a space after a full or space-ended line, with one after a shorter line."""
    lines = value.split("\n")
    parts = [line if len(line) >= _WIDTH or line.endswith(" ") else f"{line} " for line in lines[:-1]]
    return "".join([*parts, lines[-1]])


def _mbank_parts(text: str) -> dict[str, str]:
    matches = list(_MBANK.finditer(text))
    parts: dict[str, str] = {}
    for position, match in enumerate(matches):
        end = matches[position + 1].start() if position + 1 < len(matches) else len(text)
        key = _MBANK_KEYS[re.sub(r"[\s.]", "", match.group(1))]
        parts.setdefault(key, text[match.end() : end].strip().removesuffix(";").strip())
    return parts


def _mbank(parts: dict[str, str]) -> Details:
    number = _TNR.match(_solid(parts.get("transaction_number", "")))
    # Two spaces part the payer's name from the address.
    name = re.split(r"\s{2,}", parts.get("payer_name", ""))[0]
    return Details(
        title=parts.get("title", ""),
        payer_name=name,
        payer_account=_known(parts.get("payer_account", "")),
        mass_payment_id=_solid(parts.get("mass_payment_id", "")).split(";")[0],
        virtual_account=_known(parts.get("virtual_account", "")),
        transaction_number=number.group() if number else "",
    )


def _numbered(text: str) -> Details:
    """Subfields, through the library: 20-29 and 60-65 the purpose, 31 the other account, 32 and 33 the other name."""
    match = _NUMBERED.match(text)
    separator = match.group(2) if match else "?"
    plain = text.strip().replace(separator, "?")
    plain = plain if plain[:1].isdigit() else f"000{plain}"
    found = _library_details(plain)

    def of(key: str) -> str:
        return str(found.get(key) or "").strip()

    return Details(
        title=" ".join(part for part in (of("purpose"), of("additional_purpose")) if part),
        payer_name=of("applicant_name"),
        payer_account=_known(of("gvc_applicant_iban") or of("applicant_iban")),
        end_to_end_id=of("end_to_end_reference"),
    )


@cache
def _library() -> tuple[Any, Any, Any]:
    import mt940

    tag = mt940.tags.TAG_BY_ID[86]
    return mt940, tag, mt940.models.Transactions(options=mt940.Options.all())


def _library_details(text: str) -> dict[str, Any]:
    library, tag, collection = _library()
    given = {"transaction_details": text}
    found: dict[str, Any] = library.processors.transaction_details_post_processor(collection, tag, given, dict(given))
    return found


def _slashed(text: str) -> Details:
    """Slash codes as Rabobank, ING and ABN AMRO write them; a party's name follows its role: `/ORDP//NAME/...`."""
    matches = list(_SLASHED.finditer(text))
    parts: dict[str, str] = {}
    for position, match in enumerate(matches):
        end = matches[position + 1].start() if position + 1 < len(matches) else len(text)
        parts.setdefault(match.group(1), text[match.end() : end].strip().strip("/").strip())
    remittance = parts.get("REMI", "").removeprefix("USTD//")
    structured = _STRUCTURED.match(remittance)
    party = parts.get("CNTP", "").split("/")
    return Details(
        title="" if structured else remittance,
        payer_name=parts.get("NAME", "") or (party[2] if len(party) > _CNTP_NAME else ""),
        payer_account=_known(parts.get("IBAN", "") or party[0]),
        end_to_end_id=parts.get("EREF", ""),
        creditor_reference=structured.group(1).strip() if structured else "",
    )


_CNTP_NAME: Final = 2  # /CNTP/account/bic/name/city/


def _solid(text: str) -> str:
    return "".join(text.split())


def _known(account: str) -> str:
    """An account without white space; zeros alone mean that the bank does not say."""
    solid = _solid(account)
    return solid if solid.strip("0") else ""
