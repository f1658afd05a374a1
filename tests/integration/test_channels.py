"""Viber, WhatsApp, push and SMS through the running portal: linked, told of an outage, heard back, and switched off when nothing arrives.

SMS goes to the portal's own sandbox, as boto3 is told; the others to sandboxes of these tests.
"""

import json
import re
import time
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from infra.local.messengers import Account, Limits, MessengerConfig, Messengers, Person, start_messengers
from infra.local.providers.config import Switches
from infra.local.sandboxes import MESSENGERS, kept_addresses
from tests.local_cloud.messengers.portal import DEMO
from tests.tenancy import Tenancy
from tests.world import World

pytestmark = pytest.mark.world

OWN: Final = ("viber", "whatsapp", "push")
CHANNELS: Final = (*OWN, "sms")
SENDER: Final = "LokumPL"
"""One that the portal's sandbox of SMS knows."""
CODE: Final = re.compile(r"\b\d{6}\b")
SECONDS: Final = 60.0
WHATSAPP_APART: Final = 6.0
"""Seconds; a notice that comes sooner waits for the clock's next minute."""
ARRIVED: Final = {"viber": "delivered", "whatsapp": "delivered", "push": "sent", "sms": "delivered"}
"""No push service says that a message was shown."""
DEAD: Final = {"viber": "unsubscribed", "whatsapp": "131026", "push": "http_410", "sms": "text_invalid"}
"""Why an address was switched off."""


class Reached:
    """One organisation with its channels, and one tenant who has all of them."""

    def __init__(self, world: World, house: Tenancy, messengers: Messengers, sms: httpx.Client) -> None:
        self.world, self.house, self.messengers, self.sms = world, house, messengers, sms
        self.told_at = 0.0
        self.staff, self.tenant = house.staff, house.enrol(0)
        self.person_id = house.people[house.holder(0)]
        for name in OWN:
            settings, secrets = DEMO[name]
            self.set_up(name, {**settings, "host": messengers[name].url}, secrets)
        self.set_up("sms", {"origination": SENDER}, {})
        registered = self.staff.post("/notification-channels/viber/registration", json={})
        assert registered.json() == {"state": "sent", "code": ""}

    def set_up(self, name: str, settings: dict[str, str], secrets: dict[str, str]) -> None:
        body = {"enabled": True, "settings": settings, "secrets": secrets, "version": 0}
        answer = self.staff.put(f"/notification-channels/{name}", json=body)
        assert answer.status_code == 200, answer.text

    # --- the tenant

    def link(self, name: str, **body: Any) -> dict[str, Any]:
        answer = self.tenant.post(f"/notifications/channels/{name}/link", json=body)
        assert answer.status_code in {200, 201}, answer.text
        return dict(answer.json())

    def do(self, name: str, action: str, text: str = "") -> None:
        messenger = self.messengers[name]
        messenger.do(messenger.chat("lipowa", "tenant"), action, text)
        assert messenger.courier.idle()

    def link_all(self) -> None:
        self.do("viber", "open", self.link("viber")["url"])
        self.do("viber", "press")
        for name in ("whatsapp", "sms"):
            assert self.link(name)["state"] == "code_sent"
            code = CODE.search(self.lines(name)[-1]["text"])
            assert code
            confirmed = self.tenant.post(f"/notifications/channels/{name}/confirmation", json={"code": code[0]})
            assert confirmed.status_code == 204, confirmed.text
        self.do("push", "subscribe", self.offers()["push"]["public_key"])
        shown = json.loads(self.messengers["push"].records()[0]["shown"])
        self.link("push", subscription={"endpoint": shown["endpoint"], "keys": shown["keys"]})
        self.world.wait_until(lambda: {self.address(name)["state"] for name in CHANNELS} == {"on"}, SECONDS)

    def offers(self) -> dict[str, Any]:
        return {one["channel"]: one for one in self.tenant.get("/notifications/channels").json()["channels"]}

    def address(self, name: str) -> dict[str, Any]:
        """His newest address on a channel; state `none` without one."""
        return next(iter(self.offers()[name]["addresses"]), {"state": "none"})

    def lines(self, name: str) -> list[dict[str, Any]]:
        """What has come on his telephone, as the sandbox shows it."""
        if name == "sms":
            chats = self.sms.get("/_sandbox/chats", params={"address": self.house.phone(0)}).json()["chats"]
        else:
            chats = self.messengers[name].records()
        return [line for chat in chats for line in chat["messages"] if not line["by_person"]]

    def phone(self, action: str) -> None:
        """Something is done on the telephone that gets SMS."""
        whose = self.house.phone(0).removeprefix("+")
        assert self.sms.post(f"/_sandbox/chats/pl/{whose}/{action}", json={}).status_code == 200

    # --- what the office does and sees

    def outage(self) -> str:
        contract = self.staff.get(f"/contracts/{self.house.contract_id(0)}").json()
        body = {"kind": "outage", "community_ids": [contract["community"]["community_id"]], "title": "Brak wody"}
        opened = self.staff.post("/incidents", json={**body, "starts_at": "2026-11-22T08:00:00Z"})
        assert opened.status_code == 201, opened.text
        return str(opened.json()["incident_id"])

    def log(self, incident_id: str, client: httpx.Client | None = None) -> dict[str, tuple[str, str]]:
        """By channel the last state and code of the outage's notice: as the staff see it, or as the tenant does himself."""
        own = client is self.tenant
        path = "/notifications" if own else f"/people/{self.person_id}/notifications"
        items = (client or self.staff).get(path).json()["items"]
        found = [one for one in items if one["about"].get("incident_id") == incident_id]
        return {one["channel"]: (one["state"], one["code"]) for notice in found for one in notice["deliveries"]}


