"""What happened to a meter, item by item: what counts under `EVENT#`, what waits, was refused or superseded under `ASIDE#`.

The two are apart so that going back to a kept state never passes what does not count: at most sixteen events lie between any place and the
state before it, whatever was refused in between.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from pynamodb.attributes import BinaryAttribute, JSONAttribute, UnicodeAttribute

from meters.codec import unpack_device
from meters.rules.stream import Event
from meters.rules.submissions import Known
from meters.store import Item
from shared.indexes import Gsi1, Gsi2

EVENT: Final = "EVENT#"
ASIDE: Final = "ASIDE#"
LAST: Final = "~"
"""Sorts behind every character of our keys."""


class EventItem(Item):
    """The meter's pk, sk `EVENT#` or `ASIDE#` and `<day>#<place>#<event>`.

    `values` and `closing` are as the counter showed them, so they are numbers of the smallest unit without their point. `uses` are
    since the actual reading before, in billionths. `findings` are as answers give them. `packed` (a checkpoint): the state after
    this event. Of held ones `texts` is what was typed, and `before` what they were judged against: `[event, day, values]`; gsi1 while
    they wait: `ORG#<org>#HELD` / `<recorded_at>#<reading>`.
    """

    event_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    status = UnicodeAttribute(default="accepted")
    values = JSONAttribute(null=True)
    closing = JSONAttribute(null=True)
    rolled = JSONAttribute(null=True)
    device = JSONAttribute(null=True)
    number = UnicodeAttribute(null=True)
    verified_until = UnicodeAttribute(null=True)
    seal = UnicodeAttribute(null=True)
    codes = JSONAttribute(null=True)
    findings = JSONAttribute(null=True)
    uses = JSONAttribute(null=True)
    channel = UnicodeAttribute(null=True)
    actor = UnicodeAttribute(default="system")
    photo = JSONAttribute(null=True)
    claim = UnicodeAttribute(null=True)
    claimed = JSONAttribute(null=True)
    texts = JSONAttribute(null=True)
    before = JSONAttribute(null=True)
    decision = JSONAttribute(null=True)
    """person_id, decision, at, reason."""
    supersedes = UnicodeAttribute(null=True)
    superseded_by = UnicodeAttribute(null=True)
    recorded_at = UnicodeAttribute()
    packed = BinaryAttribute(legacy_encoding=False, null=True)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    by_held = Gsi1()
    by_last_day = Gsi2()

    @property
    def meter_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def day(self) -> date:
        return date.fromisoformat(self.sk.split("#", 3)[1])

    @property
    def place(self) -> str:
        return str(self.sk).split("#", 3)[2]

    @property
    def position(self) -> str:
        """Where in the stream it stands, whether it counts or not."""
        return str(self.sk).partition("#")[2]

    def event(self) -> Event:
        """What the rules know of it."""
        return Event(
            event_id=self.event_id,
            kind=self.kind,  # type: ignore[arg-type]
            day=self.day,
            place=self.place,
            values=numbers(self.values),
            closing=numbers(self.closing),
            rolled=tuple(self.rolled or ()),
            device=unpack_device(self.device) if self.device else None,
            verified_until=date.fromisoformat(self.verified_until) if self.verified_until else None,
            seal=self.seal or "",
            supersedes=self.supersedes or "",
            codes=tuple(self.codes or ()),
        )

    def known(self) -> Known:
        """What a reading beside it has to know."""
        closes = self.kind in ("replaced", "removed")
        values = self.closing if closes else self.values
        rolled, own = tuple(self.rolled or ()), self.channel == "portal" and not self.decision
        return Known(self.event_id, self.day, numbers(values), self.status, rolled, own)  # type: ignore[arg-type]

    def moved(self, prefix: str, place: str | None = None) -> "EventItem":
        """The same in another part of the stream, or at another place of its day."""
        values = {**self.attribute_values, "sk": sort_key(prefix, self.day, place or self.place, self.event_id)}
        return EventItem(**values)


class ReadingPointer(Item):
    """pk `ORG#<org>#READING#<reading>`, sk `READING`: where a reading is that was held once."""

    meter_id = UnicodeAttribute()
    at = UnicodeAttribute()
    """Its sort key."""


def numbers(texts: Iterable[str] | None) -> tuple[int, ...]:
    """Values as the counter showed them, in its smallest unit."""
    return tuple(int(text.replace(".", "")) for text in texts or ())


def sort_key(prefix: str, day: date, place: str = "", event_id: str = "") -> str:
    return f"{prefix}{day.isoformat()}#{place}#{event_id}" if event_id else f"{prefix}{day.isoformat()}#{place}"


def end_of(day: date) -> str:
    """Behind everything of a day that counts."""
    return f"{EVENT}{day.isoformat()}{LAST}"


def find_reading(organisation_id: str, reading_id: str) -> ReadingPointer | None:
    try:
        return ReadingPointer.get(f"ORG#{organisation_id}#READING#{reading_id}", "READING", consistent_read=True)
    except ReadingPointer.DoesNotExist:
        return None


def pointer_to(organisation_id: str, item: EventItem) -> ReadingPointer:
    pk = f"ORG#{organisation_id}#READING#{item.event_id}"
    return ReadingPointer(pk=pk, sk="READING", meter_id=item.meter_id, at=item.sk)


def find_item(pk: str, sk: str) -> EventItem | None:
    try:
        return EventItem.get(pk, sk, consistent_read=True)
    except EventItem.DoesNotExist:
        return None


def held_readings(organisation_id: str, after: str | None, limit: int) -> list[EventItem]:
    """The next held readings behind an index position (`gsi1sk`), the longest waiting first. Eventually consistent."""
    condition = EventItem.gsi1sk > after if after else None
    return list(EventItem.by_held.query(f"ORG#{organisation_id}#HELD", condition, limit=limit))


def counted_before(pk: str, day: date) -> Iterator[EventItem]:
    """What counts before a day, the latest first, read piece by piece."""
    condition = EventItem.sk.between(EVENT, sort_key(EVENT, day))
    yield from EventItem.query(pk, condition, scan_index_forward=False, page_size=5, consistent_read=True)


def entries(pk: str, before: str, since: str, limit: int) -> list[EventItem]:
    """What happened to a meter before a position and not before another, whether it counts or not; the newest first."""
    found: list[EventItem] = []
    for prefix in (EVENT, ASIDE):
        condition = EventItem.sk.between(f"{prefix}{since}", f"{prefix}{before}")
        page = EventItem.query(pk, condition, scan_index_forward=False, limit=limit + 1, consistent_read=True)
        found += [item for item in page if item.position < before]
    return sorted(found, key=lambda item: item.position, reverse=True)[:limit]
