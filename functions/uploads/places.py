"""Where a ticket's file lies before and after its check. The key says whose it is, so that nobody has to look it up."""

import re
from dataclasses import dataclass
from typing import Final

INCOMING: Final = "incoming"
CHECKED: Final = "checked"
RESULT: Final = "result.json"
FILE: Final = "file"
THUMBNAIL: Final = "thumbnail.jpg"
_KEY: Final = re.compile(
    r"incoming/(?P<folder>org/(?P<organisation>[^/]+)/ticket/(?P<person>[^/]+)/(?P<upload>upl_[0-9A-Z]{26}))/(?P<name>[^/]+)"
)


@dataclass(frozen=True)
class Place:
    """An upload of a person. `folder` is where the checked files lie."""

    organisation_id: str
    person_id: str
    folder: str
    name: str

    def at(self, name: str) -> str:
        """The key of one of the checked files."""
        return f"{self.folder}/{name}"


def place_of(key: str) -> Place | None:
    """The upload behind a key of `incoming/`, or None where no such key is ever given out."""
    found = _KEY.fullmatch(key)
    if not found:
        return None
    return Place(found["organisation"], found["person"], f"{CHECKED}/{found['folder']}", found["name"])


def incoming_key(organisation_id: str, person_id: str, upload_id: str, name: str) -> str:
    return f"{INCOMING}/org/{organisation_id}/ticket/{person_id}/{upload_id}/{name}"
