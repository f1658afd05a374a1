"""A report comes in: whose it is, what it is about, when it is due, which number it gets; and what may be the same thing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from shared import access, attachments, clock
from shared.access import Principal
from shared.errors import DomainError, FieldProblem, NotFound
from shared.events.tickets import TicketOpened
from shared.ids import new_id
from shared.tables import UnitOfWork
from tickets import (
    service_attachments,
    service_clock,
    service_contracts,
    service_incidents,
    service_view,
    store,
    store_contracts,
    store_desk,
    store_incidents,
    store_queue,
)
from tickets.rules import categories, changes, visibility
from tickets.schemas import IncidentResponse, SimilarQuery, SimilarResponse, TicketReceipt, TicketRequest, TicketSummary
from tickets.schemas_desk import TicketSettingsResponse

_MOST_SIMILAR: Final = 5
"""More than a person reads before he sends what he came to say."""
_SOON: Final = timedelta(days=14)
"""Work that is planned for later than that is not what somebody reports today."""
_LOOK_BACK: Final = 50
"""Tickets of the household, and open incidents of the organisation, that are looked at."""


_AFTERWARDS: Final = frozenset({"financial"})
"""What may still be reported after one's part in a contract is over: deposits and settlements, not locks and keys of a former home."""


@dataclass(frozen=True)
class _Origin:
    """Who reports, for which contract, and on which way it came."""

    contract: store_contracts.ContractItem
    reporter_id: str
    channel: str


def open_ticket(uow: UnitOfWork, me: Principal, body: TicketRequest) -> TicketReceipt:
    """Open a ticket with the next number of its year.

    Raises NotFound for somebody else's contract, `contract_or_unit`, `unknown_reporter`, `unknown_category`, `unknown_incident`,
    the refusals of attachments, and `too_many_requests` for whoever has reported too much today; staff are free.
    """
    profile, now = access.organisation(me.organisation_id), clock.now()
    settings = store_desk.settings_of(me.organisation_id)
    origin = _origin(me, body, profile.time_zone)
    _check_category(settings, body)
    changes.check_wished_days([wished.day for wished in body.wished_times], clock.today(profile.time_zone))
    taken = service_attachments.take(me, body.attachments)
    ticket = _new_ticket(me.organisation_id, body, origin, now)
    ticket.files = len(taken)
    service_clock.start(ticket, settings, now)
    _link(uow, ticket)
    store.stage_entry(
        uow,
        ticket,
        "opened",
        store.author_of(me, ticket),
        body.description,
        now="new",
        attachments=taken,
        details={"place": body.place, "wished_times": [each.model_dump(mode="json") for each in body.wished_times]},
    )
    if not me.is_staff:
        store_contracts.stage_limit(uow, me.person_id, "tickets", settings.tickets_a_day, profile.time_zone)
    # Last of all reads: the shorter the time to the commit, the fewer have to begin again when many report at once.
    ticket.number = store_contracts.take_number(uow, profile.time_zone, ticket.ticket_id)
    store.stage_ticket(uow, ticket)
    uow.emit(_opened(ticket, taken))
    return TicketReceipt(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        status=visibility.shown_status("new", staff=me.is_staff),
        due_at=datetime.fromisoformat(ticket.due_at) if ticket.due_at else None,
    )


def find_similar(me: Principal, query: SimilarQuery) -> SimilarResponse:
    """Open incidents where the unit lies, and open tickets of the household, about the same thing or its neighbour in the tree."""
    me.require(contract_id=query.contract_id)
    contract = store_contracts.find_contract(me.organisation_id, query.contract_id)
    if contract is None:
        raise NotFound
    settings = store_desk.settings_of(me.organisation_id)
    return SimilarResponse(
        incidents=_similar_incidents(me, settings, contract, query.category),
        tickets=_similar_tickets(me, settings, query),
    )


# ------------------------------------------------------------------ whose it is
def _origin(me: Principal, body: TicketRequest, zone: str) -> _Origin:
    today = clock.today(zone)
    contract = _contract(me, body, zone)
    if not me.is_staff:
        if body.reporter_id not in (None, me.person_id):
            raise DomainError("unknown_reporter", problems=(FieldProblem("reporter_id", "unknown_reporter"),))
        if body.channel not in (None, "portal"):
            raise DomainError("invalid_body", problems=(FieldProblem("channel", "for_staff_only"),))
        if contract.has_left(me.person_id, today) and body.type not in _AFTERWARDS:
            raise DomainError("contract_or_unit", problems=(FieldProblem("type", "contract_or_unit"),))
        return _Origin(contract, me.person_id, "portal")
    if body.reporter_id is None:
        return _Origin(contract, me.person_id, body.channel or "portal")
    if not _may_report(contract, body, today):
        raise DomainError("unknown_reporter", problems=(FieldProblem("reporter_id", "unknown_reporter"),))
    if body.channel is None:
        raise DomainError("invalid_body", problems=(FieldProblem("channel", "missing"),))
    return _Origin(contract, body.reporter_id, body.channel)


