"""The check of a file: what it is by its content, written anew, and last of all the result that makes it usable.

Safe to do again at any point. A file that is put in the place of another is never mixed with it: the content is read by its ETag,
the first whose check begins to write wins, and once there is a result it stays.
"""

import json
import tempfile
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast
from urllib.parse import unquote

from shared.errors import DomainError
from shared.events.consumer import MAX_RECEIVES
from shared.files import read_json
from shared.observe import logger
from shared.text import tidy_line
from uploads import files, rules_content, rules_movies
from uploads.places import FILE, RESULT, THUMBNAIL, Place, place_of
from uploads.rules import POLICIES

_IN_MEMORY: Final = 8 * 1024 * 1024
"""Smaller files are never written to the disk."""


class CheckFailedError(RuntimeError):
    """The check never came to an end; the message goes to the dead letters."""


@dataclass(frozen=True)
class _Checked:
    kind: rules_content.Kind
    content: bytes | BinaryIO
    size: int
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None


def check(key: str, etag: str, receives: int) -> None:
    """Check the file under a key of `incoming/`, as far as it still has the content with this ETag.

    `receives`: how often the queue has brought this message. The last time nothing is tried any more, because what fails may take
    the whole process with it: the file is refused with `upload_check_failed`, and CheckFailedError is raised.
    """
    place = place_of(key)
    if place is None:
        logger.warning("a file lies where none is to be", extra={"key": key})
        return
    if read_json(place.at(RESULT)) is None:
        if receives >= MAX_RECEIVES:
            _conclude(place, etag, _refused(place.name, "upload_check_failed"))
            raise CheckFailedError(key)
        _examine(place, key, etag)
    if read_json(place.at(RESULT)) is not None:
        files.forget(key)  # it may tell where it was taken


def _examine(place: Place, key: str, etag: str) -> None:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        file = cast("BinaryIO", spooled)
        found = files.fetch(key, etag, rules_content.MOST_BYTES, file)
        if found is None:
            logger.info("the file was replaced; its own message will come", extra={"key": key})
            return
        size, metadata = found
        name = tidy_line(unquote(metadata.get("name", ""))) or place.name
        try:
            checked = _checked(file, size, POLICIES[place.purpose].groups)
        except DomainError as refusal:
            logger.info("file refused", extra={"key": key, "code": refusal.code})
            _conclude(place, etag, _refused(name, refusal.code))
            return
        _store(place, etag, name, checked)


def _checked(file: BinaryIO, size: int, groups: frozenset[rules_content.Group]) -> _Checked:
    if size > rules_content.MOST_BYTES:
        raise DomainError("upload_too_large")
    file.seek(0)
    kind = rules_content.kind_of(file.read(rules_content.HEAD_BYTES), groups)
    if size > kind.max_bytes:
        raise DomainError("upload_too_large")
    if rules_content.is_infected(file):
        raise DomainError("upload_infected")
    if kind.group == "picture":
        return _picture(file, kind)
    if kind.group == "document":
        rules_content.check_document(file, size)
    elif kind is not rules_content.WEBM:
        rules_movies.hide_place(file, size)
    file.seek(0)
    return _Checked(kind, file, size)


def _picture(file: BinaryIO, kind: rules_content.Kind) -> _Checked:
    from uploads import pictures

    made = pictures.remake(file, kind)
    return _Checked(kind, made.content, len(made.content), made.width, made.height, made.thumbnail)


def _store(place: Place, etag: str, name: str, checked: _Checked) -> None:
    if not files.put_first(place.at(FILE), checked.content, checked.kind.media_type, etag):
        logger.info("another file was first", extra={"key": place.folder})
        return
    if checked.thumbnail is not None:
        files.put(place.at(THUMBNAIL), checked.thumbnail, "image/jpeg", etag)
    result = {
        "state": "ready",
        "code": None,
        "name": rules_content.named(name, checked.kind),
        "type": checked.kind.media_type,
        "size": checked.size,
        "width": checked.width,
        "height": checked.height,
        "thumbnail": checked.thumbnail is not None,
    }
    _conclude(place, etag, result)


def _refused(name: str, code: str) -> dict[str, Any]:
    empty = dict.fromkeys(("type", "size", "width", "height"))
    return {"state": "refused", "code": code, "name": name, **empty, "thumbnail": False}


def _conclude(place: Place, etag: str, result: dict[str, Any]) -> None:
    """Last of all, and once: from now on the file is usable, or refused for good."""
    files.put_first(place.at(RESULT), json.dumps(result).encode(), "application/json", etag)
