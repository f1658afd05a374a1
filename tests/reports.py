"""What people report, for tests of the running portal: tickets, and the files that they send with them."""

import time
import uuid
from typing import Any

import httpx

from tests.unit.uploads.media import PLACE, exif, picture
from tests.world import World

LYING = 6
"""EXIF's orientation of a picture that has to be turned by a quarter."""
REPORT: dict[str, Any] = {
    "type": "technical",
    "category": "kitchen_leak",
    "subject": "Cieknie pod zlewem",
    "description": "Od rana, podstawione wiadro.",
}
PATIENCE = 150.0
"""Seconds: the local cloud starts a worker for each of those who report at once, on however few cores."""
AGAIN = frozenset({409, 429, 500, 502, 503, 504})
"""Answers upon which the site sends the same again under the same key."""


def photo(width: int = 640, height: int = 480) -> bytes:
    """A photo as a telephone takes it: lying on its side, and with the place where it was taken in EXIF, XMP and a comment."""
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><gps>' + PLACE + b"</gps></x:xmpmeta>"
    return picture("JPEG", size=(width, height), exif=exif(tag274=LYING), xmp=xmp, comment=PLACE)


def report(client: httpx.Client, **fields: Any) -> httpx.Response:
    """`POST /tickets` as the site sends it: what fails for the moment goes again under the same key.

    `extensions["refused"]` of the answer holds the statuses of those before it.
    """
    key, refused = {"Idempotency-Key": str(uuid.uuid4())}, []
    for attempt in range(20):
        answer = client.post("/tickets", json={**REPORT, **fields}, headers=key, timeout=PATIENCE)
        answer.extensions["refused"] = refused
        if answer.status_code not in AGAIN:
            break
        refused.append(answer.status_code)
        time.sleep(min(1.0, 0.1 * 2**attempt))
    return answer


def opened(client: httpx.Client, **fields: Any) -> str:
    """The id of a ticket that this person has just reported."""
    answer = report(client, **fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ticket_id"])


def send_file(world: World, client: httpx.Client, name: str = "cieknie.jpg", body: bytes | None = None) -> str:
    """Hand in a file for a ticket; its key."""
    kind = "application/pdf" if name.endswith(".pdf") else "image/jpeg"
    return world.upload(client, "ticket", name, photo() if body is None else body, kind)


def checked(world: World, client: httpx.Client, key: str) -> dict[str, Any]:
    """What the check of a file says at its end."""

    def ended() -> dict[str, Any] | None:
        answer = client.post("/uploads/checks", json={"key": key})
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown if shown["state"] != "checking" else None

    return dict(world.wait_until(ended, 60))


def ready_file(world: World, client: httpx.Client, name: str = "cieknie.jpg", body: bytes | None = None) -> str:
    """The key of a file that was checked and found good."""
    key = send_file(world, client, name, body)
    found = checked(world, client, key)
    assert found["state"] == "ready", found
    return key


def change(staff: httpx.Client, ticket_id: str, **fields: Any) -> dict[str, Any]:
    """`PATCH /tickets/{ticket_id}`, which has to succeed."""
    answer = staff.patch(f"/tickets/{ticket_id}", json=fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def see(client: httpx.Client, ticket_id: str) -> dict[str, Any]:
    """A ticket as this person sees it."""
    answer = client.get(f"/tickets/{ticket_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
