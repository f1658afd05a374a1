"""Files of tickets: checked uploads are taken into an entry, shown by signed addresses, and kept from expiring.

The check writes its result beside the files that it made, last of all (docs/uploads.md); here it is only read.
"""

import re
import time
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from shared import files
from shared.access import Principal
from shared.errors import DomainError, FieldProblem
from tickets.schemas import Attachment

MAX_FILES: Final = 30
"""On one ticket, all entries together."""
_KEY: Final = re.compile(r"incoming/(org/[^/]+/ticket/[^/]+/(upl_[0-9A-Za-z]{1,40}))/[A-Za-z0-9._-]+")
_PATIENCE: Final = 6.0
"""Seconds that a request waits for checks: they take one or two, and people send what they have just picked."""
_PAUSE: Final = 0.25
_SIGNED_SECONDS: Final = 900 + 60
"""An answer is kept by its reader up to a quarter of an hour (see service_view), so its addresses live a little longer."""
_INLINE: Final = ("image/", "video/", "application/pdf")


def resolve(me: Principal, keys: Iterable[str], already: int = 0) -> list[dict[str, Any]]:
    """The checked files behind upload keys, as an entry keeps them; `already`: how many the ticket has.

    Raises `unknown_upload` for a key that was not given to this person for a ticket, `upload_not_ready` where no check has come
    to an end within some seconds, `upload_refused`, `too_many_attachments`.
    """
    keys_of = {_folder(me, key): key for key in keys}
    if already + len(keys_of) > MAX_FILES:
        raise DomainError(
            "too_many_attachments", problems=(FieldProblem("attachments", "too_long", {"max_length": MAX_FILES}),)
        )
    until = time.monotonic() + _PATIENCE
    return [_checked(key, folder, until) for folder, key in keys_of.items()]


def object_keys(attachments: Iterable[dict[str, Any]]) -> list[str]:
    """The objects in the bucket that an entry's files are, for its event."""
    return [
        f"{each['key']}/{name}"
        for each in attachments
        for name in (("file", "thumbnail.jpg") if each["thumbnail"] else ("file",))
    ]


def claim(objects: Iterable[str]) -> None:
    """Mark objects as used, so that they never expire. Safe to do again; one that is gone is an error, for it is lost."""
    for key in objects:
        files.s3().put_object_tagging(
            Bucket=files.bucket(), Key=key, Tagging={"TagSet": [{"Key": "claimed", "Value": "yes"}]}
        )


def shown(attachment: dict[str, Any]) -> Attachment:
    """A file as its reader gets it, with addresses that work for a quarter of an hour."""
    inline = attachment["type"].startswith(_INLINE)
    thumbnail = _signed(f"{attachment['key']}/thumbnail.jpg") if attachment["thumbnail"] else None
    return Attachment(
        attachment_id=attachment["attachment_id"],
        name=attachment["name"],
        type=attachment["type"],
        size=attachment["size"],
        width=attachment["width"],
        height=attachment["height"],
        url=_signed(f"{attachment['key']}/file", _disposition(attachment["name"], inline=inline), attachment["type"]),
        thumbnail_url=thumbnail,
    )


def _folder(me: Principal, key: str) -> str:
    found = _KEY.fullmatch(key)
    # The key says whose it is: POST /uploads gives keys with the caller's own id only.
    if not found or not found[1].startswith(f"org/{me.organisation_id}/ticket/{me.person_id}/"):
        raise DomainError("unknown_upload", problems=(FieldProblem("attachments", "unknown_upload"),))
    return f"checked/{found[1]}"


def _checked(key: str, folder: str, until: float) -> dict[str, Any]:
    result = files.read_json(f"{folder}/result.json")
    while result is None:
        if time.monotonic() > until:
            raise DomainError("upload_not_ready", problems=(_named("upload_not_ready", key),))
        time.sleep(_PAUSE)
        result = files.read_json(f"{folder}/result.json")
    if result["state"] != "ready":
        raise DomainError("upload_refused", problems=(_named(result.get("code") or "upload_refused", key),))
    return {
        "attachment_id": folder.rpartition("/")[2],
        "key": folder,
        "name": result["name"],
        "type": result["type"],
        "size": result["size"],
        "width": result.get("width"),
        "height": result.get("height"),
        "thumbnail": bool(result.get("thumbnail")),
    }


def _named(code: str, key: str) -> FieldProblem:
    return FieldProblem("attachments", code, {"key": key})


def _signed(key: str, disposition: str = "inline", media_type: str = "image/jpeg") -> str:
    return files.s3().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": files.bucket(),
            "Key": key,
            "ResponseContentDisposition": disposition,
            "ResponseContentType": media_type,
        },
        ExpiresIn=_SIGNED_SECONDS,
    )


def _disposition(name: str, *, inline: bool) -> str:
    """RFC 6266: the name in UTF-8, percent-encoded."""
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