@pytest.fixture(scope="module")
def reached(world: World) -> Iterator[Reached]:
    house = Tenancy(world, 1).found()
    world.wait_until(lambda: house.count("NOTIFICATIONS", "CONTRACT") == 1, SECONDS)
    accounts = tuple(
        Account(
            name,
            "lipowa",
            "Lipowa",
            *DEMO[name],
            f"{world.url}/api/notifications/webhooks/{name}/{house.organisation_id}",
        )
        for name in OWN
    )
    person = Person("tenant", "Ewa Nowak", house.phone(0), "pl")
    quick = dict.fromkeys(OWN, (1.0,) * 30)
    # Between the code and the first notice nobody here waits the six seconds that WhatsApp wants.
    config = MessengerConfig(
        accounts, (person,), schedules=quick, limits={"whatsapp": Limits(0, 0.0)}, receipt_seconds=0.5
    )
    inspected = kept_addresses(world.data, MESSENGERS)["sms"]
    with start_messengers(config) as messengers, httpx.Client(base_url=inspected, trust_env=False, timeout=20) as sms:
        yield Reached(world, house, messengers, sms)


@pytest.fixture(scope="module")
def told(reached: Reached) -> str:
    """An outage that the tenant was told of everywhere; every receipt comes twice, after one that somebody has changed."""
    reached.link_all()
    for name in ("viber", "whatsapp"):
        reached.messengers[name].switches = Switches(copies=2, tampered=True)
    incident_id = reached.outage()
    expected = {name: (state, "") for name, state in ARRIVED.items()}
    reached.world.wait_until(lambda: expected.items() <= reached.log(incident_id).items(), SECONDS)
    reached.told_at = time.monotonic()
    assert reached.messengers.idle()
    for name in ("viber", "whatsapp"):
        reached.messengers[name].switches = Switches()
    return incident_id


@pytest.fixture(scope="module")
def dead(reached: Reached, told: str) -> str:
    """Another outage, after none of the addresses is anybody's any more."""
    reached.do("viber", "leave")
    reached.messengers["whatsapp"].trouble("131026")
    reached.do("push", "leave")
    reached.phone("leave")
    time.sleep(max(0.0, reached.told_at + WHATSAPP_APART - time.monotonic()))
    incident_id = reached.outage()
    reached.world.wait_until(lambda: {reached.address(name)["state"] for name in CHANNELS} == {"off"}, SECONDS)
    assert incident_id != told
    return incident_id


@pytest.mark.parametrize("name", CHANNELS)
def test_an_outage_is_told_and_the_log_says_what_became_of_it(reached: Reached, told: str, name: str) -> None:
    line = reached.lines(name)[-1]
    assert reached.world.url in f"{line['text']} {line['links']}"
    assert reached.log(told, reached.tenant)[name] == (ARRIVED[name], "")
    shown = {one["channel"]: one for one in reached.staff.get("/notification-channels").json()["channels"]}
    assert (shown[name]["refused"] > 0) == (name in {"viber", "whatsapp"}), (
        "what nobody has signed is counted, and does nothing"
    )
    if name in {"viber", "whatsapp"}:
        chat = reached.messengers[name].chat("lipowa", "tenant")
        httpx.get(f"{reached.messengers[name].url}{chat.path}", trust_env=False)
        reached.world.wait_until(lambda: reached.log(told)[name][0] == "read", SECONDS)


@pytest.mark.parametrize("name", CHANNELS)
def test_a_dead_address_is_switched_off_and_the_staff_are_told(reached: Reached, dead: str, name: str) -> None:
    assert reached.address(name)["code"] == DEAD[name]
    # Of who has left the bot that is known before anything is sent.
    assert reached.log(dead).get(name) == (None if name == "viber" else ("gone", DEAD[name]))

    def alarms() -> list[dict[str, Any]]:
        items = reached.staff.get("/notifications").json()["items"]
        return [one for one in items if (one["kind"], one["values"].get("channel")) == ("staff_channel_failed", name)]

    (alarm,) = reached.world.wait_until(alarms, SECONDS)
    assert alarm["about"] == {"person_id": reached.person_id}