def _may_report(contract: store_contracts.ContractItem, body: TicketRequest, today: date) -> bool:
    """Whether the person that staff name has a part in the contract, or had one and asks what may be asked afterwards."""
    person_id = str(body.reporter_id)
    return contract.has_part(person_id, today) or (contract.had_part(person_id) and body.type in _AFTERWARDS)


def _contract(me: Principal, body: TicketRequest, zone: str) -> store_contracts.ContractItem:
    if body.contract_id:
        me.require(contract_id=body.contract_id)
        contract = store_contracts.find_contract(me.organisation_id, body.contract_id)
        if contract is None:
            raise NotFound
        if body.unit_id not in (None, contract.unit_id):
            raise DomainError("contract_or_unit", problems=(FieldProblem("unit_id", "contract_or_unit"),))
        return contract
    found = _contracts_in_unit(me, body, zone) if body.unit_id else []
    if not found:
        raise DomainError("contract_or_unit", problems=(FieldProblem("unit_id", "contract_or_unit"),))
    return max(found, key=lambda each: (str(each.starts_on), str(each.contract_id)))


def _contracts_in_unit(me: Principal, body: TicketRequest, zone: str) -> list[store_contracts.ContractItem]:
    """The running contracts of a unit that the reporter has a part in; for staff who name nobody, all of them."""
    today, held = clock.today(zone), me.scope_ids("contract")
    running = [
        each for each in store_contracts.contracts_of_unit(me.organisation_id, str(body.unit_id)) if each.runs_on(today)
    ]
    if not me.is_staff:
        return [each for each in running if each.contract_id in held]
    return [each for each in running if body.reporter_id is None or each.has_part(body.reporter_id, today)]


# ------------------------------------------------------------------ what it is about
def _check_category(settings: TicketSettingsResponse, body: TicketRequest) -> None:
    problem = categories.find_problem(settings, body.category)
    if problem is None or not problem.is_for(body.type):
        raise DomainError("unknown_category", problems=(FieldProblem("category", "unknown_category"),))


def _new_ticket(organisation_id: str, body: TicketRequest, origin: _Origin, now: datetime) -> store.TicketItem:
    ticket_id = new_id("tkt")
    return store.TicketItem(
        pk=store.ticket_pk(organisation_id, ticket_id),
        sk=store.TICKET_SK,
        ticket_id=ticket_id,
        status="new",
        type=body.type,
        category=body.category,
        subject=body.subject,
        emergency=body.emergency,
        common_part=body.common_part,
        contract_id=origin.contract.contract_id,
        unit_id=origin.contract.unit_id,
        community_id=origin.contract.community_id,
        reporter_id=origin.reporter_id,
        channel=origin.channel,
        incident_id=body.incident_id,
        created_at=clock.stamp(now),
    )


def _link(uow: UnitOfWork, ticket: store.TicketItem) -> None:
    """Make it a report of the incident that it names, which must be an open one of its community."""
    if ticket.incident_id is None:
        return
    try:
        incident = store_incidents.find_incident(ticket.organisation_id, ticket.incident_id)
    except NotFound as error:
        raise DomainError("unknown_incident") from error
    if incident.state != "open" or ticket.community_id not in incident.community_ids:
        raise DomainError("unknown_incident")
    store_incidents.stage_link(uow, ticket.incident_id, ticket.ticket_id)


def _opened(ticket: store.TicketItem, taken: list[dict[str, Any]]) -> TicketOpened:
    return TicketOpened(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        reporter_id=ticket.reporter_id,
        contract_id=ticket.contract_id,
        unit_id=ticket.unit_id,
        community_id=ticket.community_id,
        type=ticket.type,
        category=ticket.category,
        emergency=ticket.emergency,
        channel=ticket.channel,
        due_at=datetime.fromisoformat(ticket.due_at) if ticket.due_at else None,
        attachments=attachments.object_keys(taken),
    )


# ------------------------------------------------------------------ the same thing
def _similar_incidents(
    me: Principal, settings: TicketSettingsResponse, contract: store_contracts.ContractItem, category: str
) -> list[IncidentResponse]:
    found, _ = store_incidents.list_incidents(me.organisation_id, limit=_LOOK_BACK)
    soon = clock.stamp(clock.now() + _SOON)
    here = [
        each
        for each in found
        if contract.community_id in each.community_ids
        and each.starts_at < soon
        and (each.category is None or categories.are_related(settings, each.category, category))
    ]
    pages = [store_incidents.read_incident(me.organisation_id, each.incident_id) for each in here[:_MOST_SIMILAR]]
    return [service_incidents.shown(page) for page in pages]


def _similar_tickets(me: Principal, settings: TicketSettingsResponse, query: SimilarQuery) -> list[TicketSummary]:
    newest = store_queue.by_contract(me.organisation_id, query.contract_id).fetch("", _LOOK_BACK)
    holds = bool(service_contracts.held_contracts(me, [query.contract_id]))
    alike = [
        each
        for each in newest
        if each.is_open
        and categories.are_related(settings, each.category, query.category)
        and visibility.may_see(
            me,
            reporter_id=each.reporter_id,
            holds_contract=holds,
            shared_in_household=settings.shared_in_household,
        )
    ]
    return [service_view.summary(me, each) for each in alike[:_MOST_SIMILAR]]
