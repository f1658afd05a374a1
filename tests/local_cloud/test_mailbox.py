"""The mails of the local cloud as pages, on the edge of `make run` and on no other."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.build.environment import ROOT
from infra.build.package import read_template, resources_of
from infra.local.edge import Edge, Site
from infra.local.mailbox import Mailbox
from infra.local.patches import mails

UNSUBSCRIBE = "http://127.0.0.1:8080/api/unsubscribe/token"
SENDER = "portal@demo.example"


def mail(number: int, **changes: object) -> dict[str, object]:
    known: dict[str, object] = {
        "MessageId": f"0000-{number}@email.amazonses.com",
        "Source": f"=?utf-8?q?Zarz=C4=85d?= <{SENDER}>",
        "To": [f"Anna <reader{number}@demo.example>"],
        "Subject": f"Letter {number} <b>",
        "BodyText": "Look: http://127.0.0.1:8080/payments/1?a=1&b=2 & more",
        "BodyHtml": "<p>Look</p><script>top.location = '/'</script>",
        "Timestamp": 1_800_000_000.0 + number,
        "Headers": [
            ("List-Unsubscribe", f"<{UNSUBSCRIBE}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ],
    }
    return {**known, **changes}


@pytest.fixture
def reports() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch, reports: list[tuple[str, str]]) -> Iterator[Mailbox]:
    sent = [mail(2), mail(1, BodyHtml="", Headers=[])]
    monkeypatch.setattr(mails, "sent", lambda: sent)
    mails.bouncing.clear()
    running = Mailbox(lambda one, kind: reports.append((one["MessageId"], kind)))
    running.server.start()
    yield running
    running.server.close()
    mails.bouncing.clear()


@pytest.fixture
def client(mailbox: Mailbox, tmp_path: Path) -> Iterator[httpx.Client]:
    """Through the edge, as people come."""
    edge = Edge(0, "http://127.0.0.1:9/nowhere", Site(tmp_path), mailbox_url=mailbox.url).start()
    with httpx.Client(base_url=edge.url, timeout=30, trust_env=False) as client:
        yield client
    edge.stop()


def test_all_mails_newest_first(client: httpx.Client) -> None:
    page = client.get("/dev/mailbox")
    assert page.status_code == 200
    assert page.text.index("Letter 2 &lt;b&gt;") < page.text.index("Letter 1 &lt;b&gt;")
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Letter 2" not in client.get("/dev/mailbox?to=reader1@demo.example").text
    assert client.get("/dev/mailbox/style.css").headers["content-type"].startswith("text/css")


def test_a_mail_as_html_as_text_and_its_headers(client: httpx.Client) -> None:
    page = client.get("/dev/mailbox/0000-2").text
    assert '<iframe sandbox title="The mail as HTML" src="/dev/mailbox/0000-2/html">' in page
    assert '<a href="http://127.0.0.1:8080/payments/1?a=1&amp;b=2">' in page
    assert f"<dt>List-Unsubscribe</dt><dd>&lt;{UNSUBSCRIBE}&gt;</dd>" in page
    assert f"<dt>From</dt><dd>Zarząd &lt;{SENDER}&gt;</dd>" in page
    assert "<script>" not in page
    html = client.get("/dev/mailbox/0000-2/html")
    assert html.text.startswith("<p>Look</p>")
    assert html.headers["content-security-policy"].endswith("; sandbox")
    assert "iframe" not in client.get("/dev/mailbox/0000-1").text, "one without HTML"
    assert client.get("/dev/mailbox/0000-3").status_code == 404


def test_one_click_is_what_the_headers_say(client: httpx.Client) -> None:
    page = client.get("/dev/mailbox/0000-2").text
    assert (
        f'<form method="post" action="{UNSUBSCRIBE}"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
        in page
    )
    assert "Unsubscribe with one click" not in client.get("/dev/mailbox/0000-1").text


def test_what_a_reader_and_his_post_office_do(client: httpx.Client, reports: list[tuple[str, str]]) -> None:
    assert client.post("/dev/mailbox/0000-2/complain").status_code == 303
    assert reports == [("0000-2@email.amazonses.com", "complaint")]
    client.post("/dev/mailbox/0000-2/bounce")
    assert mails.bouncing == {"reader2@demo.example"}
    assert "Let mails to this address arrive again" in client.get("/dev/mailbox/0000-2").text
    client.post("/dev/mailbox/0000-2/receive")
    assert mails.bouncing == set()
    assert client.post("/dev/mailbox/0000-2/eat").status_code == 404


def test_an_edge_without_a_mailbox_has_no_such_page(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("shell")
    edge = Edge(0, "http://127.0.0.1:9/nowhere", Site(tmp_path)).start()
    try:
        for path in ("/dev/mailbox", "/dev/mailbox/0000-2/html"):
            assert httpx.get(edge.url + path, trust_env=False).text == "shell"
    finally:
        edge.stop()


def test_no_deployed_edge_has_it() -> None:
    """CloudFront sends `/api/*` to the API and all else to the bucket of the site; neither has anything under /dev."""
    [(_, web)] = resources_of(read_template(ROOT / "infra" / "web.yaml"), "AWS::CloudFront::Distribution")
    config = web["DistributionConfig"]
    assert [one["PathPattern"] for one in config["CacheBehaviors"]] == ["/api/*"]
    paths = {
        event["Properties"]["Path"]
        for _, function in resources_of(read_template(ROOT / "template.yaml"), "AWS::Serverless::Function")
        for event in function.get("Events", {}).values()
        if event["Type"] == "Api"
    }
    assert "/notifications" in paths
    assert not [path for path in paths if path.startswith("/dev")]
    assert "mailbox" not in (ROOT / "infra" / "web.yaml").read_text()


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """The emulator's SES in this process, mended for one test; gives the events that it puts."""
    from ministack.core import iam_actions
    from ministack.services import eventbridge, ses_v2

    events: list[dict] = []
    monkeypatch.setattr(ses_v2, "handle_request", ses_v2.handle_request)
    monkeypatch.setattr(iam_actions, "_ses_v2_resource_arn", iam_actions._ses_v2_resource_arn)
    monkeypatch.setattr(eventbridge, "_put_events", lambda data, **_: events.extend(data["Entries"]))
    mails.keep_what_was_sent()
    return events


