"""The webhook function: what its import costs, and its own time for a notice of each provider, with and without waiting for the emulator."""

import contextlib
import io
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

from tests.load import imports
from tests.load.figures import Figures, median, percentile, table
from tests.load.stand import ORGANISATION, VARIABLES, Stand

IMPORT_AIM: Final = 1.3
TIME_AIM: Final = 50.0
"""Milliseconds, the 99th percentile of the function's own time."""
NOTICES, QUICK_NOTICES, WARM_UP = 1_000, 100, 50
HANDLER: Final = "payments.routes_webhooks.app"
PLAIN: Final = "plain.handler"
PLAIN_CODE: Final = "import boto3\n\n\ndef handler(event, context):\n    return boto3\n"
ROUTE: Final = "/payments/webhooks/{provider}/{organisation_id}"
AMOUNT: Final = 125_000


def measure_import(runs: int) -> Figures:
    """Medians of import times, against a handler with a boto3 client (the ratio of the aim) and against `import boto3` alone."""
    runtime, known = imports.bare_runtime(imports.environment.BUILD), {one.handler: one for one in imports.prepare()}
    folder = imports.SCRATCH / "plain"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plain.py").write_text(PLAIN_CODE)
    bare = known[imports.BARE]
    subjects = (known[HANDLER], bare, imports.Subject(PLAIN, (str(folder), *bare.path[1:])))
    samples: dict[str, list[tuple[float, float]]] = {subject.handler: [] for subject in subjects}
    for _ in range(runs):
        for subject in subjects:
            samples[subject.handler].append(imports.import_once(runtime, subject))
    wall, cpu = ({name: median([pair[index] for pair in pairs]) for name, pairs in samples.items()} for index in (0, 1))
    return {
        "aim": IMPORT_AIM,
        "runs": runs,
        "milliseconds": {name: seconds * 1000 for name, seconds in wall.items()},
        "ratio": wall[HANDLER] / wall[imports.BARE],
        "cpu_ratio": cpu[HANDLER] / cpu[imports.BARE],
        "ratio_to_import_alone": wall[HANDLER] / wall[PLAIN],
    }


def report_import(figures: Figures) -> str:
    spent = figures["milliseconds"]
    verdict = "" if figures["ratio"] <= IMPORT_AIM else "above the aim"
    rows = [
        ("a handler with a boto3 client", spent[imports.BARE], figures["ratio"], figures["cpu_ratio"], verdict),
        ("import boto3 alone", spent[PLAIN], figures["ratio_to_import_alone"], "", "no aim"),
    ]
    title = f"Import of {HANDLER}, {spent[HANDLER]:.0f} ms (medians of {figures['runs']}; aim {IMPORT_AIM})"
    return table(title, ("against", "ms", "ratio", "CPU ratio", ""), rows)


def measure_time(stand: Stand, count: int) -> Figures:
    """Milliseconds of the handler by provider: `own` without what it waits for AWS's answers, `cpu`, and `whole` with all."""
    from payments.providers import NAMES

    _set_up(stand)
    found: Figures = {}
    for name in NAMES:
        events = _events(name, WARM_UP + count)
        with _waited() as waiting:
            timed = [_once(event, waiting) for event in events][WARM_UP:]
        for kind, values in zip(("own", "cpu", "whole"), zip(*timed, strict=True), strict=True):
            found.setdefault(name, {})[kind] = {"p50": percentile(values, 0.5), "p99": percentile(values, 0.99)}
    return {"aim": TIME_AIM, "notices": count, "providers": found}


def report_time(figures: Figures) -> str:
    rows = [
        (
            name,
            *(each[kind][share] for kind in ("own", "cpu", "whole") for share in ("p50", "p99")),
            "" if each["own"]["p99"] < TIME_AIM else "above the aim",
        )
        for name, each in figures["providers"].items()
    ]
    title = f"Webhook handler, ms for each of {figures['notices']} new notices (aim: own p99 below {TIME_AIM:.0f})"
    columns = ("provider", "own p50", "own p99", "CPU p50", "CPU p99", "with AWS p50", "with AWS p99", "")
    return table(title, columns, rows)


@dataclass
class Waiting:
    """What was waited for answers since it was last set to zero."""

    seconds: float = 0.0


@contextlib.contextmanager
def _waited() -> Iterator[Waiting]:
    from botocore.httpsession import URLLib3Session

    send, waiting = URLLib3Session.send, Waiting()

    def timed(session: Any, request: Any) -> Any:
        began = time.perf_counter()
        try:
            return send(session, request)
        finally:
            waiting.seconds += time.perf_counter() - began

    URLLib3Session.send = timed  # type: ignore[method-assign]
    try:
        yield waiting
    finally:
        URLLib3Session.send = send  # type: ignore[method-assign]


