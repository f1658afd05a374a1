"""Mails per second as the channel gets them: reminders at a pace far above e-mail's limit, delivered by four workers of which two are killed.

The events of the table's stream go to a queue, the workers take them from there in batches, and a clock says each minute what waits, as in
the cloud. One worker is killed (SIGKILL) at any moment, another while its mail has arrived and is not answered; others take their places.
What they held comes again after the queue's visibility timeout. A stand-in for SES notes when each mail arrives; it refuses none.
"""

import itertools
import json
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple

from tests.load import deliverers
from tests.load.figures import Figures, say, table
from tests.load.reminders import furnish, person_id_of
from tests.load.stand import Stand

PEOPLE: Final = int(os.environ.get("LOKUM_SENT_REMINDERS", "2000"))
QUICK_PEOPLE: Final = 200
ORGANISATION: Final = "org_sending"
PACE: Final = 100
"""Reminders that are handed over in a second: the most that may be set."""
VISIBLE_AGAIN: Final = 30
"""Seconds; the deployment's 120 would only make the end later."""
MAILBOX: Final = "portal@example.org"
_SENDER: Final = re.compile(r"\bapp/(\d+)")
"""The process that calls, in its User-Agent."""
_LOOK: Final = 15
"""Seconds between two looks at what is left to do."""
_LONGEST: Final = 30 * 60
"""Seconds until it is given up."""
_SEED: Final = 2026


class Mail(NamedTuple):
    """When it arrived, in seconds since 1970, and for whom."""

    at: float
    person_id: str


