"""Lines of the comparison with the providers: what waits for somebody, and what people have dealt with."""

import base64
import binascii

from payments import store_messages
from payments.schemas_online import LineTick, ReconciliationLine
from payments.store import Key
from payments.store_messages import ReconciliationItem
from shared import clock
from shared.errors import Conflict, NotFound
from shared.tables import UnitOfWork


def list_reconciliation(
    organisation_id: str, state: str, start: Key | None
) -> tuple[list[ReconciliationLine], Key | None]:
    """A page of the lines of a state that wait for somebody, or of those that are done, the newest first."""
    items, last = store_messages.list_reconciliation(organisation_id, state, start)
    return [_shown(organisation_id, item, int(item.version or 0)) for item in items], last


def tick_line(uow: UnitOfWork, line_id: str, body: LineTick) -> ReconciliationLine:
    """Note that a line was dealt with, or open it again.

    Raises NotFound for what is no line of the organisation's, Conflict where it is gone or changed meanwhile, or needs nobody.
    """
    item = store_messages.find_line(uow.organisation_id, _key(uow.organisation_id, line_id))
    if item is None or int(item.version or 0) != body.version or item.state == "matched":
        raise Conflict
    actor, now = uow.metadata.actor, clock.stamp(clock.now())
    if body.note is None:
        store_messages.tick(item, None, None, None)
    else:
        store_messages.tick(item, body.note, actor, now)
    uow.put(item)
    what = "line_opened" if body.note is None else "line_done"
    details = {"state": item.state, "found": item.found, "note": body.note}
    uow.put(store_messages.new_audit(uow.organisation_id, item.sk, what, actor or "system", **details))
    return _shown(uow.organisation_id, item, body.version + 1)


def _shown(organisation_id: str, item: ReconciliationItem, version: int) -> ReconciliationLine:
    stored = ReconciliationLine.model_fields.keys() - {"line_id", "version"}
    own = {"line_id": _id(organisation_id, item.sk), "version": version}
    return ReconciliationLine.model_validate({**{name: getattr(item, name) for name in stored}, **own})


def _id(organisation_id: str, sk: str) -> str:
    """What a line goes by outside; it names the organisation, so that a line that is gone is told from another's."""
    return base64.urlsafe_b64encode(f"{organisation_id}#{sk}".encode()).decode().rstrip("=")


def _key(organisation_id: str, line_id: str) -> str:
    """The sort key of a line. Raises NotFound for what is no id of the organisation's lines."""
    try:
        named = base64.urlsafe_b64decode(line_id + "=" * (-len(line_id) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise NotFound from error
    owner, _, sk = named.partition("#")
    if owner != organisation_id or not sk:
        raise NotFound
    return sk
