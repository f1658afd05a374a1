"""Ways of bringing a ticket into a status through the API, as people would."""

import contextlib

import time_machine

from shared import access
from shared.access import SessionItem

STATUSES = (
    "new",
    "accepted",
    "in_progress",
    "waiting_for_tenant",
    "waiting_for_supplier",
    "done",
    "closed",
    "declined",
)
OPEN = STATUSES[:5]
SHUT = STATUSES[5:]


def patch(world, ticket_id, token=None, **change):
    """Status and body of a change by staff."""
    return world.ask("PATCH", "/tickets/{ticket_id}", token or world.sara, ticket_id=ticket_id, body=change)


def change(world, ticket_id, **fields):
    """A change that must succeed."""
    status, body = patch(world, ticket_id, **fields)
    assert status == 200, body
    return body


def bring(world, ticket_id, status):
    """A new ticket into this status."""
    if status != "new":
        change(world, ticket_id, status=status, text="Słowo zarządcy." if status in SHUT else "")


def comment(world, ticket_id, token, text="Tak.", **fields):
    body = {"text": text, **fields}
    return world.ask("POST", "/tickets/{ticket_id}/comments", token, ticket_id=ticket_id, body=body)


def reopen(world, ticket_id, token, text="Dalej kapie."):
    return world.ask("POST", "/tickets/{ticket_id}/reopening", token, ticket_id=ticket_id, body={"text": text})


def rate(world, ticket_id, token, stars=4, text=""):
    body = {"stars": stars, "text": text}
    return world.ask("POST", "/tickets/{ticket_id}/rating", token, ticket_id=ticket_id, body=body)


def withdraw(world, ticket_id, token):
    return world.ask("POST", "/tickets/{ticket_id}/withdrawal", token, ticket_id=ticket_id)


def merge(world, ticket_id, into, token=None):
    body = {"into_ticket_id": into}
    return world.ask("POST", "/tickets/{ticket_id}/merger", token or world.sara, ticket_id=ticket_id, body=body)


def kinds(world, ticket_id, token=None):
    return [entry["kind"] for entry in world.ticket(ticket_id, token)["timeline"]]


@contextlib.contextmanager
def travel(world, moment):
    """Stand at a moment with sessions that last: to be signed in is not what is tried here."""
    for token in (value for value in vars(world).values() if isinstance(value, str)):
        session = SessionItem.get(f"SESSION#{access.session_id(token)}", "SESSION")
        session.update([SessionItem.expires.set(2**33), SessionItem.ends.set(2**33)])
    with time_machine.travel(moment, tick=False) as now:
        yield now
