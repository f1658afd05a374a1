"""A reading that comes in, what it is judged by beside the meter, and what became of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from meters.rules.days import Window
from meters.rules.submissions import Around, Judgement, Situation, Submission, finding
from meters.rules.thresholds import Thresholds
from meters.rules.vocabulary import Channel, Claim, Status
from meters.store import MeterItem, Numbered
from meters.store_events import EventItem
from meters.store_places import UnitItem, occupancy
from meters.store_settings import Settings


@dataclass(frozen=True)
class Circumstances:
    """What readings of a meter are judged by beside the meter itself. `today` is the day in the organisation's time zone."""

    today: date
    limits: Thresholds
    window: Window | None = None
    unit: UnitItem | None = None

    def on(self, day: date, around: Around | None = None) -> Situation:
        """The situation of a reading of a day."""
        occupied, since = occupancy(self.unit, day)
        return Situation(self.today, self.limits, occupied, since, self.window, around or Around())


def circumstances(settings: Settings, meter: MeterItem, unit: UnitItem | None, today: date) -> Circumstances:
    """Those of a meter; `unit` is none for common parts."""
    medium: Any = meter.medium
    return Circumstances(today, settings.limits[medium], settings.windows.get(medium), unit)


@dataclass(frozen=True)
class Reading:
    """A reading that comes in. `photo` is what `attachments.resolve` gave; `counter` the number by which the meter was named."""

    day: date
    texts: tuple[str, ...]
    channel: Channel
    actor: str = "system"
    confirmed: bool = False
    photo: tuple[dict[str, Any], ...] = ()
    claim: Claim | None = None
    claimed: tuple[int, ...] = ()
    supersedes: str = ""
    counter: Numbered | None = None

    def submission(self) -> Submission:
        return Submission(
            self.day,
            self.texts,
            self.channel,
            self.confirmed,
            bool(self.photo),
            self.claim,
            self.claimed,
            self.supersedes,
        )


@dataclass(frozen=True)
class Outcome:
    """What became of a reading, or would. `reading_id` is none where nothing is kept of it; `repeated`: it stood already; `day` is
    its own and `since` the one of the actual value that it was judged against.
    """

    status: Status
    judgement: Judgement
    day: date | None = None
    since: date | None = None
    reading_id: str | None = None
    item: EventItem | None = None
    repeated: bool = False


def of_another_counter(reading: Reading) -> Judgement | None:
    """A reading under the number of a counter that hung there no longer, or not yet: its values are not this counter's."""
    counter, submission = reading.counter, reading.submission()
    if counter and counter.until and reading.day >= counter.until:
        params = {"removed": counter.until.isoformat()}
        return Judgement("rejected", (finding(submission, "ARCHIVED", params=params),))
    if counter and reading.day < counter.since:
        params = {"installed": counter.since.isoformat()}
        return Judgement("rejected", (finding(submission, "BEFORE_INSTALL", params=params),))
    return None
