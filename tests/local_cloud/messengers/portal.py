"""The portal's side of a notice, with its own channel code: makes the calls, answers the webhooks, keeps what they said."""

import base64
import threading
from datetime import UTC, datetime

from notifications.channels import channel
from notifications.channels.model import Account, AwsCall, HttpCall, Message, Request, WebhookRefusedError
from notifications.channels.model import Answer as ChannelAnswer
from notifications.kinds import Channel

from infra.local.messengers import Account as SandboxAccount
from infra.local.messengers import Person
from infra.local.providers.frame import Response, Route, Server
from tests.local_cloud.providers.portal import http

VAPID_KEY = base64.urlsafe_b64encode(bytes(range(1, 33))).decode().rstrip("=")
DEMO = {
    "telegram": ({"bot": "lipowa_bot"}, {"bot_token": "123456789:demo-token-of-the-lipowa-bot"}),
    "viber": ({"uri": "lipowa", "sender": "Lipowa"}, {"auth_token": "demo-auth-token-of-lipowa"}),
    "whatsapp": (
        {"phone_number_id": "200000000000001"},
        {
            "access_token": "demo-access-token-of-lipowa",
            "app_secret": "0123456789abcdef0123456789abcdef",
            "verify_token": "demo-verify-token",
        },
    ),
    "push": ({"subject": "mailto:office@example.com"}, {"vapid_key": VAPID_KEY}),
}
ANNA = Person("nowak", "Anna Nowak", "+48600100201", "pl")
PEOPLE = (ANNA, Person("mazur", "Katarzyna Mazur", "+48600100203", "pl"))


def message(**changes):
    """A notice in Polish, with what JSON, HTML and templates have to escape."""
    known = {
        "notice_id": "ntc_1",
        "subject": "Płatność <zaksięgowana> & potwierdzona",
        "text": "Wpłynęło 1 250,35 zł.",
        "html": "<p>Wpłynęło 1 250,35 zł.</p>",
        "short": 'Wpłynęło 1\u00a0250,35 zł „za listopad" & więcej 🏠',
        "link": "http://127.0.0.1:8080/payments/pay_1",
        "locale": "pl",
        "kind": "payment_settled",
        "values": ("1 250,35 zł", "L-12"),
        "reference": "ntc_1.per_1",
    }
    return Message(**{**known, **changes})


class Portal:
    """Listens for the webhooks of all channels."""

    def __init__(self):
        hooks = [Route(method, "/hooks/{name}", self._hook) for method in ("GET", "POST")]
        self.server = Server("portal", hooks)
        self.server.start()
        self.close = self.server.close
        self.lock = threading.Lock()
        self.accounts, self.said, self.problems = {}, [], []

    def url(self, name):
        return f"{self.server.url}/hooks/{name}"

    def sandbox_accounts(self):
        """The same credentials on the other side."""
        return tuple(
            SandboxAccount(name, "lipowa", "Lipowa", settings, secrets) for name, (settings, secrets) in DEMO.items()
        )

    def connect(self, messengers):
        """Use the sandboxes as the channels' hosts, and tell them where the webhooks are."""
        for messenger in messengers:
            name = messenger.name
            settings, secrets = DEMO[name]
            self.accounts[name] = Account({**settings, "host": messenger.url}, (secrets,))
            call = channel(Channel(name)).register(self.accounts[name], self.url(name))
            if call:
                assert self.make(name, call).state == "sent"
            else:
                messenger.register("lipowa", self.url(name))

    def send(self, name, address, **changes):
        """Send a notice; what the channel's module makes of the answer."""
        call = channel(Channel(name)).send(self.accounts[name], address, message(**changes), datetime.now(UTC))
        return self.make(name, call)

    def make(self, name, call):
        assert isinstance(call, HttpCall)
        assert not isinstance(call, AwsCall)
        status, headers, body = http(call.method, call.url, call.body, call.headers)
        answer = ChannelAnswer(status, {key.lower(): value for key, value in headers.items()}, body)
        return channel(Channel(name)).understand(answer)

    def events(self, name=None):
        return [said.event.value for one, said in self.said if name in {None, one}]

    def _hook(self, request, name):
        given = Request(request.method, request.query, request.headers, request.body, datetime.now(UTC))
        try:
            reply, said = channel(Channel(name)).read_webhook(self.accounts[name], given)
        except WebhookRefusedError as error:
            with self.lock:
                self.problems.append(error.code)
            reply, said = error.reply, ()
        with self.lock:
            self.said += [(name, one) for one in said]
        return Response(reply.status, reply.body, reply.content_type)
