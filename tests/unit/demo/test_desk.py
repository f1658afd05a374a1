"""The demo desks: words in every language, contracts that exist, a load that may be begun again."""

import io
import json
from datetime import date

import pytest
from PIL import Image
from tickets.schemas import CommentRequest, IncidentRequest, RatingRequest, TicketChange, TicketRequest
from tickets.schemas_desk import AnswersRequest

from infra.demo.desk import REPORTS, desk_texts
from infra.demo.desk_load import DeskLoad, demo_tenant, holder
from infra.demo.table import SIGN_INS
from infra.demo.world import make_world

WORLD = {organisation.profile.country: organisation for organisation in make_world(date(2026, 11, 22))}
EACH = pytest.mark.parametrize("world", WORLD.values(), ids=WORLD)


class Desk:
    """Takes what the load sends, as the routes would, and answers from it."""

    def __init__(self):
        self.tickets, self.incidents, self.sent, self.answers = {}, [], [], None
        self.stop_after = None

    def pages(self, path):
        if path == "/people":
            people = [person for organisation in WORLD.values() for person in organisation.people]
            return [{"email": person.email, "person_id": f"per_{person.ref}"} for person in people]
        return list(self.tickets.values()) if path.startswith("/tickets") else self.incidents

    def get(self, path):
        if path == "/ticket-desk":
            return {"answers_version": int(self.answers is not None)}
        return self.tickets[path.split("/")[2]]

    def upload(self, name, data, purpose):
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, purpose) == ("JPEG", "ticket")
        return f"incoming/{name}"

    def post(self, path, body):
        if path == "/uploads/checks":
            return {"state": "ready"}
        self.note("POST", path)
        if path == "/tickets":
            TicketRequest.model_validate_json(json.dumps(body))
            ticket_id = f"tkt_{len(self.tickets)}"
            self.tickets[ticket_id] = {
                **body, "ticket_id": ticket_id, "status": "new", "timeline": [], "stars": None, "community_id": "com_1",
            }  # fmt: skip
            return {"ticket_id": ticket_id}
        if path == "/incidents":
            IncidentRequest.model_validate_json(json.dumps(body))
            self.incidents.append(body)
            return {}
        ticket = self.tickets[path.split("/")[2]]
        if path.endswith("/comments"):
            CommentRequest.model_validate(body)
            ticket["timeline"].append(body)
        else:
            RatingRequest.model_validate(body)
            ticket["stars"] = body["stars"]
        return {}

    def patch(self, path, body):
        self.note("PATCH", path)
        change = TicketChange.model_validate(body)
        assert change.text or change.status not in ("done", "declined")
        self.tickets[path.split("/")[2]].update(body)

    def put(self, path, body):
        self.note("PUT", path)
        self.answers = AnswersRequest.model_validate(body).answers

    def note(self, *what):
        if self.stop_after is not None and len(self.sent) >= self.stop_after:
            raise InterruptedError
        self.sent.append(what)


def load(world, desk):
    ids = {contract.number: f"con_{contract.ref}" for contract in world.contracts}
    return DeskLoad(world, desk, desk, ids).fill()


@EACH
def test_a_desk_holds_what_the_tour_needs(world):
    desk = Desk()
    assert load(world, desk) == len(desk.tickets) == 8
    assert {ticket["status"] for ticket in desk.tickets.values()} == {report.status for report in REPORTS}
    assert len({ticket["status"] for ticket in desk.tickets.values()}) >= 6
    assert len({ticket["type"] for ticket in desk.tickets.values()}) == 4
    (incident,) = desk.incidents
    assert len(incident["ticket_ids"]) == 2
    assert [e["internal"] for ticket in desk.tickets.values() for e in ticket["timeline"]].count(True) == 1
    assert [ticket.get("attachments") for ticket in desk.tickets.values()].count(["incoming/IMG_0417.jpg"]) == 1
    assert len(desk.answers) == 3


@EACH
def test_contracts_are_held_now_and_lie_in_one_house(world):
    contracts = {contract.ref: contract for contract in world.contracts}
    used = {report.contract for report in REPORTS}
    assert all(contracts[ref].ends_on is None for ref in used)
    assert len({contracts[ref].community_ref for ref in used}) == 1
    assert len({holder(world, ref).ref for ref in used}) == len(used)
    assert demo_tenant(world).email in dict(SIGN_INS)


@EACH
def test_words_are_the_organisations_own(world):
    own, source = desk_texts(world.profile.locale), desk_texts("pl")
    assert {slot: set(words) for slot, words in own["reports"].items()} == {
        slot: set(words) for slot, words in source["reports"].items()
    }
    assert set(own["reports"]) == {report.slot for report in REPORTS}
    subjects = [words["subject"] for words in own["reports"].values()]
    assert len(set(subjects)) == len(subjects)
    if world.profile.locale != "pl":
        assert own["incident"]["title"] != source["incident"]["title"]


@pytest.mark.parametrize("stop", range(1, 20, 3))
def test_a_load_that_was_interrupted_is_begun_again(stop):
    whole, broken = Desk(), Desk()
    load(WORLD["PL"], whole)
    broken.stop_after = stop
    with pytest.raises(InterruptedError):
        load(WORLD["PL"], broken)
    broken.stop_after = None
    load(WORLD["PL"], broken)
    load(WORLD["PL"], broken)
    assert broken.tickets == whole.tickets
    assert len(broken.incidents) == 1
