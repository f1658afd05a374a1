"""What the clock has done of an organisation's reading windows."""

from typing import Final

from pynamodb.attributes import UnicodeAttribute, VersionAttribute

from meters.rules.vocabulary import Medium
from meters.store import Item

_PREFIX: Final = "WINDOW#"


class WindowItem(Item):
    """pk `ORG#<org>#SETTINGS`, sk `WINDOW#<medium>`. `opened`: the first day of the latest window that was said to be open; `closed`:
    the last day of the latest one for which estimates were asked, or that was over when the clock first saw the window as it is (`days`).
    """

    days = UnicodeAttribute(default="")
    opened = UnicodeAttribute(default="")
    closed = UnicodeAttribute(default="")
    version = VersionAttribute()


def windows_of(organisation_id: str) -> dict[str, WindowItem]:
    """What was done of each medium's window."""
    prefix = WindowItem.sk.startswith(_PREFIX)
    found = WindowItem.query(f"ORG#{organisation_id}#SETTINGS", prefix, consistent_read=True)
    return {item.sk.removeprefix(_PREFIX): item for item in found}


def new_window(organisation_id: str, medium: Medium) -> WindowItem:
    return WindowItem(pk=f"ORG#{organisation_id}#SETTINGS", sk=f"{_PREFIX}{medium}")
