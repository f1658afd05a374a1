"""Settings, answer templates and saved views."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tickets.rules import categories
from tickets.schemas_desk import CategoryNode, TicketSettings
from tickets.store_desk import default_settings

from shared.access import TENANT
from tests.support import profile, put_organisation, sign_in
from tests.unit.tickets.conftest import ORG

LANGUAGES = ("pl", "uk", "nb", "fr", "en")


@pytest.fixture
def settings(world):
    return world.ask("GET", "/ticket-settings", world.anna)[1]


def put(world, settings, token=None):
    status, body = world.ask("PUT", "/ticket-settings", token or world.administrator, body=settings)
    return status, body


def test_an_organisation_begins_with_the_shipped_settings(settings):
    assert settings["version"] == 0
    assert settings["shared_in_household"] is True
    assert {node["code"] for node in settings["categories"]} >= {"kitchen", "bathroom", "building", "money", "papers"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_tree_speaks_every_language_and_does_not_contradict_itself(language):
    shipped = default_settings()
    assert categories.contradictions(shipped, frozenset({language})) == []
    hints = [hint for hint in _hints(shipped.categories) if language not in hint]
    assert hints == []


def _hints(nodes):
    for node in nodes:
        yield from [node.hint] if node.hint else []
        yield from _hints(node.children)


def test_every_type_has_its_problems():
    problems = list(categories.problems(default_settings().categories))
    assert len({problem.code for problem in problems}) == len(problems) > 35
    for ticket_type in ("technical", "organisational", "financial", "request"):
        assert sum(problem.is_for(ticket_type) for problem in problems) >= 3
    assert {
        "kitchen_leak",
        "bathroom_leak",
        "no_heating",
        "lift_out_of_order",
        "lost_key",
        "noise",
        "invoice_question",
        "certificate",
    } <= {problem.code for problem in problems}


def test_settings_are_set_over_the_version_that_was_read(world, settings):
    status, body = put(world, {**settings, "tickets_a_day": 3})
    assert (status, body["version"], body["tickets_a_day"]) == (200, 1, 3)
    assert world.ask("GET", "/ticket-settings", world.anna)[1] == body
    status, refusal = put(world, {**settings, "tickets_a_day": 4})
    assert (status, refusal["code"]) == (409, "conflict")
    status, body = put(world, {**body, "reopen_days": 7})
    assert (body["version"], body["tickets_a_day"], body["reopen_days"]) == (2, 3, 7)


def test_only_administrators_set_them(world, settings):
    for token in (world.sara, world.anna):
        assert put(world, settings, token)[0] == 403


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        (lambda s: s["working_time"].update(from_hour=16, to_hour=16), "working_time.to_hour", "greater_than"),
        (lambda s: s["working_time"].update(days=[1, 1]), "working_time.days", "repeated"),
        (lambda s: s["categories"][1].update(code="kitchen"), "categories.1.code", "repeated"),
        (
            lambda s: s["categories"][0]["children"][0].update(code="kitchen"),
            "categories.0.children.0.code",
            "repeated",
        ),
        (lambda s: s["categories"][0]["names"].pop("pl"), "categories.0.names", "missing"),
        (lambda s: s["emergency_numbers"][0].update(names={"en": "Help"}), "emergency_numbers.0.names", "missing"),
        (
            lambda s: s["categories"][0]["children"][0].update(types=["technical"]),
            "categories.0.children.0.types",
            "only_at_the_root",
        ),
        (
            lambda s: s["categories"][0]["children"][0]["children"][0].update(
                children=[{"code": "too_deep", "names": {"pl": "Za głęboko"}}]
            ),
            "categories.0.children.0.children.0.children.0",
            "too_deep",
        ),
    ],
    ids=["hours", "days", "root code", "inner code", "name", "number's name", "types", "depth"],
)
def test_settings_that_contradict_themselves_are_refused(world, settings, change, field, code):
    wrong = copy.deepcopy(settings)
    change(wrong)
    status, body = put(world, wrong)
    assert (status, body["code"]) == (422, "invalid_settings")
    assert (field, code) in [(each["field"], each["code"]) for each in body["errors"]]
    assert world.ask("GET", "/ticket-settings", world.anna)[1] == settings


def test_a_name_in_the_organisations_own_language_is_enough(world, settings):
    put_organisation(profile(ORG, locale="nb"))
    node = {"code": "annet", "names": {"nb": "Annet"}}
    status, body = put(world, {**settings, "categories": [node]})
    assert status == 200, body
    assert world.report(category="annet", type="request")


def test_deadlines_come_from_the_nearest_node_above():
    tree = [
        {"code": "root", "names": {"en": "R"}, "deadline": {"amount": 1, "unit": "hours"}, "children": [
            {"code": "middle", "names": {"en": "M"}, "children": [
                {"code": "leaf", "names": {"en": "L"}},
                {"code": "own", "names": {"en": "O"}, "deadline": {"amount": 2, "unit": "hours"}},
            ]},
        ]},
        {"code": "bare", "names": {"en": "B"}},
    ]  # fmt: skip
    given = {**default_settings().model_dump(), "categories": [CategoryNode.model_validate(each) for each in tree]}
    settings = TicketSettings.model_validate(given)
    hours = {code: categories.deadline_of(settings, code, emergency=False) for code in ("leaf", "own", "bare", "gone")}
    assert (hours["leaf"].amount, hours["own"].amount) == (1, 2)
    assert hours["bare"] == hours["gone"] == settings.default_deadline
    assert categories.deadline_of(settings, "bare", emergency=True) == settings.emergency_deadline
    assert categories.deadline_of(settings, "leaf", emergency=True).amount == 1, (
        "shorter than the emergency's four hours"
    )


@given(st.data())
def test_relation_of_problems_goes_both_ways(data):
    shipped = default_settings()
    codes = [problem.code for problem in categories.problems(shipped.categories)]
    one, other = data.draw(st.sampled_from(codes)), data.draw(st.sampled_from(codes))
    assert categories.are_related(shipped, one, other) == categories.are_related(shipped, other, one)
    assert categories.are_related(shipped, one, one)
    assert one in categories.codes_below(shipped, categories.find_problem(shipped, one).path[0])


def test_problems_that_stand_alone_are_not_all_the_same():
    assert not categories.are_related(default_settings(), "something_else", "noise")
    assert not categories.are_related(default_settings(), "something_else", "no_such_code")


def test_answers_are_everybodys_and_views_ones_own(world):
    answers = [{"title": "Termin", "text": "Zadzwonimy\n\ndziś."}]
    views = [{"name": "Moje, po terminie", "query": {"assignee_id": "me", "overdue": True}}]
    status, body = world.ask("PUT", "/ticket-desk/answers", world.sara, body={"answers": answers, "version": 0})
    assert (status, body["answers"], body["answers_version"]) == (200, answers, 1)
    status, body = world.ask("PUT", "/ticket-desk/views", world.sara, body={"views": views})
    assert status == 200
    assert body["answers"] == answers
    kept = world.ask("GET", "/ticket-desk", world.sara)[1]
    assert {name: value for name, value in kept["views"][0]["query"].items() if value is not None} == views[0]["query"]
    others = world.ask("GET", "/ticket-desk", world.stefan)[1]
    assert others == {"answers": answers, "answers_version": 1, "views": []}
    assert world.ask("GET", "/ticket-desk", world.foreign_staff)[1] == {
        "answers": [],
        "answers_version": 0,
        "views": [],
    }
    assert world.ask("GET", "/ticket-desk", world.anna)[0] == 403


def test_answers_that_somebody_else_changed_meanwhile_are_not_written_over(world):
    for token, title, expected in ((world.sara, "one", 200), (world.administrator, "two", 409)):
        body = {"answers": [{"title": title, "text": "x"}], "version": 0}
        assert world.ask("PUT", "/ticket-desk/answers", token, body=body)[0] == expected
    assert world.ask("GET", "/ticket-desk", world.sara)[1]["answers"][0]["title"] == "one"


def test_two_views_cannot_have_one_name(world):
    views = [{"name": "A", "query": {}}, {"name": "B", "query": {}}, {"name": "A", "query": {"overdue": True}}]
    status, body = world.ask("PUT", "/ticket-desk/views", world.sara, body={"views": views})
    assert (status, [(each["field"], each["code"]) for each in body["errors"]]) == (422, [("views.2.name", "repeated")])


def test_long_answers_in_cyrillic_fit_into_their_item(world):
    answers = [{"title": f"Відповідь {number}", "text": "Ж" * 2000} for number in range(60)]
    text = json.dumps({"answers": answers, "version": 0}, ensure_ascii=False)
    status, body = world.ask("PUT", "/ticket-desk/answers", world.sara, body=text)
    assert status == 200, body
    assert len(world.ask("GET", "/ticket-desk", world.stefan)[1]["answers"]) == 60


def test_whoever_holds_nothing_here_reads_no_foreign_settings(world, settings):
    put(world, {**settings, "tickets_a_day": 3})
    elsewhere = sign_in("org_other", "per_x", (TENANT, "contract", "ctr_x"))
    assert world.ask("GET", "/ticket-settings", elsewhere)[1]["tickets_a_day"] == 20
