"""Findings as items keep them and as answers give them."""

from collections.abc import Iterable
from typing import Any

from meters.rules.vocabulary import Finding
from meters.schemas import FindingResponse


def as_documents(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON, without what is none."""
    return [_document(found) for found in findings]


def merged(kept: Iterable[dict[str, Any]] | None, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What was said of a reading when it was held, with what is new: its decision rests on the first."""
    kept = list(kept or ())
    said = {(each["code"], each.get("register")) for each in kept}
    return [*kept, *(_document(found) for found in findings if (found.code, found.register) not in said)]


def shown(documents: Iterable[dict[str, Any]] | None) -> list[FindingResponse]:
    """Kept findings as their reader gets them."""
    return [FindingResponse.model_validate({"register": None, "suggestion": None, **each}) for each in documents or ()]


def judged(findings: Iterable[Finding]) -> list[FindingResponse]:
    """What a judgement found, as an answer gives it."""
    return shown(as_documents(findings))


def _document(found: Finding) -> dict[str, Any]:
    document: dict[str, Any] = {
        "code": found.code,
        "severity": found.severity,
        "message_params": {
            name: list(value) if isinstance(value, tuple) else value for name, value in found.params.items()
        },
    }
    if found.register is not None:
        document["register"] = found.register
    if found.suggestion:
        offered = found.suggestion
        document["suggestion"] = {
            "kind": offered.kind,
            "values": list(offered.values),
            "claim": offered.claim,
            "claimed": list(offered.claimed),
        }
    return document
