"""The wire of the desk: an organisation's categories, deadlines and limits, its answer templates, saved views."""

from typing import Annotated, Literal

from pydantic import Field

from shared.wire import LINE, TEXT, Asked, Wire
from tickets.rules.vocabulary import TicketType
from tickets.schemas import Code, QueueQuery, Words


class Deadline(Asked):
    """`hours` run around the clock; `working_hours` and `working_days` only while the organisation works."""

    amount: int = Field(ge=1, le=1000, strict=True)
    unit: Literal["hours", "working_hours", "working_days"]


class CategoryNode(Asked):
    """Place, category or problem. What has no children is a problem, which a ticket can be about."""

    code: Code
    names: Words
    types: list[TicketType] = []
    """At the root: the types that it is offered for; empty: all."""
    deadline: Deadline | None = None
    """Taken from the nearest node above that has one, else the default."""
    hint: Words | None = None
    """What to do first, such as shutting a valve."""
    children: list["CategoryNode"] = []


class WorkingTime(Asked):
    """Working days (1 Monday ... 7 Sunday) and hours of the day in the organisation's time zone; holidays are its country's."""

    days: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    from_hour: int = Field(ge=0, le=23)
    to_hour: int = Field(ge=1, le=24)


class EmergencyNumber(Asked):
    names: Words
    phone: Annotated[str, Field(pattern="^[+0-9][0-9 ]{1,19}$")]


class TicketSettings(Asked):
    """An organisation's rules for tickets."""

    categories: Annotated[list[CategoryNode], Field(min_length=1, max_length=30)]
    default_deadline: Deadline
    emergency_deadline: Deadline
    working_time: WorkingTime
    emergency_numbers: Annotated[list[EmergencyNumber], Field(max_length=5)]
    shared_in_household: bool = True
    """Those who hold a contract together see each other's tickets."""
    tickets_a_day: int = Field(default=20, ge=1, le=1000)
    """That many may one person open in one day; comments: five times as many."""
    reopen_days: int = Field(default=14, ge=1, le=90)
    close_after_days: int = Field(default=14, ge=1, le=90)
    """A ticket that is done closes by itself after so many days."""


class TicketSettingsResponse(TicketSettings):
    version: int


class TicketSettingsRequest(TicketSettings):
    version: int
    """The version that was read; another one in the meantime is 409."""


class AnswerTemplate(Asked):
    title: Annotated[str, Field(min_length=1, max_length=80), LINE]
    text: Annotated[str, Field(min_length=1, max_length=4000), TEXT]


class SavedView(Asked):
    name: Annotated[str, Field(min_length=1, max_length=60), LINE]
    query: QueueQuery


class DeskResponse(Wire):
    """What a member of staff works with: the organisation's answer templates, his own saved views."""

    answers: list[AnswerTemplate]
    answers_version: int
    views: list[SavedView]


class AnswersRequest(Asked):
    answers: Annotated[list[AnswerTemplate], Field(max_length=60)]
    version: int
    """The `answers_version` that was read; another one in the meantime is 409."""


class ViewsRequest(Asked):
    views: Annotated[list[SavedView], Field(max_length=30)]
