"""An organisation's settings for tickets, its answer templates, and each member of staff's views."""

import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, VersionAttribute

from shared.tables import Base, UnitOfWork, table_name
from tickets.schemas_desk import TicketSettings, TicketSettingsResponse

_DEFAULT: Final = Path(__file__).parent / "rules" / "default_settings.json"


class DocumentItem(Base):
    """One JSON document, compressed: settings are long, and every report reads them.

    `ORG#<org>#SETTINGS` / `SETTINGS`; `ORG#<org>#DESK` / `ANSWERS`; `ORG#<org>#PERSON#<person>` / `VIEWS`.
    """

    class Meta:
        table_name = table_name("TICKETS_TABLE")

    payload = BinaryAttribute(legacy_encoding=False)
    version = VersionAttribute()

    def document(self) -> Any:
        return json.loads(zlib.decompress(self.payload))


def settings_of(organisation_id: str) -> TicketSettingsResponse:
    """The organisation's settings; the shipped ones (version 0) where it has set none."""
    item = find_settings(organisation_id)
    if item is None:
        return TicketSettingsResponse(**dict(default_settings()), version=0)
    return TicketSettingsResponse.model_validate({**item.document(), "version": int(item.version)})


@cache
def default_settings() -> TicketSettings:
    """What the product ships: places, categories and problems in five languages."""
    return TicketSettings.model_validate_json(_DEFAULT.read_bytes())


def find_settings(organisation_id: str) -> DocumentItem | None:
    return _find(f"ORG#{organisation_id}#SETTINGS", "SETTINGS")


def stage_settings(uow: UnitOfWork, item: DocumentItem | None, settings: TicketSettings) -> None:
    """Stage new settings over those that were read (None: there were none)."""
    item = item or DocumentItem(pk=f"ORG#{uow.organisation_id}#SETTINGS", sk="SETTINGS")
    _stage(uow, item, settings.model_dump(mode="json", exclude={"version"}))


def find_answers(organisation_id: str) -> DocumentItem | None:
    return _find(f"ORG#{organisation_id}#DESK", "ANSWERS")


def stage_answers(uow: UnitOfWork, item: DocumentItem | None, answers: list[dict[str, Any]]) -> None:
    """Stage new answers over those that were read (None: there were none)."""
    _stage(uow, item or DocumentItem(pk=f"ORG#{uow.organisation_id}#DESK", sk="ANSWERS"), answers)


def find_views(organisation_id: str, person_id: str) -> DocumentItem | None:
    return _find(f"ORG#{organisation_id}#PERSON#{person_id}", "VIEWS")


def stage_views(uow: UnitOfWork, person_id: str, views: list[dict[str, Any]]) -> None:
    pk = f"ORG#{uow.organisation_id}#PERSON#{person_id}"
    _stage(uow, find_views(uow.organisation_id, person_id) or DocumentItem(pk=pk, sk="VIEWS"), views)


def _find(pk: str, sk: str) -> DocumentItem | None:
    try:
        return DocumentItem.get(pk, sk, consistent_read=True)
    except DocumentItem.DoesNotExist:
        return None


def _stage(uow: UnitOfWork, item: DocumentItem, document: Any) -> None:
    item.payload = zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    uow.put(item)
