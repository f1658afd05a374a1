"""The category tree: what a ticket can be about, for which types, and which deadline it has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.errors import FieldProblem
from tickets.rules.vocabulary import TicketType
from tickets.schemas_desk import CategoryNode, Deadline, TicketSettings

MAX_DEPTH = 3
"""Place, category, problem."""
MAX_NODES = 300
"""A tree that a person can read, and that fits into one item."""


@dataclass(frozen=True)
class Problem:
    """A leaf of the tree with what it has from the nodes above it. `path` are codes, the root first."""

    code: str
    path: tuple[str, ...]
    types: frozenset[str]
    deadline: Deadline | None

    def is_for(self, ticket_type: TicketType) -> bool:
        return not self.types or ticket_type in self.types


def find_problem(settings: TicketSettings, code: str) -> Problem | None:
    """The problem of this code; None for an unknown code and for one that has problems below it."""
    return next((problem for problem in problems(settings.categories) if problem.code == code), None)


def deadline_of(settings: TicketSettings, code: str, *, emergency: bool) -> Deadline:
    """The deadline of a problem: the nearest one above it, else the default.

    An emergency has its own, unless the problem's is shorter by the clock. A code that the tree has no longer has the default.
    """
    problem = find_problem(settings, code)
    own = problem.deadline if problem and problem.deadline else settings.default_deadline
    shorter = own.unit == settings.emergency_deadline.unit and own.amount < settings.emergency_deadline.amount
    return settings.emergency_deadline if emergency and not shorter else own


def problems(nodes: Sequence[CategoryNode]) -> Iterator[Problem]:
    """All problems of a tree, in its order."""
    for node in nodes:
        yield from _below(node, (), frozenset(node.types), None)


def _below(
    node: CategoryNode, above: tuple[str, ...], types: frozenset[str], deadline: Deadline | None
) -> Iterator[Problem]:
    path, nearest = (*above, node.code), node.deadline or deadline
    if not node.children:
        yield Problem(node.code, path, types, nearest)
    for child in node.children:
        yield from _below(child, path, types, nearest)


def contradictions(settings: TicketSettings, languages: frozenset[str]) -> list[FieldProblem]:
    """What no single field can say: codes used twice, hours that end before they begin, a tree too deep or too large, nameless things.

    `languages`: of which every name must have one, so that everybody reads something.
    """
    found = list(_tree_problems(settings.categories, languages))
    if settings.working_time.from_hour >= settings.working_time.to_hour:
        found.append(FieldProblem("working_time.to_hour", "greater_than", {"gt": settings.working_time.from_hour}))
    if len(set(settings.working_time.days)) < len(settings.working_time.days):
        found.append(FieldProblem("working_time.days", "repeated"))
    for at, number in enumerate(settings.emergency_numbers):
        if languages.isdisjoint(number.names):
            found.append(FieldProblem(f"emergency_numbers.{at}.names", "missing"))
    return found


def _tree_problems(nodes: Sequence[CategoryNode], languages: frozenset[str]) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for place, depth, node in _places("categories", nodes, 1):
        if node.code in seen:
            yield FieldProblem(f"{place}.code", "repeated")
        seen.add(node.code)
        if languages.isdisjoint(node.names):
            yield FieldProblem(f"{place}.names", "missing")
        if node.hint is not None and languages.isdisjoint(node.hint):
            yield FieldProblem(f"{place}.hint", "missing")
        if depth > MAX_DEPTH:
            yield FieldProblem(place, "too_deep", {"most": MAX_DEPTH})
        if depth > 1 and node.types:
            yield FieldProblem(f"{place}.types", "only_at_the_root")
    if len(seen) > MAX_NODES:
        yield FieldProblem("categories", "too_long", {"max_length": MAX_NODES})


def _places(prefix: str, nodes: Sequence[CategoryNode], depth: int) -> Iterator[tuple[str, int, CategoryNode]]:
    for at, node in enumerate(nodes):
        place = f"{prefix}.{at}"
        yield place, depth, node
        yield from _places(f"{place}.children", node.children, depth + 1)


def codes_below(settings: TicketSettings, code: str) -> frozenset[str]:
    """The codes that a filter by this code means: itself, and the problems below it where it is a place or a category."""
    return frozenset({code, *(problem.code for problem in problems(settings.categories) if code in problem.path)})


def are_related(settings: TicketSettings, one: str, other: str) -> bool:
    """Whether two problems may be the same thing seen by two people: the same, or neighbours in one category."""
    paths = {problem.code: problem.path[:-1] for problem in problems(settings.categories)}
    return one == other or (bool(paths.get(one)) and paths.get(one) == paths.get(other))
