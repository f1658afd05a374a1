"""Generates `events/schemas/<DetailType>/v<N>.json` from the catalogue. A published version only ever grows.

`python -m infra.build.event_schemas` writes what is new and refuses what would break a reader.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from shared.events.catalog import EVENTS
from shared.events.envelope import Event, Metadata

FOLDER: Final = Path(__file__).parents[2] / "events" / "schemas"


def path_of(event: type[Event]) -> Path:
    return FOLDER / event.detail_type() / f"v{event.version}.json"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """JSON Schema of the whole detail: metadata and data."""
    data, metadata = event.model_json_schema(), Metadata.model_json_schema()
    definitions = {**data.pop("$defs", {}), **metadata.pop("$defs", {})}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": event.detail_type(),
        "description": " ".join((event.__doc__ or "").split()),
        "x-source": event.source,
        "type": "object",
        "required": ["metadata", "data"],
        "properties": {"metadata": metadata, "data": data},
        **({"$defs": definitions} if definitions else {}),
    }


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What a new schema takes away from readers or demands from writers: removed properties, new required ones, changed types."""
    findings = []
    for part in ("metadata", "data"):
        before, after = old["properties"][part], new["properties"][part]
        for name, schema in before.get("properties", {}).items():
            if name not in after.get("properties", {}):
                findings.append(f"{part}.{name} removed")
            elif schema.get("type") != after["properties"][name].get("type"):
                findings.append(f"{part}.{name} changed its type")
        added = set(after.get("required", [])) - set(before.get("required", []))
        findings += [f"{part}.{name} newly required" for name in sorted(added)]
    return findings


def rendered(event: type[Event]) -> str:
    return json.dumps(schema_of(event), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write every schema; stop at the first that breaks a published version."""
    for event in EVENTS.values():
        target = path_of(event)
        if target.exists():
            findings = breaks(json.loads(target.read_text("utf-8")), schema_of(event))
            if findings:
                sys.stderr.write(f"{event.detail_type()} v{event.version}: {', '.join(findings)}\n")
                return 1
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(rendered(event), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
