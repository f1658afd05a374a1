"""A page that is followed asks again with If-None-Match and pays a 304 while nothing has changed."""

import pytest
from pydantic import BaseModel

from shared import access, clock
from shared.http import Call, PortalApp, contract
from tests.support import api_event, profile, put_organisation, sign_in


class Answer(BaseModel):
    text: str
    url: str = ""


STATE = {"text": "one", "visits": 0}


@pytest.fixture
def app(cloud):
    app = PortalApp("statements")
    put_organisation(profile("org_a"))
    STATE.update(text="one", visits=0)

    @app.endpoint("GET", "/things/{contract_id}", access=contract(), returns=Answer)
    def read_thing(call: Call, contract_id: str) -> Answer:
        return call.with_etag(Answer(text=STATE["text"]))

    @app.endpoint("GET", "/signed/{contract_id}", access=contract(), returns=Answer)
    def read_signed(call: Call, contract_id: str) -> Answer:
        STATE["visits"] += 1
        return call.with_etag(Answer(text=STATE["text"], url=f"signature-{STATE['visits']}"), STATE["text"])

    return app


def ask(app, token, etag=None, resource="/things/{contract_id}"):
    headers = {"If-None-Match": etag} if etag else {}
    return app(api_event("GET", resource, path={"contract_id": "ctr_1"}, token=token, headers=headers), None)


@pytest.mark.parametrize("resource", ["/things/{contract_id}", "/signed/{contract_id}"])
def test_what_has_not_changed_is_not_sent_again(app, resource):
    token = sign_in("org_a", "per_1", ("tenant", "contract", "ctr_1"))
    first = ask(app, token, resource=resource)
    etag = first["headers"]["ETag"]
    assert (first["statusCode"], first["headers"]["Cache-Control"]) == (200, "private, no-cache")
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = ask(app, token, known, resource)
        assert (again["statusCode"], again["body"], again["headers"]["ETag"]) == (304, "", etag)
    STATE["text"] = "two"
    changed = ask(app, token, etag, resource)
    assert changed["statusCode"] == 200
    assert changed["headers"]["ETag"] != etag


def test_what_one_person_knows_says_nothing_about_another(app):
    holders = [sign_in("org_a", person, ("tenant", "contract", "ctr_1")) for person in ("per_1", "per_2")]
    assert ask(app, holders[1], ask(app, holders[0])["headers"]["ETag"])["statusCode"] == 200


def test_an_ended_session_gets_no_304(app):
    token = sign_in("org_a", "per_1", ("tenant", "contract", "ctr_1"))
    etag = ask(app, token)["headers"]["ETag"]
    assert ask(app, "unknown", etag)["statusCode"] == 401


def test_a_page_that_only_looks_does_not_keep_the_session(app):
    token = sign_in("org_a", "per_1", ("tenant", "contract", "ctr_1"))
    etag = ask(app, token)["headers"]["ETag"]
    key = f"SESSION#{access.session_id(token)}"
    soon = clock.timestamp() + 60
    access.SessionItem(pk=key, sk="SESSION").update([access.SessionItem.expires.set(soon)])
    assert ask(app, token, etag)["statusCode"] == 304
    assert access.SessionItem.get(key, "SESSION").expires == soon
    assert ask(app, token)["statusCode"] == 200
    assert access.SessionItem.get(key, "SESSION").expires > soon
