"""Calls to channels: what came back, what never got there, and what nobody knows (D6)."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from notifications import calls
from notifications.channels.model import AwsCall, HttpCall
from notifications.kinds import Channel

from shared import credentials
from tests.cloud import aws_client


class Peer(BaseHTTPRequestHandler):
    heard = []

    def do_POST(self):
        self.heard.append((self.path, self.rfile.read(int(self.headers.get("Content-Length", 0)))))
        if self.path == "/silent":
            self.close_connection = True
            return
        body = b"x" * 100_000 if self.path == "/long" else b'{"ok": true}'
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/silent")
        self.send_header("X-Limit", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def peer(monkeypatch):
    for module in (credentials, calls):
        monkeypatch.setattr(module, "is_local", lambda: True)
    Peer.heard.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def post(url, channel=Channel.TELEGRAM):
    return calls.make(channel, HttpCall("POST", url, {"Content-Type": "text/plain"}, b"hello"))


def test_an_answer_comes_with_its_headers_in_small_letters(peer):
    answer = post(f"{peer}/send")
    assert (answer.status, answer.body, answer.headers["x-limit"]) == (200, b'{"ok": true}', "7")
    assert Peer.heard == [("/send", b"hello")]


def test_nobody_is_sent_elsewhere_and_no_answer_is_endless(peer):
    assert post(f"{peer}/elsewhere").status == 302
    assert len(post(f"{peer}/long").body) == 64 * 1024
    assert [path for path, _ in Peer.heard] == ["/elsewhere", "/long"]


def test_a_call_without_an_answer_is_made_once_and_nobody_knows(peer):
    assert (post(f"{peer}/silent").status, post(f"{peer}/silent").code) == (0, "no_answer")
    assert [path for path, _ in Peer.heard] == ["/silent", "/silent"]


def test_what_never_got_there_may_be_tried_again(peer):
    unused = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    unused.server_close()
    assert post(f"http://127.0.0.1:{unused.server_port}/send").status == 503


@pytest.mark.parametrize(
    ("channel", "url"),
    [
        (Channel.TELEGRAM, "https://api.telegram.org.evil.example/x"),
        (Channel.TELEGRAM, "http://api.telegram.org/x"),
        (Channel.PUSH, "http://push.example.org/x"),
    ],
)
def test_an_address_that_is_not_the_channels_is_not_called(channel, url):
    answer = post(url, channel)
    assert (answer.status, answer.code) == (400, "host")


def test_aws_answers_with_what_it_gave_or_with_its_errors_code(cloud):
    calls._client.cache_clear()
    mail = {
        "FromEmailAddress": "portal@example.org",
        "Destination": {"ToAddresses": ["anna@example.org"]},
        "Content": {"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
    }
    refused = calls.make(Channel.EMAIL, AwsCall("sesv2", "send_email", mail))
    assert (refused.status, refused.code) == (400, "MessageRejected")
    aws_client("ses").verify_email_identity(EmailAddress="portal@example.org")
    taken = calls.make(Channel.EMAIL, AwsCall("sesv2", "send_email", mail))
    assert (taken.status, bool(taken.data["MessageId"])) == (200, True)
    calls._client.cache_clear()
