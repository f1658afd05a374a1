"""The loader's own parts: how it asks, waits, and says what went wrong. The whole load runs with the integration tests."""

import json
import threading
from datetime import date

import httpx
import pytest

from infra.demo.client import ApiError, Client, WaitError, wait_for
from infra.demo.model import StatementFile
from infra.demo.organisation_load import LoadError, OrganisationLoad, _check_counts
from infra.demo.world import make_world

PROBLEM = {"code": "unknown_upload", "errors": [{"field": "upload", "code": "x"}], "correlation_id": "cor_1"}


class Api:
    """Answers requests in order and keeps them."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), []
        self.client = Client("http://api", httpx.MockTransport(self))

    def __call__(self, request):
        self.requests.append(request)
        status, body, *headers = self.answers.pop(0)
        return httpx.Response(status, json=body, headers=headers[0] if headers else None)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr("infra.demo.client._PAUSE", 0.0)


def signed_in(*answers):
    cookie = {"set-cookie": "lokum_session=abc; Secure; HttpOnly; SameSite=Strict; Path=/"}
    api = Api((200, {"person": {}}, cookie), *answers)
    api.client.sign_in("a@demo.example", "secret")
    return api


def test_a_session_is_kept_and_writes_carry_the_portals_header():
    api = signed_in((201, {"ok": 1}))
    assert api.client.post("/things", {"a": 1}) == {"ok": 1}
    first, second = api.requests
    assert "idempotency-key" not in first.headers
    assert second.headers["cookie"] == "lokum_session=abc"
    assert second.headers["x-requested-with"] == "lokum"
    assert json.loads(second.content) == {"a": 1}


def test_a_busy_api_is_asked_again_under_the_same_key():
    api = signed_in((503, {}), (429, {}), (201, {"ok": 1}))
    assert api.client.post("/things", {}) == {"ok": 1}
    keys = {request.headers["idempotency-key"] for request in api.requests[1:]}
    assert (len(api.requests), len(keys)) == (4, 1)


def test_a_refusal_is_told_with_code_and_fields_and_not_repeated():
    api = signed_in((422, PROBLEM))
    with pytest.raises(ApiError, match=r"POST /things: 422 unknown_upload .*'upload'.*cor_1"):
        api.client.post("/things", {})
    assert len(api.requests) == 2


def test_an_answer_that_is_no_problem_document_is_told_as_it_is():
    with pytest.raises(ApiError, match='GET /x: 500 "boom"'):
        signed_in((500, "boom")).client.get("/x")


def test_a_list_is_read_to_its_end():
    api = signed_in((200, {"items": [1, 2], "next_cursor": "c1"}), (200, {"items": [3], "next_cursor": None}))
    assert list(api.client.pages("/people")) == [1, 2, 3]
    assert api.requests[-1].url.query == b"cursor=c1"


def test_waiting_ends_with_what_came_with_time_or_when_told_to_stop():
    found = iter([None, None, "there"])
    assert wait_for("it", lambda: next(found), 5) == "there"
    with pytest.raises(WaitError, match="it: not within 0 s"):
        wait_for("it", lambda: None, 0)
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(WaitError, match="it: interrupted"):
        wait_for("it", lambda: None, 60, stopping)


def counts(transactions, matched, unmatched, ignored, duplicates=0):
    return {
        "transactions": transactions,
        "matched": matched,
        "unmatched": unmatched,
        "ignored": ignored,
        "duplicates": duplicates,
    }


def test_a_statement_must_bring_what_stands_in_it():
    file = StatementFile("a.sta", b"", matched=5, unmatched=2, ignored=1)
    _check_counts(file, counts(8, 5, 2, 1))
    _check_counts(file, counts(8, 0, 0, 0, duplicates=8))
    _check_counts(file, counts(8, 1, 1, 0, duplicates=6))
    for wrong in (counts(8, 4, 3, 1), counts(7, 5, 1, 1), counts(7, 0, 0, 0, duplicates=7)):
        with pytest.raises(LoadError, match=r"a\.sta: 5 of 8"):
            _check_counts(file, wrong)


def test_a_failed_import_shows_its_errors_with_organisation_and_step():
    world = make_world(date(2026, 11, 22))[0]
    load = OrganisationLoad("http://api", None, world, lambda _: None, threading.Event())
    failed = {"state": "failed", "errors": [{"file": "charges.csv", "line": 7, "code": "unknown_contract"}]}
    form = {"key": "k", "url": "http://bucket/", "fields": {"key": "k"}}
    load.api = Api((201, form), (204, None), (202, {"import_id": "imp_1"}), (200, failed)).client
    with pytest.raises(LoadError, match=r"demo-pl, charges: .*imp_1 failed: .*'line': 7.*unknown_contract"):
        load._run(("charges", load._import_ledger))


def test_nothing_more_is_begun_once_another_organisation_has_failed():
    stopping = threading.Event()
    stopping.set()
    load = OrganisationLoad("http://api", None, make_world(date(2026, 11, 22))[0], lambda _: None, stopping)
    load.prepare()  # would fail on the missing deployment