def _once(event: dict[str, Any], waiting: Waiting) -> tuple[float, float, float]:
    from payments.routes_webhooks import app

    waiting.seconds = 0.0
    with contextlib.redirect_stdout(io.StringIO()):
        began, cpu = time.perf_counter(), time.process_time()
        answer = app(event, None)
        cpu, whole = time.process_time() - cpu, time.perf_counter() - began
    if answer["statusCode"] >= 300 or "NOTCONFIRMED" in (answer["body"] or ""):
        raise RuntimeError(f"{event['path']}: {answer['statusCode']} {answer['body']}")
    return (whole - waiting.seconds) * 1000, cpu * 1000, whole * 1000


def _set_up(stand: Stand) -> None:
    """All six providers, as an administrator sets them."""
    from payments import app as payments

    from tests.support import call, sign_in
    from tests.unit.payments.providers import samples

    assert stand.token
    os.environ["STAGE"] = "local"
    token = sign_in(ORGANISATION, "per_benchadmin", ("administrator", "organisation", ORGANISATION))
    for name in samples.NAMES:
        account = samples.account(name, samples.KEYS[:1])
        secret = {field.name for field in samples.provider(name).FIELDS if field.secret}
        body = {
            "enabled": True,
            "settings": account.settings,
            "secrets": {key: value for key, value in account.secrets[0].items() if key in secret},
            "version": 0,
        }
        route, path = "/payment-providers/{provider}", {"provider": name}
        status, answer = call(payments.app, "PUT", route, path=path, body=body, token=token)
        assert status == 200, answer


def _events(name: str, count: int) -> list[dict[str, Any]]:
    """Notices that payments of our own were paid, each of another one, as API Gateway hands them over."""
    from payments import store_online

    from shared import clock
    from tests.support import api_event
    from tests.unit.payments.providers import samples

    now, made = clock.stamp(clock.now()), []
    url = f"{VARIABLES['PUBLIC_ORIGIN']}/api/payments/webhooks/{name}/{ORGANISATION}"
    for number in range(count):
        payment_id = f"pay_{name}{number}"
        store_online.new_attempt(
            ORGANISATION, payment_id, "con_bench", person_id="per_bench", provider=name, amount=AMOUNT, fee=0,
            currency=samples.CURRENCY[name], created_at=now, expires_at=now, return_to="/payments/done", state="started",
        ).save()  # fmt: skip
        delivery = _PAID[name](samples, store_online.reference_of(payment_id), number, url)
        path = {"provider": name, "organisation_id": ORGANISATION}
        event = api_event("POST", ROUTE, path=path, body=delivery.body.decode())
        event["headers"] = dict(delivery.headers)
        event["multiValueHeaders"] = {key: [value] for key, value in delivery.headers.items()}
        made.append(event)
    return made


def _stripe(samples: Any, reference: str, number: int, _url: str) -> Any:
    event = samples.stripe_event(event_id=f"evt_{number}", client_reference_id=reference, payment_intent=f"pi_{number}")
    now = datetime.now(UTC)
    return samples.stripe(event, samples.KEYS[0], at=now, now=now)


def _vipps(samples: Any, reference: str, number: int, url: str) -> Any:
    event = samples.vipps_event(reference=reference, name="AUTHORIZED", pspReference=f"psp{number}")
    return samples.vipps(event, url=url, date=format_datetime(datetime.now(UTC), usegmt=True))


def _gocardless(samples: Any, reference: str, number: int, _url: str) -> Any:
    resource = {"links": {"payment": f"PM{number}"}, "resource_metadata": {"order": reference}}
    return samples.gocardless(samples.gc_event(id=f"EV{number}", **resource))


_PAID: Final[dict[str, Callable[[Any, str, int, str], Any]]] = {
    "autopay": lambda samples, ours, number, _: samples.itn(samples.itn_fields(orderID=ours, remoteID=f"R{number:07}")),
    "stripe": _stripe,
    "liqpay": lambda samples, ours, number, _: samples.liqpay(samples.liqpay_data(order_id=ours, payment_id=number)),
    "vipps": _vipps,
    "przelewy24": lambda samples, ours, number, _: samples.p24(samples.p24_data(sessionId=ours, orderId=number)),
    "gocardless": _gocardless,
}
