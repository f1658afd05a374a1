"""The delivery of webhooks: repeats, lines, what is held, late, lost or needless; ids that a seed decides."""

import threading
from datetime import UTC, datetime

import pytest

from infra.local.providers.book import CAPITALS, Ids, decimal_text, minor_units
from infra.local.providers.config import REAL, SandboxConfig, Switches
from infra.local.providers.courier import Courier, Message
from infra.local.providers.post import Answer, Outgoing, post


class Shop:
    """Answers what it is told to, and remembers what came."""

    def __init__(self, *statuses):
        self.statuses, self.came, self.lock = list(statuses), [], threading.Lock()

    def __call__(self, url, outgoing):
        with self.lock:
            self.came.append((url, outgoing.body))
            return Answer(self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
def courier():
    running = []

    def make(shop, schedule=(0.01,) * 5):
        running.append(Courier(schedule, shop, lambda: datetime.now(UTC), workers=3, seed="x"))
        return running[-1]

    yield make
    for one in running:
        one.close()


def message(name, **more):
    return Message("m", "r", name, "u", lambda attempt: Outgoing(f"{name}{attempt}".encode(), {}), **more)


def bodies(shop):
    return [body.decode() for _, body in shop.came]


def test_repeats_until_taken_and_gives_up(courier):
    shop = Shop(500, 302, 404)
    sender = courier(shop)
    taken = message("a")
    sender.send(taken, Switches())
    assert sender.idle()
    assert bodies(shop) == ["a1", "a2", "a3", "a4"]
    assert [attempt.accepted for attempt in taken.attempts] == [False, False, False, True]
    shop.statuses = [500] * 100
    given_up = message("b")
    sender.send(given_up, Switches())
    assert sender.idle()
    assert (given_up.state, len(given_up.attempts)) == ("given_up", 6)
    assert sender.again(given_up.number)
    assert sender.idle()
    assert len(given_up.attempts) == 7
    assert not sender.again(99)


def test_a_line_waits_for_the_one_before(courier):
    shop = Shop(500, 500)
    sender = courier(shop)
    for name in "abc":
        sender.send(message(name, line="p"), Switches())
    assert sender.idle()
    assert bodies(shop) == ["a1", "a2", "a3", "b1", "c1"]


def test_held_released_in_reverse_lost_and_tampered(courier):
    shop = Shop()
    sender = courier(shop)
    for name in "abc":
        sender.send(message(name, line="p"), Switches(held=True))
    assert sender.idle()
    assert bodies(shop) == []
    assert sender.release("another") == 0
    assert sender.release("r", reverse=True) == 3
    assert sender.idle()
    assert bodies(shop) == ["c1", "b1", "a1"]
    shop.came.clear()
    lost = message("d")
    sender.send(lost, Switches(lost=2, tampered=True))
    assert sender.idle()
    forged, real = bodies(shop)
    assert (real, len(forged)) == ("d3", 2)
    assert forged != "d1"
    assert [attempt.problem for attempt in lost.attempts] == ["", "lost on the way", "lost on the way", ""]


def test_copies_and_needless_ones(courier):
    shop = Shop()
    sender = courier(shop)
    sender.send(message("a"), Switches(copies=4, jitter=0.01))
    sender.send(message("n", wanted=lambda: False), Switches())
    asked = threading.Event()
    slow = message("s", accepts=lambda _answer: asked.set() is not None)
    sender.send(slow, Switches())
    assert asked.wait(5)
    sender.drop("r", "s")
    assert sender.idle()
    assert [body for body in bodies(shop) if body.startswith("a")] == ["a1", "a2", "a3", "a4"]
    assert "n1" not in bodies(shop)
    assert slow.state == "delivered"


def test_late(courier):
    shop = Shop()
    sender = courier(shop)
    sender.send(message("late"), Switches(delay=0.05))
    sender.send(message("early"), Switches())
    assert sender.idle()
    assert bodies(shop) == ["early1", "late1"]


def test_never_to_another_machine():
    for url in ("https://example.com/x", "http://example.com/x", "http://10.0.0.1/x", "https://127.0.0.1/x"):
        assert post(url, Outgoing(b"", {})).problem == "the sandbox calls only this machine"


def test_ids_follow_from_the_seed():
    assert Ids("a").make(CAPITALS, 8, "x", 1) == Ids("a").make(CAPITALS, 8, "x", 1)
    made = {Ids(seed).make(CAPITALS, 8, "x", n) for seed in "ab" for n in range(500)}
    assert len(made) == 1000
    assert all(10**11 <= Ids("a").number(12, n) < 10**12 for n in range(200))


@pytest.mark.parametrize(("text", "minor"), [("1250.35", 125035), ("10", 1000), ("0.1", 10), ("1250.0", 125000)])
def test_amounts(text, minor):
    assert minor_units(text) == minor
    assert minor_units(decimal_text(minor)) == minor


@pytest.mark.parametrize("text", ["", "x", "1.005", "-1", "NaN", "1e20", "Infinity"])
def test_no_amounts(text):
    with pytest.raises(ValueError):
        minor_units(text)


def test_schedules():
    minutes = [pause / 60 for pause in REAL["przelewy24"]]
    assert minutes == [3, 5, 15, 30, 60, 150, 450]
    assert len(REAL["gocardless"]) == 8
    assert sum(REAL["vipps"]) <= 7 * 86400
    assert sum(REAL["stripe"]) <= 3 * 86400
    config = SandboxConfig((), time_scale=0.001, schedules={"liqpay": (5.0,)})
    assert config.schedule("liqpay") == (0.005,)
    assert config.schedule("przelewy24")[0] == pytest.approx(0.18)
