"""One real exchange of each route, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from shared.http.contracts import Example

_ULID: Final = "01JD3M3M3M3M3M3M3M3M3M3M3M"
_METER_ID: Final = f"mtr_{_ULID}"
_READING_ID: Final = f"rdg_{_ULID}"
_UNIT_ID: Final = f"unt_{_ULID}"
_COMMUNITY_ID: Final = f"com_{_ULID}"
_PERSON_ID: Final = f"per_{_ULID}"
_IMPORT_ID: Final = f"imp_{_ULID}"
_PHOTO_KEY: Final = f"incoming/org/org_{_ULID}/reading/{_PERSON_ID}/upl_{_ULID}/meter.jpg"

_SHOWN: Final[dict[str, Any]] = {
    "reading_id": f"rdg_{_ULID[:-1]}K",
    "date": "2026-10-31",
    "values": ["00412.350"],
    "estimated": False,
}
_SUMMARY: Final[dict[str, Any]] = {
    "meter_id": _METER_ID,
    "number": "WZ-104233",
    "medium": "cold_water",
    "unit": "m3",
    "place": "Bathroom",
    "unit_id": _UNIT_ID,
    "community_id": _COMMUNITY_ID,
    "parent_id": None,
    "device": {"digits": 5, "decimals": 3, "registers": 1, "multiplier": "1", "max_flow": "3.125"},
    "installed_on": "2024-10-31",
    "removed_on": None,
    "verified_until": "2029-10-31",
    "last": _SHOWN,
    "estimate": None,
    "waiting": None,
    "refused": {
        "reading_id": f"rdg_{_ULID[:-1]}J",
        "date": "2026-11-20",
        "values": ["00451.800"],
        "reason": "The photograph shows 00415.800",
    },
    "window": {"first": "2026-11-25", "last": "2026-12-05", "is_open": False, "outside": "warn"},
    "expected": [
        {
            "register": 0,
            "low": "00413.010",
            "high": "00419.150",
            "low_use": "0.660",
            "high_use": "6.800",
            "expected_use": "3.400",
            "basis": "season",
        }
    ],
    "may_read": True,
}
_METER: Final[dict[str, Any]] = {
    **_SUMMARY,
    "unit_label": "12",
    "seal": "",
    "photo_on_confirmation": False,
    "version": 25,
}
_HIGH: Final[dict[str, Any]] = {
    "code": "HIGH",
    "severity": "warn",
    "register": 0,
    "message_params": {
        "use": "9.450",
        "days": "22",
        "since": "2026-10-31",
        "daily": "0.4295",
        "expected_daily": "0.1545",
        "basis": "season",
        "daily_bound": "0.3090",
    },
    "suggestion": None,
}
_TRANSPOSED: Final[dict[str, Any]] = {
    "code": "TRANSPOSED",
    "severity": "warn",
    "register": 0,
    "message_params": {"value": "00415.800"},
    "suggestion": {"kind": "transposed_digits", "values": ["00415.800"], "claim": None, "claimed": []},
}
_USE: Final[dict[str, Any]] = {"unit": "m3", "since": "2026-10-31", "days": 22, "uses": ["3.450"]}
_RECEIPT: Final[dict[str, Any]] = {
    "reading_id": _READING_ID,
    "meter_id": _METER_ID,
    "number": "WZ-104233",
    "date": "2026-11-22",
    "values": ["00415.800"],
    "status": "accepted",
    "findings": [],
    "consumption": _USE,
    "recorded_at": "2026-11-22T08:30:00Z",
}
_PHOTO: Final[dict[str, Any]] = {
    "attachment_id": f"upl_{_ULID}",
    "name": "meter.jpg",
    "type": "image/jpeg",
    "size": 184320,
    "width": 1600,
    "height": 1200,
    "url": "https://files.example/meter.jpg?X-Amz-Signature=a1b2",
    "thumbnail_url": "https://files.example/thumbnail.jpg?X-Amz-Signature=c3d4",
}
_ENTRY: Final[dict[str, Any]] = {
    "entry_id": _READING_ID,
    "kind": "read",
    "status": "accepted",
    "date": "2026-11-22",
    "values": ["00421.800"],
    "closing": [],
    "uses": ["9.450"],
    "number": None,
    "verified_until": None,
    "seal": "",
    "findings": [_HIGH],
    "channel": "portal",
    "actor": {"role": "household", "mine": True, "person_id": None},
    "photo": _PHOTO,
    "recorded_at": "2026-11-22T08:30:00Z",
    "decision": {"decision": "accept", "at": "2026-11-22T10:00:00Z", "reason": "", "person_id": None},
    "supersedes": None,
    "superseded_by": None,
}
_NOW: Final[dict[str, Any]] = {
    "use": "4.650",
    "registers": ["4.650"],
    "estimated": "0.000",
    "actual_days": 31,
    "estimated_days": 0,
}
_YEAR_AGO: Final[dict[str, Any]] = {**_NOW, "use": "4.810", "registers": ["4.810"]}
_PERIOD: Final[dict[str, Any]] = {"first": "2026-10-01", "last": "2026-10-31", "now": _NOW, "last_year": _YEAR_AGO}
_IMPORT: Final[dict[str, Any]] = {
    "import_id": _IMPORT_ID,
    "name": "readings.csv",
    "content": "readings",
    "channel": "file",
    "dry_run": False,
    "state": "done",
    "failure": None,
    "rows": 240,
    "done": 240,
    "accepted": 236,
    "held": 2,
    "duplicates": 1,
    "refused": 1,
    "created_at": "2026-11-22T08:30:00Z",
}
_OWN_SETTINGS: Final[dict[str, Any]] = {
    "windows": {"cold_water": {"first": 25, "last": 5}},
    "thresholds": {"cold_water": {"floor": "0.300"}},
    "estimation_policy": "pl-last-period",
}
_SETTINGS: Final[dict[str, Any]] = {
    **_OWN_SETTINGS,
    "default_thresholds": {"cold_water": {"high_percent": 200, "floor": "0.200"}},
    "sources": {"cold_water": {"high_percent": "Elexon BSCP504"}},
    "estimation_policies": [{"policy_id": "pl-last-period", "method": "last_period", "source": "Practice"}],
    "version": 1,
}

LIST: Final = Example(query={"unit_id": _UNIT_ID}, response={"items": [_SUMMARY], "next_cursor": None})
METER: Final = Example(response=_METER)
STREAM: Final = Example(response={"items": [_ENTRY], "next_cursor": None})
READ: Final = Example(body={"date": "2026-11-22", "values": ["415,800"], "confirmed": False}, response=_RECEIPT)
CHECK: Final = Example(
    body={"date": "2026-11-22", "values": ["00451.800"]},
    response={
        "status": "submitted",
        "findings": [_HIGH, _TRANSPOSED],
        "consumption": {**_USE, "uses": ["39.450"]},
        "duplicate_of": None,
    },
)
CONSUMPTION: Final = Example(
    query={"from": "2025-11-01", "to": "2026-10-31", "by": "month"},
    response={"meter_id": _METER_ID, "medium": "cold_water", "unit": "m3", "periods": [_PERIOD], "total": _PERIOD},
)
INSTALL: Final = Example(
    body={
        "number": "WZ-104233",
        "medium": "cold_water",
        "place": "Bathroom",
        "unit_id": _UNIT_ID,
        "device": {"digits": 5, "decimals": 3, "max_flow": "3.125"},
        "date": "2024-10-31",
        "opening": ["00000.000"],
        "verified_until": "2029-10-31",
    },
    response={**_METER, "version": 1},
)
CHANGE: Final = Example(
    body={"place": "Kitchen", "version": 25}, response={**_METER, "place": "Kitchen", "version": 26}
)
REPLACE: Final = Example(
    body={"date": "2026-11-20", "closing": ["00415.120"], "opening": ["00000.000"], "number": "WZ-200871"},
    response={**_METER, "number": "WZ-200871", "version": 26},
)
EVENT: Final = Example(
    body={"kind": "verified", "date": "2026-11-20", "verified_until": "2031-11-20"},
    response={**_METER, "verified_until": "2031-11-20", "version": 26},
)
BALANCE: Final = Example(
    query={"from": "2026-10-01", "to": "2026-10-31"},
    response={
        "meter_id": _METER_ID,
        "unit": "m3",
        "first": "2026-10-01",
        "last": "2026-10-31",
        "house": "62.400",
        "units": "58.120",
        "expected": "58.120",
        "difference": "4.280",
        "tolerance": "3.120",
        "is_outside": True,
        "unknown": 0,
        "parts": [
            {"meter_id": _METER_ID, "number": "WZ-104233", "unit_id": _UNIT_ID, "unit_label": "12", "use": "4.650"}
        ],
    },
)
HELD: Final = Example(
    response={
        "items": [
            {
                **{name: _SUMMARY[name] for name in ("meter_id", "number", "medium", "unit", "place", "unit_id")},
                "unit_label": "12",
                "community_id": _COMMUNITY_ID,
                "reading_id": _READING_ID,
                "date": "2026-11-22",
                "values": ["00430.000"],
                "last": _SHOWN,
                "uses": ["17.650"],
                "findings": [{**_HIGH, "severity": "hold"}],
                "channel": "portal",
                "claim": None,
                "actor": {"role": "household", "mine": False, "person_id": _PERSON_ID},
                "photo": _PHOTO,
                "recorded_at": "2026-11-22T08:30:00Z",
            }
        ],
        "next_cursor": None,
    }
)
DECIDE: Final = Example(
    body={"decision": "accept"},
    response={**_RECEIPT, "values": ["00430.000"], "findings": [_HIGH], "consumption": {**_USE, "uses": ["17.650"]}},
)
IMPORT: Final = Example(
    body={"upload": f"org/org_{_ULID}/meters/upl_{_ULID}/readings.csv", "content": "readings", "dry_run": True},
    response={"import_id": _IMPORT_ID},
)
BATCH: Final = Example(
    body={
        "channel": "remote",
        "readings": [{"meter_number": "WZ-104233", "time": "2026-11-22T07:00:00Z", "values": ["415.812"]}],
    },
    response={"import_id": _IMPORT_ID},
)
IMPORTS: Final = Example(response={"items": [_IMPORT], "next_cursor": None})
IMPORTED: Final = Example(response=_IMPORT)
PROBLEMS: Final = Example(
    response={
        "items": [
            {
                "line": 17,
                "outcome": "refused",
                "code": "unknown_meter",
                "field": "meter_number",
                "meter_number": "WZ-1O4233",
                "date": "2026-11-22",
                "values": ["415.800"],
                "message_params": {},
            }
        ],
        "next_cursor": None,
    }
)
SETTINGS: Final = Example(response=_SETTINGS)
CHANGE_SETTINGS: Final = Example(body={**_OWN_SETTINGS, "version": 0}, response=_SETTINGS)
