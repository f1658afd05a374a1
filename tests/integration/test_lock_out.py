"""Guessing passwords against the running portal: a burst of parallel guesses gets no more tries than one guesser in a row."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from auth import rules

from tests.tenancy import Tenancy
from tests.world import World

pytestmark = pytest.mark.world

GUESSES = 24


def test_a_burst_of_guesses_is_counted_before_it_is_tried(world: World) -> None:
    """For an e-mail that nobody has: it is counted like any other, and locks nobody out."""
    client = world.client()
    guess = {"email": f"{secrets.token_hex(6)}@demo.example", "password": "Wrong-Horse-1"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post("/auth/sign-in", json=guess), range(GUESSES)))
    tried = [answer for answer in answers if answer.status_code == 401]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(tried) == rules.SIGN_IN_PAIR.limit.free
    assert len(refused) == GUESSES - len(tried)
    assert {answer.json()["code"] for answer in refused} == {"too_many_attempts"}
    assert all(0 < int(answer.headers["Retry-After"]) <= rules.SIGN_IN_PAIR.limit.first_wait for answer in refused)


def test_a_forgotten_password_is_asked_for_alike_by_known_and_unknown(world: World, tenancy: Tenancy) -> None:
    client = world.client()
    for email in (tenancy.administrator, "nobody@demo.example"):
        answer = client.post("/auth/forgot-password", json={"email": email})
        assert (answer.status_code, answer.json()) == (202, {})
