"""What an organisation decides about tickets, and what its staff work with."""

from shared import access
from shared.access import Principal
from shared.errors import Conflict, DomainError, FieldProblem
from shared.tables import UnitOfWork
from tickets import store_desk as store
from tickets.rules.categories import contradictions
from tickets.schemas_desk import (
    AnswersRequest,
    AnswerTemplate,
    DeskResponse,
    SavedView,
    TicketSettings,
    TicketSettingsRequest,
    TicketSettingsResponse,
)


def get_settings(organisation_id: str) -> TicketSettingsResponse:
    """The organisation's settings, or those that the product ships (version 0)."""
    return store.settings_of(organisation_id)


def set_settings(uow: UnitOfWork, body: TicketSettingsRequest) -> TicketSettingsResponse:
    """Set them anew over the version that was read.

    Raises Conflict where somebody else has set them since, `invalid_settings` where they contradict themselves.
    """
    locale = access.organisation(uow.organisation_id).locale
    problems = contradictions(body, frozenset({locale}))
    if problems:
        raise DomainError("invalid_settings", problems=tuple(problems))
    item = store.find_settings(uow.organisation_id)
    if body.version != (int(item.version) if item else 0):
        raise Conflict
    settings = TicketSettings.model_validate(body.model_dump(exclude={"version"}))
    store.stage_settings(uow, item, settings)
    return TicketSettingsResponse(**dict(settings), version=body.version + 1)


def get_desk(me: Principal) -> DeskResponse:
    """The organisation's answer templates and the caller's own views."""
    answers, views = store.find_answers(me.organisation_id), store.find_views(me.organisation_id, me.person_id)
    return DeskResponse(
        answers=[AnswerTemplate.model_validate(each) for each in (answers.document() if answers else [])],
        answers_version=int(answers.version) if answers else 0,
        views=[SavedView.model_validate(each) for each in (views.document() if views else [])],
    )


def set_answers(uow: UnitOfWork, me: Principal, body: AnswersRequest) -> DeskResponse:
    """Set the organisation's answer templates over the version that was read. Raises Conflict where somebody else was quicker."""
    item, desk = store.find_answers(uow.organisation_id), get_desk(me)
    if body.version != (int(item.version) if item else 0):
        raise Conflict
    store.stage_answers(uow, item, [each.model_dump(mode="json") for each in body.answers])
    return desk.model_copy(update={"answers": body.answers, "answers_version": body.version + 1})


def set_views(uow: UnitOfWork, me: Principal, views: list[SavedView]) -> DeskResponse:
    """Set the caller's own views. Raises `invalid_body` where two have one name, for the name is how they are told apart."""
    names = [view.name for view in views]
    twice = tuple(FieldProblem(f"views.{at}.name", "repeated") for at, name in enumerate(names) if name in names[:at])
    if twice:
        raise DomainError("invalid_body", problems=twice)
    store.stage_views(uow, me.person_id, [each.model_dump(mode="json", exclude_unset=True) for each in views])
    return get_desk(me).model_copy(update={"views": views})
