"""A chunk of readings: each day's reading goes the way of every channel, hours are put beside, all in one transaction.

What does not fit the transaction (late readings may change much of what was recorded after them) is left for another one, which the same
chunk is said again for. A dry run does all of it but the writes.
"""

from dataclasses import replace
from datetime import date
from typing import Final, cast

from meters import store, store_hours, store_places, store_settings
from meters.import_hours import Hours
from meters.import_undo import Meter
from meters.keeping import say
from meters.readings import Outcome, Reading, circumstances
from meters.rules.columns import Problem
from meters.rules.import_days import Day, days_of
from meters.rules.reading_file import Row
from meters.rules.submissions import Judgement
from meters.rules.vocabulary import Channel
from meters.store import Numbered
from meters.store_events import numbers
from meters.store_imports import ImportItem
from meters.tallies import Tally, problem_of
from shared import access, clock
from shared.errors import Conflict
from shared.imports import Chunk
from shared.tables import UnitOfWork

ROOM: Final = 94
"""Operations of a transaction (100) that meters may take: the rest are the once item, the result, its problems, what is accepted, what
comes next.
"""
_FUTURE, _BEFORE = "FUTURE", "BEFORE_INSTALL"


class NoRoomError(Exception):
    """A reading does not fit this transaction any more."""


def take(uow: UnitOfWork, item: ImportItem, chunk: Chunk) -> list[int]:
    """Work off what is left of a chunk, as much as fits; the chunks that come next."""
    rows = [
        Row(name, day, minute, tuple(values), bool(guess), line)
        for name, day, minute, values, guess, line in chunk.rows
    ]
    taking = Taking(uow.organisation_id, item, rows)
    taken = taking.run()
    taking.keep(uow)
    return item.close_chunk(uow, chunk, taking.tally.counts, taking.tally.problems, taken=taken)


