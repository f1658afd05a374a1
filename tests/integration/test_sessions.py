"""A session that ends, ends everywhere at once: no function keeps what it knew of it."""

import pytest

from infra.build import openapi
from shared.http.contracts import PUBLIC
from tests.tenancy import Tenancy
from tests.world import PASSWORD, World

pytestmark = pytest.mark.world

READS = ("/auth/me", "/contracts", "/bank-statements", "/unmatched-transfers", "/people")


def test_sign_out_ends_it_in_every_function(world: World, tenancy: Tenancy) -> None:
    client = world.client(tenancy.administrator)
    account = f"/accounts/{tenancy.contract_id(0)}"
    for path in (*READS, account):
        assert client.get(path).status_code == 200, path
    kept = {"Cookie": f"lokum_session={client.cookies['lokum_session']}"}
    answer = client.post("/auth/sign-out")
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    thief = world.client()
    for path in (*READS, account):
        assert thief.get(path, headers=kept).status_code == 401, path
    upload = {"name": "a.sta", "size": 1, "type": "", "purpose": "bank_statement"}
    assert thief.post("/uploads", json=upload, headers=kept).status_code == 401


def test_a_new_password_ends_the_other_sessions(world: World, tenancy: Tenancy) -> None:
    number = tenancy.take()
    here = tenancy.enrol(number)
    there = world.client(tenancy.holder(number))
    assert there.get("/contracts").status_code == 200
    new = f"{PASSWORD}-Neu1"
    answer = here.post("/auth/password", json={"current_password": PASSWORD, "new_password": new})
    assert answer.status_code == 200, answer.text
    assert there.get("/contracts").status_code == 401
    assert here.get("/contracts").status_code == 200
    assert world.client(tenancy.holder(number), new).get("/contracts").status_code == 200


def test_every_route_but_the_public_ones_wants_a_session(world: World) -> None:
    """Over real HTTP, for every route that is declared."""
    client = world.client()
    closed = [item for _context, item in openapi.contracts() if item.access != PUBLIC]
    assert len(closed) > 20
    for item in closed:
        path = item.path.format(**dict.fromkeys(item.parameters, "x"))
        answer = client.request(item.method, path, json=item.example.body, params=item.example.query)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), f"{item.method} {item.path}"
