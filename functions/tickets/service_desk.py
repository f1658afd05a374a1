"""What an organisation decides about tickets, and what its staff work with."""

from shared import access
from shared.access import Principal
from shared.errors import Conflict, DomainError
from shared.tables import UnitOfWork
from tickets import store_desk as store
from tickets.rules.categories import contradictions
from tickets.schemas import (
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
        views=[SavedView.model_validate(each) for each in (views.document() if views else [])],
    )


def set_answers(uow: UnitOfWork, me: Principal, answers: list[AnswerTemplate]) -> DeskResponse:
    store.stage_answers(uow, [each.model_dump(mode="json") for each in answers])
    return get_desk(me).model_copy(update={"answers": answers})


def set_views(uow: UnitOfWork, me: Principal, views: list[SavedView]) -> DeskResponse:
    store.stage_views(uow, me.person_id, [each.model_dump(mode="json", exclude_unset=True) for each in views])
    return get_desk(me).model_copy(update={"views": views})
