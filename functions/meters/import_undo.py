"""A meter onto which an import takes readings, one after another, and which can go back to what it was before the last one."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date

from meters.accepting import Acceptance
from meters.readings import Circumstances, Outcome, Reading
from meters.rules.columns import Problem
from meters.rules.counters import FormatError, format_value, parse_value
from meters.rules.reading_file import Row
from meters.rules.stream import present
from meters.store import MeterItem
from meters.tallies import problem_of


@dataclass
class Meter:
    """A meter of the chunk: its head as it was read, what is taken so far, and the readings behind that."""

    read: MeterItem
    given: Circumstances
    acceptance: Acceptance = field(init=False)
    taken: list[Reading | Row] = field(default_factory=list)
    since: date | None = None

    def __post_init__(self) -> None:
        # Taking changes the head; going back needs it as it was.
        self.acceptance = Acceptance(deepcopy(self.read), self.given)

    def read_from(self, day: date) -> None:
        """Read what counts from a day on at once."""
        self.since = day
        self.acceptance.stream.load(day)

    def undo(self) -> None:
        """Back to what was taken before."""
        taken, self.taken = self.taken, []
        self.acceptance = Acceptance(deepcopy(self.read), self.given)
        if self.since:
            self.acceptance.stream.load(self.since)
        for reading in taken:
            self.take(reading)
            self.taken.append(reading)

    def take(self, reading: Reading | Row) -> Outcome | None:
        """Judge and keep a reading; of an estimate that was sent there is no outcome."""
        if isinstance(reading, Reading):
            return self.acceptance.take(reading)
        device, _ = present(self.acceptance.state)
        values = [format_value(parse_value(text, device), device) for text in reading.values]
        self.acceptance.record("estimated", date.fromisoformat(reading.day), values=values, channel="file")
        return None

    def values_of(self, row: Row) -> list[str] | Problem:
        """The values as the counter shows them; what is wrong with them as the checks would say it."""
        device, _ = present(self.acceptance.state)
        if len(row.values) != device.registers:
            return problem_of(
                row, "REGISTERS", "value1", {"registers": str(device.registers), "given": str(len(row.values))}
            )
        values = []
        for register, text in enumerate(row.values):
            try:
                values.append(format_value(parse_value(text, device), device))
            except FormatError as error:
                return problem_of(row, "FORMAT", f"value{register + 1}", {"fault": error.fault})
        return values
