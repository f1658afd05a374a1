"""What people report, for tests of the running portal: tickets, and the files that they send with them."""

import io
import time
import uuid
from typing import Any

import httpx
from PIL import Image

from tests.world import World

REPORT: dict[str, Any] = {
    "type": "technical",
    "category": "kitchen_leak",
    "subject": "Cieknie pod zlewem",
    "description": "Od rana, podstawione wiadro.",
}
PLACE = b"52.2296756N-21.0122287E"
"""Stands in a photo's metadata where cameras write where it was taken."""
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file of eicar.org, in two parts: virus scanners would take this file away otherwise."""
LATITUDE, LONGITUDE = (52.0, 13.0, 46.8), (21.0, 0.0, 44.0)
GPS, ORIENTATION, TURNED, DESCRIPTION = 0x8825, 0x0112, 6, 0x010E
PATIENCE = 150.0
"""Seconds: the local cloud starts a worker for each of those who report at once, on however few cores."""
AGAIN = frozenset({409, 429, 500, 502, 503, 504})
"""Answers upon which the site sends the same again under the same key."""


def photo(width: int = 640, height: int = 480) -> bytes:
    """A photo as a telephone takes it: lying on its side, and with the place in EXIF and XMP."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    exif[DESCRIPTION] = PLACE.decode()
    exif[GPS] = {1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE}
    target = io.BytesIO()
    picture = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><gps>' + PLACE + b"</gps></x:xmpmeta>"
    picture.save(target, "JPEG", exif=exif, xmp=xmp, comment=PLACE)
    return target.getvalue()


def document(content: bytes = b"") -> bytes:
    """The smallest file that counts as a PDF, with something in it."""
    return b"%PDF-1.4\n% " + content + b"\ntrailer<<>>\n%%EOF\n"


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
