"""Who was linked before a restart is linked after it."""

from urllib.parse import urlsplit

from notifications.channels import push as push_channel
from notifications.channels.model import State

from infra.local.messengers import MessengerConfig, start_messengers
from tests.local_cloud.messengers.conftest import LOOSE, QUICK
from tests.local_cloud.messengers.portal import PEOPLE


def test_chats_and_webhooks_outlive_a_restart(portal, clock, tmp_path):
    def begin(people=PEOPLE):
        accounts = portal.sandbox_accounts()
        return start_messengers(
            MessengerConfig(accounts, people, schedules=QUICK, limits=LOOSE, memory=tmp_path, ports=ports, clock=clock)
        )

    ports = {}
    with begin() as messengers:
        portal.connect(messengers)
        ports = {name: urlsplit(url).port for name, url in messengers.addresses.items()}
        telegram, push = messengers["telegram"], messengers["push"]
        telegram.do(telegram.chat("lipowa", "nowak"), "start", "abc")
        push.do(push.chat("lipowa", "nowak"), "subscribe")
        address = push_channel.address(portal.accounts["push"], push.chat("lipowa", "nowak").record()["shown"])
        assert messengers.idle()
    seen = {said.said_id for _, said in portal.said}
    clock.pass_by(5)
    with begin() as messengers:
        chat = messengers["telegram"].chat("lipowa", "nowak")
        assert portal.send("telegram", chat.address).state is State.SENT
        assert [line.text.split()[0] for line in chat.lines] == ["/start", "Płatność"]
        assert portal.send("push", address).state is State.SENT
        assert messengers["push"].chat("lipowa", "nowak").lines[-1].state == "delivered"
        messengers["telegram"].do(chat, "block")
        assert messengers.idle()
    assert portal.said[-1][1].said_id not in seen, "what is new is no repeat"
    with begin(people=PEOPLE[1:]) as messengers:
        assert messengers["telegram"].records() == []