class Taking:
    """Working rows off, day by day, onto the meters that they name."""

    def __init__(self, organisation_id: str, item: ImportItem, rows: list[Row]) -> None:
        self.organisation_id = organisation_id
        self.item = item
        self.rows = rows
        self.tally = Tally()
        self.numbers = store.find_numbers(organisation_id, dict.fromkeys(row.number for row in rows))
        self.meters = self._load()
        self.hours: dict[tuple[str, str, str], dict[str, list[str]]] = {}
        self._read_past()

    def _read_past(self) -> None:
        """Of each meter with several days behind its last one, read that past at once."""
        days: dict[str, list[str]] = {}
        for row in self.rows:
            counter = self.numbers.get(row.number)
            if counter:
                days.setdefault(counter.meter_id, []).append(row.day)
        for meter_id, meter in self.meters.items():
            late = [day for day in days.get(meter_id, ()) if day <= (meter.read.last_day or "")]
            if len(set(late)) > 1:
                meter.read_from(date.fromisoformat(min(late)))

    def _load(self) -> dict[str, Meter]:
        heads = store.load_meters(self.organisation_id, (found.meter_id for found in self.numbers.values()))
        units = store_places.load_units(self.organisation_id, (head.unit_id for head in heads.values()))
        settings = store_settings.settings_of(self.organisation_id)
        today = clock.today(access.organisation(self.organisation_id).time_zone)
        return {
            meter_id: Meter(head, circumstances(settings, head, units.get(head.unit_id or ""), today))
            for meter_id, head in heads.items()
        }

    @property
    def size(self) -> int:
        return sum(meter.acceptance.size for meter in self.meters.values() if meter.taken)

    def run(self) -> int:
        """Work off day after day; how many rows that were."""
        done = 0
        for length, day in days_of(self.rows):
            try:
                self.tally.add(self._take_day(day))
            except NoRoomError:
                break
            done += length
        return done

    def keep(self, uow: UnitOfWork) -> None:
        """Write the hours, stage the readings and say them."""
        if self.item.dry_run:
            return
        store_hours.write_hours(self.organisation_id, self.item.import_id, self.hours)
        acceptances = [meter.acceptance for meter in self.meters.values() if meter.taken]
        for acceptance in acceptances:
            acceptance.finish(uow)
        say(uow, acceptances)

    # -------------------------------------------------------------- a day
    def _take_day(self, day: Day) -> Tally:
        counter = self.numbers.get(day.number)
        meter = self.meters.get(counter.meter_id) if counter else None
        tally = Tally()
        if counter is None or meter is None:
            for row in (*day.hours.values(), *day.same, *day.other, *(() if day.reading.is_timed else (day.reading,))):
                tally.refuse(problem_of(row, "unknown_meter", "meter_number"))
            return tally
        hours = Hours(meter, self._stored_hours(counter, day))
        for row in day.hours.values():
            if row is not day.reading:
                hours.add(row, tally)
        if day.reading.is_timed and not hours.is_last(day.reading):
            # The day goes on in what another import brought: its last value is not this one.
            hours.add(day.reading, tally)
        elif self._take_reading(meter, counter, day.reading, tally, hours.last) and day.reading.is_timed:
            hours.add(day.reading, Tally())
        if hours.new:
            self.hours[counter.meter_id, day.number, day.day] = hours.new
        tally.duplicates += len(day.same)
        for row in day.other:
            tally.refuse(problem_of(row, "duplicate_row", "value1"))
        return tally

    def _stored_hours(self, counter: Numbered, day: Day) -> dict[str, list[str]]:
        return store_hours.hours_of(self.organisation_id, counter.meter_id, day.day) if day.hours else {}

    def _take_reading(self, meter: Meter, counter: Numbered, row: Row, tally: Tally, hour: list[str] | None) -> bool:
        """Take the reading of a day; whether its meter can have shown it. `hour`: the last value of the day that is stored."""
        if row.estimated:
            return self._take_estimate(meter, row, tally)
        reading = Reading(
            day=date.fromisoformat(row.day),
            texts=row.values,
            channel=cast("Channel", self.item.channel),
            actor=self.item.actor,
            counter=counter,
        )
        late = reading.day.isoformat() <= (meter.acceptance.meter.last_day or "")
        waiting = meter.acceptance.waiting(reading.day)
        late = late or bool(waiting)
        if late:
            judged = meter.acceptance.judge(reading)
            if self._is_known(meter, reading, judged):
                tally.duplicates += 1
                return True
            if hour and row.is_timed:
                entered = {each.reading_id for each in waiting if each.own}
                reading = replace(reading, supersedes=_of_hour(judged.judgement, hour, entered))
        outcome = self._try(meter, reading, row, tally)
        if outcome is None:
            return False
        if not late and outcome.status == "held" and not outcome.repeated and self._is_known(meter, reading, outcome):
            meter.taken.remove(reading)
            meter.undo()
            outcome = replace(outcome, repeated=True)
        return tally.count(row, outcome)

    def _is_known(self, meter: Meter, reading: Reading, outcome: Outcome) -> bool:
        """Whether a reading stands, or was sent before and staff refused it, or it was put right since: sending it again changes nothing.

        Of a day behind all others only what would be held needs a look: what was accepted there is no longer behind them.
        """
        if outcome.repeated:
            return True
        stream, values = meter.acceptance.stream, outcome.judgement.values
        return values is not None and any(
            numbers(entry.values) == values
            for status in ("rejected", "superseded")
            for entry in stream.find_aside(reading.day, status)
        )

    def _try(self, meter: Meter, reading: Reading | Row, row: Row, tally: Tally) -> Outcome | None:
        """Take a reading where there is room for what it changes; None where it was refused. Raises NoRoomError."""
        before = self.size
        try:
            outcome = meter.take(reading)
        except Conflict as error:
            meter.undo()
            # What is too much for a transaction that it has to itself is too much for any.
            if error.code == "too_far_back" and before and not self.item.dry_run:
                raise NoRoomError from error
            tally.refuse(problem_of(row, error.code, "date"))
            return None
        if outcome is None or (not outcome.repeated and outcome.status in ("accepted", "held")):
            meter.taken.append(reading)
        if self.size > ROOM and not self.item.dry_run:
            meter.taken.remove(reading)
            meter.undo()
            if before:
                raise NoRoomError
            tally.refuse(problem_of(row, "too_far_back", "date"))
            return None
        return outcome or Outcome("accepted", Judgement("accepted", ()))

    # -------------------------------------------------------------- estimates that are sent
    def _take_estimate(self, meter: Meter, row: Row, tally: Tally) -> bool:
        day, state = date.fromisoformat(row.day), meter.acceptance.state
        values = meter.values_of(row)
        if isinstance(values, Problem):
            tally.refuse(values)
            return False
        known = meter.acceptance.stream.forward(f"EVENT#{row.day}")
        same_day = [item for item in known if item.kind == "estimated" and item.day == day]
        if any(list(item.values or ()) == values for item in same_day):
            tally.duplicates += 1
            return True
        code = _FUTURE if day > meter.given.today else _BEFORE if state.installed and day < state.installed else ""
        if not code and state.actual and day <= state.actual.day:
            code = "estimate_overtaken"
        if code:
            tally.refuse(problem_of(row, code, "date"))
            return False
        if self._try(meter, row, row, tally) is None:
            return False
        tally.accepted += 1
        return True


def _of_hour(judgement: Judgement, hour: list[str], entered: set[str]) -> str:
    """The reading of the same day that was taken from the last hour known then: a later hour puts it right, nobody has to look.

    `entered`: what a household has waiting, which no import takes away.
    """
    for found in judgement.findings:
        known = found.code == "DUPLICATE" and found.params["reading_id"] not in entered
        if known and list(found.params["values"]) == hour:
            return str(found.params["reading_id"])
    return ""
