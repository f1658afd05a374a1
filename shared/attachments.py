"""Checked uploads as contexts keep and show them: taken by their keys, shown by signed addresses, kept from expiring.

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
from shared.wire import Attachment

WINDOW: Final = 900
"""Seconds for which an answer with signed addresses may count as unchanged (its ETag's mark is to change with this clock)."""
_SIGNED_SECONDS: Final = WINDOW + 60
"""An answer is kept by its reader for up to a window, so its addresses live a little longer."""
_KEY: Final = re.compile(
    r"incoming/(org/(?P<organisation>[^/]+)/(?P<purpose>[^/]+)/(?P<person>[^/]+)/upl_[0-9A-Za-z]{1,40})/[A-Za-z0-9._-]+"
)
_PATIENCE: Final = 6.0
"""Seconds that a request waits for checks: they take one or two, and people send what they have just picked."""
_PAUSE: Final = 0.25
_INLINE: Final = ("image/", "video/", "application/pdf")


def resolve(me: Principal, purpose: str, keys: Iterable[str], field: str = "attachments") -> list[dict[str, Any]]:
    """The checked files behind upload keys, as an item keeps them: JSON, in the order of the keys, each file once.

    `field` is the body's field that named the keys. Raises DomainError `unknown_upload` for a key that was not given to this person
    for this purpose, `upload_not_ready` where no check has come to an end within some seconds, `upload_refused`.
    """
    keys_of = {_folder(me, purpose, key, field): key for key in keys}
    until = time.monotonic() + _PATIENCE
    return [_kept(key, folder, field, until) for folder, key in keys_of.items()]


def object_keys(attachments: Iterable[dict[str, Any]]) -> list[str]:
    """The objects in the bucket that kept files are, for the event whose consumer claims them."""
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
    """A kept file as its reader gets it, with addresses that work for a quarter of an hour."""
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


def _folder(me: Principal, purpose: str, key: str, field: str) -> str:
    found = _KEY.fullmatch(key)
    # The key says whose it is: POST /uploads gives keys with the caller's own id only.
    mine = (me.organisation_id, purpose, me.person_id)
    if not found or (found["organisation"], found["purpose"], found["person"]) != mine:
        raise DomainError("unknown_upload", problems=(FieldProblem(field, "unknown_upload"),))
    return f"checked/{found[1]}"


def _kept(key: str, folder: str, field: str, until: float) -> dict[str, Any]:
    result = files.read_json(f"{folder}/result.json")
    while result is None:
        if time.monotonic() > until:
            raise DomainError("upload_not_ready", problems=(FieldProblem(field, "upload_not_ready", {"key": key}),))
        time.sleep(_PAUSE)
        result = files.read_json(f"{folder}/result.json")
    if result["state"] != "ready":
        code = result.get("code") or "upload_refused"
        raise DomainError("upload_refused", problems=(FieldProblem(field, code, {"key": key}),))
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
