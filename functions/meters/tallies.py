"""What became of an import's rows: counted, and told where they were refused or are held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from meters.readings import Outcome
from meters.rules.columns import Problem
from meters.rules.submissions import Judgement
from meters.rules.vocabulary import SEVERITIES, Finding
from meters.store_imports import COUNTED

if TYPE_CHECKING:
    from meters.rules.reading_file import Row


@dataclass
class Tally:
    """What became of rows."""

    accepted: int = 0
    held: int = 0
    duplicates: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """By the names that imports keep and show."""
        return {name: getattr(self, name) for name in COUNTED}

    def add(self, other: "Tally") -> None:
        for name, count in other.counts.items():
            setattr(self, name, getattr(self, name) + count)
        self.problems += other.problems

    def refuse(self, problem: Problem) -> None:
        """Count a row that is not taken, and tell it."""
        self.refused += 1
        self.problems.append(problem)

    def count(self, row: "Row", outcome: Outcome) -> bool:
        """Count what became of a row; whether its meter can have shown it."""
        if outcome.repeated:
            self.duplicates += 1
        elif outcome.status == "accepted":
            self.accepted += 1
        elif outcome.status == "held":
            self.held += 1
            self.problems.append(_judged(row, outcome.judgement, "held"))
        else:
            self.refuse(_judged(row, outcome.judgement, "refused"))
            return False
        return True


def problem_of(row: "Row", code: str, column: str, params: Mapping[str, str | Sequence[str]] | None = None) -> Problem:
    """What is wrong with a row."""
    return Problem(row.line, code, column, row.number, row.day, row.values, params or {})


def _judged(row: "Row", judgement: Judgement, outcome: str) -> Problem:
    """A row with the gravest of its findings."""
    worst: Finding = max(judgement.findings, key=lambda found: SEVERITIES.index(found.severity))
    column = "" if worst.register is None else f"value{worst.register + 1}"
    params: dict[str, Any] = dict(worst.params)
    return problem_of(row, worst.code, column, params)._replace(outcome=outcome)
