"""Organisations with many tickets, half of them open: the items that the store itself would have staged, written in bulk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets import store, store_contracts
from tickets.rules.statuses import OPEN, SHUT
from tickets.store import TicketItem

from shared import clock
from shared.events.envelope import Metadata
from shared.ids import new_id
from shared.tables import Base, UnitOfWork
from tests import support

STAFF, ASSIGNEE, TENANT = "per_desk", "per_assignee", "per_resident"
CONTRACT, COMMUNITY = "con_resident", "com_00"
OWN, ENTRIES = 12, 10
"""Tickets of the measured contract, and entries of its newest ticket, whatever the organisation's size."""
ASSIGNEES = tuple(f"per_colleague{number}" for number in range(3))
COMMUNITIES = 4
"""One in five tickets is the measured assignee's, one in five nobody's, and one in four the measured community's: far more than there
will be, for a full page costs most."""
CATEGORIES = ("kitchen_leak", "no_heating", "window_fault", "lift_out_of_order", "waste", "intercom", "bathroom_mould")


@dataclass(frozen=True)
class Desk:
    """An organisation with its tickets, and who looks at them."""

    organisation_id: str
    tickets: int
    staff: str
    tenant: str
    ticket_id: str
    """The newest of the tenant's, which is open."""


def seed(tickets: int) -> Desk:
    """An organisation with so many tickets, in the tables that the environment names."""
    organisation_id = f"org_desk{tickets}"
    support.put_organisation(support.profile(organisation_id))
    staff = support.sign_in(organisation_id, STAFF, ("staff", "organisation", organisation_id))
    tenant = support.sign_in(organisation_id, TENANT, ("tenant", "contract", CONTRACT))
    _put_contract(organisation_id)
    year = clock.today("Europe/Warsaw").year
    store_contracts.SeriesItem(pk=f"ORG#{organisation_id}#SERIES", sk=f"TICKET#{year}", last=tickets).save()
    newest = ""
    with store.Item.batch_write() as batch:
        for index in range(tickets):
            ticket = _ticket(organisation_id, index, tickets)
            for item in _staged(ticket, ENTRIES if index == OWN - 1 else 1):
                batch.save(item)
            newest = str(ticket.ticket_id) if index == OWN - 1 else newest
    return Desk(organisation_id, tickets, staff, tenant, newest)


def _put_contract(organisation_id: str) -> None:
    store_contracts.ContractItem(
        pk=store_contracts.contract_pk(organisation_id, CONTRACT), sk="CONTRACT", contract_id=CONTRACT, number="L/1",
        unit_id="unt_resident", community_id=COMMUNITY, starts_on="2020-01-01",
        parties=[{"person_id": TENANT, "role": "tenant", "starts_on": "2020-01-01", "ends_on": None}],
    ).save()  # fmt: skip


def _ticket(organisation_id: str, index: int, tickets: int) -> TicketItem:
    """The index-th ticket. Every second one is open; who, where and what takes turns with other periods than the status."""
    now, ticket_id = clock.now(), new_id("tkt")
    created = now - timedelta(minutes=5 * (tickets - index))
    turn = index // 2
    status = SHUT[turn % len(SHUT)] if index % 2 == 0 else OPEN[turn % len(OPEN)]
    own = index < OWN
    ticket = TicketItem(
        pk=store.ticket_pk(organisation_id, ticket_id), sk=store.TICKET_SK, ticket_id=ticket_id, version=1,
        number=f"{clock.today('Europe/Warsaw').year}/{index + 1:06d}", type="technical", category=CATEGORIES[turn % len(CATEGORIES)],
        subject="Cieknie woda pod zlewem w kuchni", status=status, emergency=turn % 50 == 0,
        contract_id=CONTRACT if own else f"con_{index // 5:06d}", unit_id="unt_resident" if own else f"unt_{index // 5:06d}",
        community_id=f"com_{turn // 5 % COMMUNITIES:02d}", reporter_id=TENANT if own else f"per_{index // 5:06d}",
        channel="portal", assignee_id=(None, ASSIGNEE, *ASSIGNEES)[turn // 5 // COMMUNITIES % (len(ASSIGNEES) + 2)],
        deadline_unit="working_hours", created_at=clock.stamp(created),
    )  # fmt: skip
    if ticket.is_open:
        ticket.due_at = _due(now, turn, tickets) if status != "waiting_for_tenant" else None
        ticket.remaining = 3600 if ticket.due_at is None else None
    else:
        ticket.outcome, ticket.ended_at = status, clock.stamp(created + timedelta(days=1))
        ticket.close_at = clock.stamp(now + timedelta(days=14)) if status == "done" else None
    return ticket


def _due(now: datetime, turn: int, tickets: int) -> str:
    """Deadlines from two days ago to a month ahead, spread evenly: one in sixteen has passed."""
    return clock.stamp(now + timedelta(days=-2 + 32 * (turn * 7919 % tickets) / tickets))


def _staged(ticket: TicketItem, entries: int) -> Iterator[Base]:
    """What a unit of work would have committed for the ticket, without its event; its number is findable only where that is measured."""
    uow = UnitOfWork("TICKETS_TABLE", Metadata(organisation_id=ticket.organisation_id))
    author = store.Author(str(ticket.reporter_id), "reporter")
    store.stage_entry(uow, ticket, "opened", author, "Od rana kapie spod zlewu, podstawione jest wiadro.")
    for _ in range(entries - 1):
        store.stage_entry(uow, ticket, "commented", author, "Czy wiadomo już, kiedy ktoś przyjdzie?")
    store.stage_ticket(uow, ticket)
    if ticket.contract_id == CONTRACT:
        pk = store_contracts.number_pk(ticket.organisation_id, str(ticket.number))
        uow.create(store_contracts.NumberItem(pk=pk, sk="NUMBER", ticket_id=ticket.ticket_id))
    return (operation.arguments["model"] for operation in uow._operations)
