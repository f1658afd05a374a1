"""Notices as they are stored: JSON rows in which nothing of the message itself is left."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from payments.providers.model import Event, Notice


def dump(notice: Notice) -> dict[str, Any]:
    """A row without what is not said."""
    row = {name: value for name, value in asdict(notice).items() if value not in (None, "", False)}
    return {**row, "occurred_at": notice.occurred_at.isoformat()}


def load(row: Mapping[str, Any]) -> Notice:
    """`load(dump(notice)) == notice`."""
    return Notice(
        **{**row, "event": Event(row["event"]), "occurred_at": datetime.fromisoformat(str(row["occurred_at"]))}
    )