class Post(ThreadingHTTPServer):
    """A stand-in for SES. `on_mail` is told the number of each mail and its sender's process, before the mail is answered."""

    daemon_threads = True

    def __init__(self, on_mail: Callable[[int, int], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.mails: list[Mail] = []
        self.on_mail, self._lock = on_mail, threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def take(self, mail: Mail, sender: int) -> None:
        with self._lock:
            self.mails.append(mail)
            number = len(self.mails)
        self.on_mail(number, sender)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever is killed hears no answer; all else is an error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Post

    def do_POST(self) -> None:
        at = time.time()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        (to,) = asked["Destination"]["ToAddresses"]
        sender = _SENDER.search(self.headers["User-Agent"])
        assert sender, self.headers["User-Agent"]
        self.server.take(Mail(at, to.partition("@")[0]), int(sender[1]))
        body = json.dumps({"MessageId": f"mail-{to}-{at}"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Nobody reads it."""


def measure(stand: Stand, people: int = PEOPLE) -> Figures:
    """What arrived, how fast, and what became of those whose worker was killed. It takes the table of notifications for itself."""
    queue = _ready(stand, people)
    chance, over = random.Random(_SEED), threading.Event()
    at_any_moment, unheard = sorted(chance.sample(range(people // 10, people * 3 // 4), 2))

    def on_mail(number: int, sender: int) -> None:
        if number == at_any_moment:
            threading.Timer(chance.uniform(0, 2), staff.kill_any, [chance]).start()
        elif number == unheard:
            staff.kill(sender)

    with Post(on_mail) as post:
        os.environ["AWS_ENDPOINT_URL_SESV2"] = post.url
        staff = deliverers.Staff(queue)
        relaying = threading.Thread(target=deliverers.relay, args=(queue, over))
        relaying.start()
        try:
            states = _wait(stand, staff, post, queue, people)
        finally:
            staff.dismiss()
            over.set()
            relaying.join()
    assert staff.killed == 2
    return _figures(people, post.mails, states)


def report(figures: Figures) -> str:
    names = (
        "mails",
        "doubles",
        "forgotten",
        "unsure",
        "most_in_a_second",
        "most_in_any_second",
        "per_second",
        "seconds",
    )
    columns = ("mails", "twice", "forgotten", "unsure", "most / s", "most / any 1 s", "mean / s", "s")
    title = f"Reminders to {figures['people']:,} people as SES gets them ({deliverers.WORKERS} workers, 2 killed; SES takes 14 / s)"
    rows = table(title, columns, [[figures[name] for name in names]])
    unsure = (f"  {who}: {n} mail arrived" for who, n in figures["arrived_of_unsure"].items())
    return "\n".join([rows, *unsure])


def _figures(people: int, mails: list[Mail], states: dict[str, set[str]]) -> Figures:
    arrived = Counter(mail.person_id for mail in mails)
    unsure = [person_id for person_id, found in states.items() if "unsure" in found]
    everybody = {person_id_of(number) for number in range(people)}
    times = sorted(mail.at for mail in mails)
    seconds = times[-1] - times[0]
    return {
        "people": people,
        "mails": len(mails),
        "doubles": sum(count - 1 for count in arrived.values()),
        "forgotten": len(everybody - arrived.keys() - set(unsure)),
        "unsure": len(unsure),
        "arrived_of_unsure": {person_id: arrived[person_id] for person_id in unsure},
        "most_in_a_second": max(Counter(map(int, times)).values()),
        "most_in_any_second": most_within(times, 1.0),
        "per_second": len(times) / seconds,
        "seconds": seconds,
    }


def most_within(times: list[float], seconds: float) -> int:
    """The most of these instants, which are in order, that lie in any stretch so long."""
    first, most = 0, 0
    for count, at in enumerate(times, 1):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, count - first)
    return most


# ------------------------------------------------------------------ what stands before, and when it is over
def _ready(stand: Stand, people: int) -> str:
    """A table with a stream, a queue, and people with addresses who all owe something in a week; the queue's address."""
    import boto3

    from shared import clock
    from shared.people import PersonItem
    from tests.support import create_table, daytime_zone

    os.environ["MAIL_SENDER"] = MAILBOX
    stand.dynamodb.delete_table(TableName=deliverers.TABLE)
    create_table(stand.dynamodb, deliverers.TABLE)
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    stand.dynamodb.update_table(TableName=deliverers.TABLE, StreamSpecification=stream)
    zone = daytime_zone()
    furnish(ORGANISATION, people, per_second=PACE, due=clock.today(zone) + timedelta(days=7), time_zone=zone)
    with PersonItem.batch_write() as cards:
        for person_id in map(person_id_of, range(people)):
            named = {"first_name": "Anna", "last_name": "Nowak", "company": "", "phone": "", "locale": "pl"}
            pk = f"ORG#{ORGANISATION}#PERSON#{person_id}"
            cards.save(PersonItem(pk, "PERSON", person_id=person_id, email=f"{person_id}@example.org", **named))
    attributes = {"VisibilityTimeout": str(VISIBLE_AGAIN)}
    return str(boto3.client("sqs").create_queue(QueueName="notifications", Attributes=attributes)["QueueUrl"])


def _wait(stand: Stand, staff: deliverers.Staff, post: Post, queue: str, people: int) -> dict[str, set[str]]:
    """Until nothing is left to do: the states that are in each person's log."""
    began, known = time.monotonic(), -1
    for second in itertools.count(1):
        time.sleep(1)
        staff.fill_up()
        if second % _LOOK:
            continue
        say(f"  {len(post.mails):,} of {people:,} mails")
        if known == len(post.mails) and (states := _settled(stand, queue, people)) is not None:
            return states
        known = len(post.mails)
        assert time.monotonic() - began < _LONGEST, "it does not come to an end"
    raise AssertionError


def _settled(stand: Stand, queue: str, people: int) -> dict[str, set[str]] | None:
    """The states in each person's log, once the queue is empty and nobody waits."""
    import boto3

    depths = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=list(depths))["Attributes"]
    if any(int(found[name]) for name in depths):
        return None
    states: dict[str, set[str]] = {}
    for page in stand.dynamodb.get_paginator("scan").paginate(TableName=deliverers.TABLE):
        for item in page["Items"]:
            if item["pk"]["S"].startswith("DUE#"):
                return None
            if item["sk"]["S"].startswith("NOTICE#"):
                tries = json.loads(item["deliveries"]["S"])
                states[item["person_id"]["S"]] = {one["state"] for one in tries}
    return states if len(states) == people else None
