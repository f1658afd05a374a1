"""The words that tickets are spoken of in."""

from typing import Literal

TicketType = Literal["technical", "organisational", "financial", "request"]
Status = Literal[
    "new", "accepted", "in_progress", "waiting_for_tenant", "waiting_for_supplier", "done", "closed", "declined"
]
PublicStatus = Literal["not_reviewed", "in_progress", "reviewed"]
Outcome = Literal["done", "declined", "closed", "withdrawn", "merged"]
Wanted = Literal["answer", "document", "photo"]
"""What the reporter is asked for while his ticket waits for him."""
Channel = Literal["portal", "telephone", "email", "paper", "in_person"]
EntryKind = Literal[
    "opened",
    "commented",
    "status_changed",
    "reopened",
    "rated",
    "withdrawn",
    "merged",
    "assigned",
    "supplier_assigned",
    "category_changed",
    "type_changed",
    "due_changed",
    "emergency_changed",
    "incident_linked",
    "incident_updated",
    "escalated",
]
