"""The demo organisations' providers: complete, told apart by the sandboxes, set up once."""

import json

import httpx
import pytest
from payments.providers import NAMES, provider

from infra.demo import payments
from infra.demo.client import Client

HOSTS = {name: f"http://127.0.0.1:{4000 + number}" for number, name in enumerate(NAMES)}


@pytest.mark.parametrize("agreed", payments.AGREEMENTS, ids=lambda one: f"{one.country.code}-{one.provider}")
def test_each_agreement_says_all_that_its_provider_asks(agreed) -> None:
    fields = provider(agreed.provider).FIELDS
    needed = {field.name for field in fields if field.required and not field.default}
    assert needed <= {*agreed.settings, *agreed.secrets}
    assert set(agreed.secrets) <= {field.name for field in fields if field.secret}


def test_every_country_can_be_paid_in_its_own_money_and_poland_has_all() -> None:
    for agreed in payments.AGREEMENTS:
        takes = agreed.country.profile.currency in provider(agreed.provider).CURRENCIES
        assert takes or agreed.country.code == "PL"
    assert {agreed.country.code for agreed in payments.AGREEMENTS} == {"PL", "UA", "NO", "FR"}
    assert {agreed.provider for agreed in payments.AGREEMENTS if agreed.country.code == "PL"} == set(NAMES)


class Administration:
    """The routes of providers as all four organisations have them."""

    def __init__(self) -> None:
        self.shown = {name: {"version": 0, "settings": {}} for name in NAMES}
        self.sent: list[tuple[str, dict]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/sign-in"):
            return httpx.Response(200, headers={"Set-Cookie": "lokum_session=one; Secure"})
        if request.method == "GET":
            return httpx.Response(200, json={"providers": [{"provider": n, **one} for n, one in self.shown.items()]})
        body = json.loads(request.content)
        self.sent.append((request.url.path.rsplit("/", 1)[1], body))
        return httpx.Response(200, json={})


@pytest.fixture
def administration(monkeypatch: pytest.MonkeyPatch) -> Administration:
    made = Administration()
    monkeypatch.setattr(payments, "Client", lambda url: Client(url, httpx.MockTransport(made)))
    return made


def test_what_was_never_set_up_is_set_up_whole(administration: Administration) -> None:
    payments.connect_providers("http://api", HOSTS)
    assert len(administration.sent) == len(payments.AGREEMENTS)
    autopay = next(body for name, body in administration.sent if name == "autopay")
    assert autopay["settings"] == {"service_id": "903001", "host": HOSTS["autopay"]}
    assert autopay["secrets"] == {"key": "demo-autopay-key"}
    assert autopay["enabled"]


def test_later_only_the_address_of_a_sandbox_moves(administration: Administration) -> None:
    changed = {"version": 3, "enabled": False, "part_payment": False, "fee": {"kind": "none"}}
    administration.shown = {name: {**changed, "settings": {"host": HOSTS[name]}} for name in NAMES}
    administration.shown["liqpay"]["settings"] = {"public_key": "mine", "host": "http://127.0.0.1:9"}
    administration.shown["stripe"]["settings"] = {"host": "https://api.stripe.com"}
    payments.connect_providers("http://api", HOSTS)
    moved = {"settings": {"public_key": "mine", "host": HOSTS["liqpay"]}}
    assert administration.sent == [("liqpay", {**changed, **moved})] * 2
