"""The endpoint wrapper: session, roles, origin, body, cursor, idempotency, once."""

import json

import pytest
from pydantic import BaseModel, Field
from pynamodb.attributes import NumberAttribute

from shared import access
from shared.access import STAFF_ONLY
from shared.errors import Conflict
from shared.events.catalog import PaymentUnmatched
from shared.http import PUBLIC, SELF, Call, PortalApp, contract
from shared.observe import logger
from shared.tables import Base, table_name
from tests.support import api_event, call, outbox, profile, put_organisation, sign_in


class Note(BaseModel):
    text: str = Field(max_length=10)


class Answer(BaseModel):
    text: str
    times: int = 0


class Counter(Base):
    class Meta:
        table_name = table_name("STATEMENTS_TABLE")

    times = NumberAttribute(default=0)


@pytest.fixture
def app(cloud):
    app = PortalApp("statements")
    put_organisation(profile("org_a"))

    @app.endpoint("GET", "/things/{contract_id}", access=contract(), returns=Answer, paged=True)
    def read_thing(call: Call, contract_id: str) -> Answer:
        return Answer(text=contract_id, times=(call.cursor or {}).get("page", 0))

    @app.endpoint("POST", "/things", access=SELF, body=Note, returns=Answer, status=201)
    def make_thing(call: Call, body: Note) -> Answer:
        if body.text == "clash":
            raise Conflict
        key = f"ORG#{call.me.organisation_id}#COUNTER"
        call.uow.update(Counter(pk=key, sk="COUNTER"), [Counter.times.add(1)])
        call.uow.emit(PaymentUnmatched(transfer_id="t", import_id="i", amount=1, currency="PLN"))
        return Answer(text=body.text, times=call.uow.size)

    @app.endpoint("POST", "/staff", access=SELF, returns=None, status=204, roles=STAFF_ONLY)
    def staff_only(call: Call) -> None:
        pass

    @app.endpoint("POST", "/broken", access=PUBLIC, returns=None, status=204)
    def broken(call: Call) -> None:
        msg = "secret detail"
        raise RuntimeError(msg)

    return app


@pytest.fixture
def token(cloud):
    return sign_in("org_a", "per_1", ("tenant", "contract", "ctr_1"))


def test_a_grant_opens_its_contract_and_no_other(app, token):
    assert call(app, "GET", "/things/{contract_id}", path={"contract_id": "ctr_1"}, token=token)[0] == 200
    status, body = call(app, "GET", "/things/{contract_id}", path={"contract_id": "ctr_2"}, token=token)
    assert (status, body["code"]) == (404, "not_found")


def test_percent_encoded_path_is_decoded(app, token):
    status, _ = call(app, "GET", "/things/{contract_id}", path={"contract_id": "ctr%5F1"}, token=token)
    assert status == 200


def test_without_a_session_and_after_its_end_nothing_opens(app, token):
    assert call(app, "POST", "/things", body={"text": "a"})[1]["code"] == "not_signed_in"
    access.SessionItem(pk=f"SESSION#{access.session_id(token)}", sk="SESSION").delete()
    assert call(app, "POST", "/things", body={"text": "a"}, token=token)[0] == 401


def test_roles_are_checked(app, token):
    assert call(app, "POST", "/staff", token=token)[1]["code"] == "forbidden"


@pytest.mark.parametrize("headers", [{"X-Requested-With": "other"}, {"Origin": "https://evil.example"}])
def test_cross_site_writes_are_refused(app, token, headers):
    status, body = call(app, "POST", "/things", body={"text": "a"}, token=token, headers=headers)
    assert (status, body["code"]) == (403, "cross_site_request")


def test_body_is_validated_and_limited(app, token):
    status, body = call(app, "POST", "/things", body={"text": "much too long"}, token=token)
    assert (status, body["code"], body["errors"][0]["field"]) == (422, "invalid_body", "text")
    assert body["errors"][0]["params"] == {"max_length": 10}
    status, body = call(app, "POST", "/things", body=json.dumps({"text": "a" * 300_000}), token=token)
    assert (status, body["code"]) == (413, "body_too_large")
    status, body = call(app, "POST", "/things", body="x=1", token=token, headers={"Content-Type": "text/plain"})
    assert (status, body["code"]) == (415, "unsupported_media_type")


