"""Where a file that is checked lies before and after its check. The key says whose it is, so that nobody has to look it up."""

import re
from dataclasses import dataclass
from typing import Final

from uploads.rules import POLICIES, Purpose

INCOMING: Final = "incoming"
CHECKED: Final = "checked"
RESULT: Final = "result.json"
FILE: Final = "file"
THUMBNAIL: Final = "thumbnail.jpg"
_CHECKED_PURPOSES: Final = "|".join(purpose for purpose, policy in POLICIES.items() if policy.is_checked)
_KEY: Final = re.compile(
    rf"incoming/(?P<folder>org/(?P<organisation>[^/]+)/(?P<purpose>{_CHECKED_PURPOSES})/(?P<person>[^/]+)/"
    r"(?P<upload>upl_[0-9A-Z]{26}))/(?P<name>[^/]+)"
)


@dataclass(frozen=True)
class Place:
    """An upload of a person. `folder` is where the checked files lie."""

    organisation_id: str
    person_id: str
    purpose: Purpose
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
    purpose, folder = Purpose(found["purpose"]), f"{CHECKED}/{found['folder']}"
    return Place(found["organisation"], found["person"], purpose, folder, found["name"])


def incoming_key(organisation_id: str, purpose: Purpose, person_id: str, upload_id: str, name: str) -> str:
    return f"{INCOMING}/org/{organisation_id}/{purpose}/{person_id}/{upload_id}/{name}"
