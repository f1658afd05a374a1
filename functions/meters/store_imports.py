"""Imports of meters and readings in the meters table; what all imports have, and their chunks, is in `shared.imports`."""

from collections.abc import Mapping
from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from shared import imports
from shared.indexes import Gsi1
from shared.tables import UnitOfWork, table_name

COUNTED: Final = ("accepted", "held", "duplicates", "refused")
"""What became of rows."""


class ImportItem(imports.Import):
    """gsi1 `ORG#<org>#IMPORTS` / `<import>`."""

    class Meta:
        table_name = table_name("METERS_TABLE")

    problems_expire = True

    name = UnicodeAttribute(default="")
    content = UnicodeAttribute()
    channel = UnicodeAttribute()
    dry_run = BooleanAttribute(default=False)
    failure = UnicodeAttribute(null=True)
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_time = Gsi1()


def new_import(uow: UnitOfWork, *, content: str, channel: str, dry_run: bool) -> ImportItem:
    """An import that waits to be planned."""
    item = ImportItem.new(uow, content=content, channel=channel, dry_run=dry_run)
    item.gsi1pk, item.gsi1sk = _list_key(uow.organisation_id), item.import_id
    return item


def list_imports(
    organisation_id: str, cursor: Mapping[str, Any] | None, limit: int
) -> tuple[list[ImportItem], Mapping[str, Any] | None]:
    """The newest first, eventually consistent; and where to go on."""
    found = ImportItem.by_time.query(
        _list_key(organisation_id),
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=dict(cursor) if cursor else None,
    )
    items = list(found)
    return items, found.last_evaluated_key


def _list_key(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#IMPORTS"
