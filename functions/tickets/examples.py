"""One real exchange of each route, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from shared.http.contracts import Example

_ULID: Final = "01JD3M3M3M3M3M3M3M3M3M3M3M"
_TICKET_ID: Final = f"tkt_{_ULID}"
_PERSON_ID: Final = f"per_{_ULID}"
_CONTRACT_ID: Final = f"con_{_ULID}"
_COMMUNITY_ID: Final = f"com_{_ULID}"
_INCIDENT_ID: Final = f"inc_{_ULID}"
_ENTRY_ID: Final = f"ent_{_ULID}"
_KEY: Final = f"incoming/org/org_{_ULID}/ticket/{_PERSON_ID}/upl_{_ULID}/leak.jpg"

_SUMMARY: Final[dict[str, Any]] = {
    "ticket_id": _TICKET_ID,
    "number": "2026/000017",
    "type": "technical",
    "category": "kitchen_leak",
    "subject": "Water under the sink",
    "status": "not_reviewed",
    "outcome": None,
    "awaiting_you": False,
    "wanted": None,
    "emergency": False,
    "common_part": False,
    "due_at": "2026-11-25T15:00:00Z",
    "overdue": False,
    "created_at": "2026-11-22T08:30:00Z",
    "changed_at": "2026-11-22T08:30:00Z",
    "contract_id": _CONTRACT_ID,
    "unit_id": f"unt_{_ULID}",
    "community_id": _COMMUNITY_ID,
    "incident_id": None,
    "reopened": 0,
    "stars": None,
    "version": 1,
    "reporter_id": None,
    "assignee_id": None,
    "supplier_id": None,
    "channel": None,
}
_STAFF_SUMMARY: Final[dict[str, Any]] = {
    **_SUMMARY,
    "status": "accepted",
    "version": 2,
    "reporter_id": _PERSON_ID,
    "assignee_id": f"per_{_ULID[:-1]}N",
    "channel": "portal",
}
_ATTACHMENT: Final[dict[str, Any]] = {
    "attachment_id": f"upl_{_ULID}",
    "name": "leak.jpg",
    "type": "image/jpeg",
    "size": 184320,
    "width": 1600,
    "height": 1200,
    "url": "https://files.example/leak.jpg?X-Amz-Signature=a1b2",
    "thumbnail_url": "https://files.example/thumbnail.jpg?X-Amz-Signature=c3d4",
}
_ENTRY: Final[dict[str, Any]] = {
    "entry_id": _ENTRY_ID,
    "kind": "opened",
    "at": "2026-11-22T08:30:00Z",
    "author": {"role": "reporter", "mine": True, "person_id": None},
    "internal": False,
    "text": "It drips since this morning.",
    "previous": None,
    "now": None,
    "attachments": [_ATTACHMENT],
}
_INCIDENT: Final[dict[str, Any]] = {
    "incident_id": _INCIDENT_ID,
    "kind": "outage",
    "state": "open",
    "community_ids": [_COMMUNITY_ID],
    "category": "no_heating",
    "title": "No heating in staircases A and B",
    "text": "The heat supplier is looking for the fault.",
    "starts_at": "2026-11-22T06:00:00Z",
    "ends_at": None,
    "tickets": 2,
    "updates": [],
}
_DEADLINE: Final[dict[str, Any]] = {"amount": 3, "unit": "working_days"}
_SETTINGS: Final[dict[str, Any]] = {
    "categories": [
        {
            "code": "kitchen",
            "names": {"en": "Kitchen", "pl": "Kuchnia"},
            "types": ["technical"],
            "deadline": None,
            "hint": None,
            "children": [
                {
                    "code": "kitchen_leak",
                    "names": {"en": "Leak", "pl": "Przeciek"},
                    "types": [],
                    "deadline": {"amount": 8, "unit": "working_hours"},
                    "hint": {"en": "Shut the valve under the sink."},
                    "children": [],
                }
            ],
        }
    ],
    "default_deadline": _DEADLINE,
    "emergency_deadline": {"amount": 4, "unit": "hours"},
    "working_time": {"days": [1, 2, 3, 4, 5], "from_hour": 8, "to_hour": 16},
    "emergency_numbers": [{"names": {"en": "Emergency services"}, "phone": "112"}],
    "shared_in_household": True,
    "tickets_a_day": 20,
    "reopen_days": 14,
    "close_after_days": 14,
}
_ANSWER: Final[dict[str, Any]] = {"title": "Appointment", "text": "Our fitter will ring you today."}
_DESK: Final[dict[str, Any]] = {
    "answers": [_ANSWER],
    "answers_version": 1,
    "views": [{"name": "Mine, overdue", "query": {"assignee_id": "me", "overdue": True}}],
}
_RECEIPT: Final[dict[str, Any]] = {"entry_id": _ENTRY_ID, "status": "in_progress"}

OPEN: Final = Example(
    body={
        "contract_id": _CONTRACT_ID,
        "type": "technical",
        "category": "kitchen_leak",
        "subject": "Water under the sink",
        "description": "It drips since this morning.",
        "emergency": False,
        "attachments": [_KEY],
    },
    response={
        "ticket_id": _TICKET_ID,
        "number": "2026/000017",
        "status": "not_reviewed",
        "due_at": "2026-11-25T15:00:00Z",
    },
)
LIST: Final = Example(query={"status": "open"}, response={"items": [_SUMMARY], "next_cursor": None})
SIMILAR: Final = Example(
    query={"contract_id": _CONTRACT_ID, "category": "kitchen_leak"},
    response={"incidents": [_INCIDENT], "tickets": [_SUMMARY]},
)
TICKET: Final = Example(
    response={
        **_SUMMARY,
        "description": "It drips since this morning.",
        "place": "",
        "wished_times": [{"day": "2026-11-24", "part": "morning"}],
        "result": "",
        "question": "",
        "rating_text": "",
        "merged_into": None,
        "escalated_at": None,
        "timeline": [_ENTRY],
        "abilities": {"statuses": [], "comment": True, "reopen": False, "rate": False, "withdraw": True},
    }
)
COMMENT: Final = Example(body={"text": "The valve is shut now.", "internal": False}, response=_RECEIPT)
REOPEN: Final = Example(body={"text": "It drips again."}, response={"entry_id": _ENTRY_ID, "status": "not_reviewed"})
RATE: Final = Example(body={"stars": 5, "text": "Quick."}, response={"entry_id": _ENTRY_ID, "status": "reviewed"})
WITHDRAW: Final = Example(response={"entry_id": _ENTRY_ID, "status": "reviewed"})
CHANGE: Final = Example(
    body={"status": "accepted", "assignee_id": f"per_{_ULID[:-1]}N", "version": 1}, response=_STAFF_SUMMARY
)
BULK: Final = Example(
    body={"ticket_ids": [_TICKET_ID], "change": {"status": "accepted"}},
    response={"items": [{"ticket_id": _TICKET_ID, "code": None}]},
)
MERGE: Final = Example(
    body={"into_ticket_id": f"tkt_{_ULID[:-1]}N"},
    response={**_STAFF_SUMMARY, "status": "closed", "outcome": "merged", "due_at": None},
)
INCIDENTS: Final = Example(response={"items": [_INCIDENT], "next_cursor": None})
INCIDENT: Final = Example(
    body={
        "kind": "outage",
        "community_ids": [_COMMUNITY_ID],
        "category": "no_heating",
        "title": "No heating in staircases A and B",
        "text": "The heat supplier is looking for the fault.",
        "starts_at": "2026-11-22T06:00:00Z",
        "ticket_ids": [_TICKET_ID],
    },
    response=_INCIDENT,
)
READ_INCIDENT: Final = Example(response=_INCIDENT)
UPDATE_INCIDENT: Final = Example(
    body={"text": "The pump was replaced; it is warm again.", "resolved": True},
    response={
        **_INCIDENT,
        "state": "resolved",
        "updates": [
            {
                "update_id": _ENTRY_ID,
                "at": "2026-11-22T12:00:00Z",
                "text": "The pump was replaced; it is warm again.",
                "resolved": True,
            }
        ],
    },
)
SETTINGS: Final = Example(response={**_SETTINGS, "version": 1})
CHANGE_SETTINGS: Final = Example(body={**_SETTINGS, "version": 1}, response={**_SETTINGS, "version": 2})
DESK: Final = Example(response=_DESK)
ANSWERS: Final = Example(body={"answers": [_ANSWER], "version": 0}, response=_DESK)
VIEWS: Final = Example(body={"views": _DESK["views"]}, response=_DESK)