def letter(to: str, tag: str = "ntc_1", sender: str = f"Lipowa <{SENDER}>") -> bytes:
    simple = {
        "Subject": {"Data": "A letter"},
        "Body": {"Text": {"Data": "text"}},
        "Headers": [{"Name": "List-Unsubscribe", "Value": f"<{UNSUBSCRIBE}>"}],
    }
    tags = [{"Name": "reference", "Value": tag}]
    head = {"FromEmailAddress": sender, "Destination": {"ToAddresses": [to]}, "EmailTags": tags}
    return json.dumps({**head, "Content": {"Simple": simple}}).encode()


def test_headers_and_tags_are_kept_and_the_fate_is_told(patched: list[dict]) -> None:
    from ministack.core import iam_actions
    from ministack.services import ses_v2

    def call(path: str, body: bytes) -> int:
        status: int = asyncio.run(ses_v2.handle_request("POST", path, {}, body, {}))[0]
        return status

    assert call(mails.SENDING, letter("a@demo.example")) == 400, "nobody has verified the sender"
    assert patched == []
    assert call("/v2/email/identities", json.dumps({"EmailIdentity": "demo.example"}).encode()) == 200
    assert call(mails.SENDING, letter("a@demo.example")) == 200
    newest = mails.sent()[0]
    assert newest["Headers"] == [("List-Unsubscribe", f"<{UNSUBSCRIBE}>")]
    mails.bouncing.add("b@demo.example")
    assert call(mails.SENDING, letter("B <B@demo.example>")) == 200
    mails.bouncing.clear()
    assert call(mails.SENDING, letter("complaint@simulator.amazonses.com")) == 200
    told = [(one["DetailType"], json.loads(one["Detail"])["mail"]["tags"]) for one in patched]
    tags = {"reference": ["ntc_1"]}
    names = ["Email Delivered", "Email Bounced", "Email Delivered", "Email Complaint Received"]
    assert told == [(name, tags) for name in names]
    arn = iam_actions._ses_v2_resource_arn("POST", mails.SENDING, letter("a@demo.example"), "eu-central-1", "0")
    assert arn == "arn:aws:ses:eu-central-1:0:identity/demo.example"


@pytest.mark.parametrize(
    "given",
    [
        {"tag": "org_1.ntc_1"},
        {"tag": "a" * 257},
        {"tag": "ntc ą"},
        {"sender": f"Łąka <{SENDER}>"},
        {"sender": "łąka@demo.example"},
        {"sender": "portal@łąka.example"},
        {"to": "łąka@demo.example"},
    ],
)
def test_what_ses_takes_in_no_mail_is_refused_here_too(patched: list[dict], given: dict[str, str]) -> None:
    from ministack.services import ses_v2

    body = json.dumps({"EmailIdentity": "demo.example"}).encode()
    asyncio.run(ses_v2.handle_request("POST", "/v2/email/identities", {}, body, {}))
    status, headers, _ = asyncio.run(
        ses_v2.handle_request("POST", mails.SENDING, {}, letter(**{"to": "a@demo.example", **given}), {})
    )
    assert (status, headers["x-amzn-errortype"]) == (400, "BadRequestException")
    assert patched == []
