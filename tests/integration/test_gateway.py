"""What lies before the functions, and what every answer carries: over real HTTP, through the edge."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import httpx
import pytest

from shared.http.contracts import MAX_BODY_BYTES
from tests.tenancy import Tenancy
from tests.world import PASSWORD, World

pytestmark = pytest.mark.world

SAFE = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
CHARGE = {
    "date": "2026-03-01",
    "due_date": "2026-03-10",
    "type": "bank",
    "purpose": "rent",
    "amount": 100,
    "description": "",
}


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    shown = answer.json()
    assert shown.keys() >= {"type", "status", "code", "correlation_id", "errors"}
    return (answer.status_code, shown["status"], shown["code"]) == (status, status, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/no/such/route"), ("DELETE", "/contracts"), ("PUT", "/auth/me"), ("GET", "/auth/sign-in")],
)
def test_what_is_no_route_is_a_problem_of_ours(world: World, method: str, path: str) -> None:
    assert is_problem(world.client().request(method, path), 404, "not_found")


@pytest.mark.parametrize("path", ["/auth/me", "/contracts", "/accounts/con_x", "/no-such"])
def test_answers_are_safe_to_show_and_not_kept(world: World, tenancy: Tenancy, path: str) -> None:
    for client in (world.client(), tenancy.staff):
        answer = client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers
        if path != "/no-such":
            assert {name: answer.headers.get(name) for name in SAFE} == SAFE
            assert answer.headers["x-correlation-id"]


def test_the_session_is_a_cookie_that_scripts_cannot_read(world: World, tenancy: Tenancy) -> None:
    answer = world.client().post("/auth/sign-in", json={"email": tenancy.administrator, "password": PASSWORD})
    given = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):
        given.load(header)
    assert sorted(given) == ["lokum_device", "lokum_session"]
    for cookie in given.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
        assert not cookie["domain"]
        assert not cookie["secure"]  # plain http on loopback; elsewhere it is set
        assert len(cookie.value) >= 40
        assert cookie.value not in answer.text
    assert not re.search(r"eyJ|token", answer.text)


def test_a_strange_cookie_keeps_nobody_out(world: World, tenancy: Tenancy) -> None:
    token = tenancy.staff.cookies["lokum_session"]
    for header in (f"theme=dark; lokum_session={token}", f"lokum_session={token}; consent=1"):
        assert world.client().get("/auth/me", headers={"Cookie": header}).status_code == 200
    for header in ("lokum_session=", "lokum_session=nobody", "session=x", "lokum_session=%00"):
        assert is_problem(world.client().get("/auth/me", headers={"Cookie": header}), 401, "not_signed_in")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Requested-With": ""},
        {"X-Requested-With": "XMLHttpRequest"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.elsewhere.example"},
    ],
)
def test_writes_from_foreign_pages_are_refused(tenancy: Tenancy, contract_id: str, headers: dict[str, str]) -> None:
    path = f"/accounts/{contract_id}/charges"
    assert is_problem(tenancy.staff.post(path, json=CHARGE, headers=headers), 403, "cross_site_request")
    assert tenancy.staff.get(path).json()["items"] == []


def test_signing_in_from_a_foreign_page_is_refused_too(world: World, tenancy: Tenancy) -> None:
    body = {"email": tenancy.administrator, "password": PASSWORD}
    answer = world.client().post("/auth/sign-in", json=body, headers={"Origin": "https://elsewhere.example"})
    assert is_problem(answer, 403, "cross_site_request")
    assert "set-cookie" not in answer.headers


def test_bodies_have_a_limit_and_a_form(tenancy: Tenancy, contract_id: str) -> None:
    path = f"/accounts/{contract_id}/charges"
    large = {**CHARGE, "description": "x" * MAX_BODY_BYTES}
    assert is_problem(tenancy.staff.post(path, json=large), 413, "body_too_large")
    json_type = {"Content-Type": "application/json"}
    assert is_problem(tenancy.staff.post(path, content=b"{", headers=json_type), 422, "invalid_body")
    assert is_problem(
        tenancy.staff.post(path, content=b"a=1", headers={"Content-Type": "text/csv"}), 415, "unsupported_media_type"
    )
    assert is_problem(tenancy.staff.post(path, json={**CHARGE, "amount": "1.5"}), 422, "invalid_body")


def test_cursors_cannot_be_made_up_or_carried_over(tenancy: Tenancy, contract_id: str) -> None:
    for cursor in ("x", "AAAA", "e30"):
        answer = tenancy.staff.get(f"/accounts/{contract_id}/entries", params={"cursor": cursor})
        assert is_problem(answer, 400, "invalid_cursor")
    assert is_problem(tenancy.staff.get("/contracts", params={"order": "up"}), 400, "invalid_query")


def test_too_many_at_once_are_turned_away(world: World) -> None:
    """The template lets 20 requests for a mail through at once and 5 a second then."""
    client = world.client()

    def ask(index: int) -> httpx.Response:
        return client.post(
            "/auth/forgot-password",
            json={"email": f"nobody{index}@nowhere.example"},
            headers={"X-Forwarded-For": "203.0.113.50"},  # an address of its own: others ask from this machine too
        )

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(120)))
    seen = Counter(answer.status_code for answer in answers)
    assert set(seen) == {202, 429}, seen
    turned_away = next(answer for answer in answers if answer.status_code == 429)
    assert turned_away.json()["code"] in {"too_many_requests", "too_many_attempts"}
    assert int(turned_away.headers["retry-after"]) >= 1
