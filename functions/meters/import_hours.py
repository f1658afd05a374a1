"""A counter's day by the hour, as remote reading tells it: what is stored beside the day's reading, and what an import brings."""

from meters.import_undo import Meter
from meters.rules.columns import Problem
from meters.rules.reading_file import Row
from meters.tallies import Tally


class Hours:
    """The hourly values of a counter's day: those that are stored, and those that an import brings."""

    def __init__(self, meter: Meter, stored: dict[str, list[str]]) -> None:
        self.meter = meter
        self.stored = stored
        self.new: dict[str, list[str]] = {}

    def is_last(self, row: Row) -> bool:
        """Whether nothing later of the day is stored."""
        return not self.stored or _minute(row) >= max(self.stored)

    @property
    def last(self) -> list[str] | None:
        """The last value that is stored."""
        return self.stored[max(self.stored)] if self.stored else None

    def add(self, row: Row, tally: Tally) -> None:
        """Note a value, once."""
        values = self.meter.values_of(row)
        if isinstance(values, Problem):
            tally.refuse(values)
        elif self.stored.get(_minute(row)) == values:
            tally.duplicates += 1
        else:
            self.new[_minute(row)] = values
            tally.accepted += 1


def _minute(row: Row) -> str:
    return f"{row.minute:04}"