def test_unknown_query_parameters_are_refused(app, token):
    given = {"path": {"contract_id": "ctr_1"}, "token": token}
    assert call(app, "GET", "/things/{contract_id}", query={"x": "1"}, **given)[1]["code"] == "invalid_query"
    assert call(app, "GET", "/things/{contract_id}", query={"cursor": "forged"}, **given)[1]["code"] == "invalid_cursor"


def test_state_event_and_answer_commit_together_once_per_key(app, token):
    given = {"body": {"text": "a"}, "token": token, "headers": {"Idempotency-Key": "key-00001"}}
    first = call(app, "POST", "/things", **given)
    assert first == call(app, "POST", "/things", **given)
    assert Counter.get("ORG#org_a#COUNTER", "COUNTER").times == 1
    assert len(outbox("STATEMENTS_TABLE")) == 1
    status, body = call(app, "POST", "/things", **{**given, "body": {"text": "b"}})
    assert (status, body["code"]) == (422, "idempotency_key_reused")


def test_a_refusal_writes_nothing(app, token):
    status, body = call(app, "POST", "/things", body={"text": "clash"}, token=token)
    assert (status, body["code"]) == (409, "conflict")
    assert outbox("STATEMENTS_TABLE") == []


def test_an_unexpected_failure_says_nothing_of_its_inside(app):
    answer = app(api_event("POST", "/broken"), None)
    assert answer["statusCode"] == 500
    assert "secret" not in answer["body"]
    assert answer["multiValueHeaders"].get("X-Content-Type-Options") or answer["headers"]["X-Content-Type-Options"]


def test_a_log_line_names_nobody_who_called_before(app, token):
    assert call(app, "GET", "/things/{contract_id}", path={"contract_id": "ctr_1"}, token=token)[0] == 200
    assert logger.get_current_keys()["person_id"] == "per_1"
    assert call(app, "POST", "/broken")[0] == 500
    assert not {"person_id", "organisation_id"} & set(logger.get_current_keys())


def test_a_foreign_event_is_refused_loudly(app):
    with pytest.raises(ValueError, match="REST event"):
        app({"version": "2.0", "rawPath": "/things"}, None)


def test_only_our_edge_may_name_the_client(cloud):
    def address(**headers):
        return Call("/x", headers, "198.51.100.2", "cor_1", None).client_address

    forwarded = {"x-forwarded-for": "10.0.0.1, 203.0.113.7, 198.51.100.2"}
    assert address(**forwarded) == "198.51.100.2"
    assert address(**forwarded, **{"x-lokum-edge": "guessed"}) == "198.51.100.2"
    assert address(**forwarded, **{"x-lokum-edge": "s3cret-for-tests"}) == "203.0.113.7"


def test_a_person_without_any_grant_may_still_use_what_is_own(app):
    token = sign_in("org_a", "per_2")
    assert call(app, "POST", "/things", body={"text": "a"}, token=token)[0] == 201
    assert call(app, "GET", "/things/{contract_id}", path={"contract_id": "ctr_1"}, token=token)[0] == 404


@pytest.mark.parametrize("other", ["flag", 'j={"a":1}', "a@b=1", "zażółć=1", "x=;;"])
def test_foreign_cookies_keep_nobody_out(app, token, other):
    headers = {"Cookie": f"{other}; lokum_session={token}"}
    assert call(app, "GET", "/things/{contract_id}", path={"contract_id": "ctr_1"}, headers=headers)[0] == 200


def test_an_id_longer_than_any_key_is_not_found(app, token):
    status, body = call(app, "GET", "/things/{contract_id}", path={"contract_id": "a" * 2100}, token=token)
    assert (status, body["code"]) == (404, "not_found")
