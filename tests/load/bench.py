"""`make bench`: what the portal costs, as tables and as .build/bench.json. Nothing here is asserted: figures depend on the machine.

python -m tests.load.bench [--only import,checks,cpu,capacity,tickets,readings,webhooks,reminders,requests,ready] [--quick]
"""

import argparse
import json
import os
import platform
import sys

from infra.build.environment import BUILD, ROOT
from tests.load import imports
from tests.load.figures import Figures, say

PARTS = ("import", "checks", "cpu", "capacity", "tickets", "readings", "webhooks", "reminders", "requests", "ready")
CORPUS_SEED = 2026
TARGET = BUILD / "bench.json"


def main() -> int:
    if (functions := str(ROOT / "functions")) not in sys.path:
        sys.path.insert(0, functions)
    given = parse()
    wanted = [part.strip() for part in given.only.split(",")]
    if unknown := set(wanted) - set(PARTS):
        sys.stderr.write(f"unknown part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}\n")
        return 2
    figures: Figures = {"machine": {"python": platform.python_version(), "cores": os.cpu_count()}}
    if "import" in wanted:
        figures["import"] = imports.measure(3 if given.quick else imports.RUNS)
        say(imports.report(figures["import"]))
    if "checks" in wanted:
        measure_checks(figures, quick=given.quick)
    if {"cpu", "capacity", "tickets"} & set(wanted):
        measure_handlers(wanted, figures, quick=given.quick)
    if "readings" in wanted:
        measure_readings(figures, quick=given.quick)
    if "webhooks" in wanted:
        measure_webhooks(figures, quick=given.quick)
    if "reminders" in wanted:
        measure_reminders(figures, quick=given.quick)
    if {"requests", "ready"} & set(wanted):
        measure_portal(wanted, figures)
    keep(figures)
    say(f"\nwritten to {TARGET.relative_to(BUILD.parent)}")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load.bench")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to run, with commas: {', '.join(PARTS)}")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="fewer runs, 5,000 entries in place of 50,000, 5,000 tickets in place of 100,000, 2,000 readings in place of 20,000, 5,000 imported in place of 100,000, 100 notices in place of 1,000, 300 people reminded in place of 50,000 (or of LOKUM_REMINDED_PEOPLE), 200 mails in place of 2,000 (or of LOKUM_SENT_REMINDERS)",
    )
    return parser.parse_args()


def measure_checks(figures: Figures, *, quick: bool) -> None:
    """What the checks of meter readings make of a labelled corpus."""
    from tests.load.corpus.generator import corpus
    from tests.load.corpus.report import figures as checked
    from tests.load.corpus.report import report
    from tests.load.corpus.scorer import score

    figures["checks"] = checked(list(score(corpus(CORPUS_SEED, 2_000 if quick else 20_000))))
    say(report(figures["checks"]))


def measure_readings(figures: Figures, *, quick: bool) -> None:
    """The bulk path of readings, and hourly values of remote reading, on an emulator of their own."""
    from tests.load import hourly, readings
    from tests.load.stand import stand

    with stand() as here:
        figures["readings"] = readings.measure(here, readings.QUICK_METERS if quick else readings.METERS)
        say(readings.report(figures["readings"]))
        figures["hourly"] = hourly.measure(here, hourly.QUICK_METERS if quick else hourly.METERS)
        say(hourly.report(figures["hourly"]))


def measure_webhooks(figures: Figures, *, quick: bool) -> None:
    """The import of the webhook function, and its time for notices of all providers, on an emulator of its own."""
    from tests.load import webhooks
    from tests.load.stand import stand

    found = webhooks.measure_import(3 if quick else imports.RUNS)
    say(webhooks.report_import(found))
    with stand() as here:
        timed = webhooks.measure_time(here, webhooks.QUICK_NOTICES if quick else webhooks.NOTICES)
        say(webhooks.report_time(timed))
    figures["webhooks"] = {"import": found, "time": timed}


def measure_reminders(figures: Figures, *, quick: bool) -> None:
    """What a reminder costs, many people due on one day while runs are killed, and how fast mails arrive, on an emulator of their own."""
    from tests.load import reminders, sending
    from tests.load.stand import stand

    with stand() as here:
        figures["reminders"] = reminders.measure(here, reminders.QUICK_PEOPLE if quick else reminders.PEOPLE)
        say(reminders.report(figures["reminders"]))
        figures["sending"] = sending.measure(here, sending.QUICK_PEOPLE if quick else sending.PEOPLE)
        say(sending.report(figures["sending"]))


def measure_handlers(wanted: list[str], figures: Figures, *, quick: bool) -> None:
    """CPU and capacity of the ledger's routes and of those of tickets, on an emulator of their own."""
    from tests.load import handlers, tickets
    from tests.load.stand import stand

    sizes = (handlers.SIZES[0], handlers.SIZES[1], 5_000 if quick else handlers.SIZES[2])
    with stand() as here:
        if {"cpu", "capacity"} & set(wanted):
            handlers.seed(sizes if "capacity" in wanted else (handlers.CPU_SIZE,))
        if "cpu" in wanted:
            figures["cpu"] = handlers.measure_cpu(here)
            say(handlers.report_cpu(figures["cpu"]))
        if "capacity" in wanted:
            figures["capacity"] = handlers.measure_capacity(here, sizes)
            say(handlers.report_capacity(figures["capacity"]))
        if "tickets" in wanted:
            figures["tickets"] = tickets.measure(here, tickets.QUICK_SIZES if quick else tickets.SIZES)
            say(tickets.report(figures["tickets"]))


def measure_portal(wanted: list[str], figures: Figures) -> None:
    """Start and load of the whole portal."""
    from tests.load import portal

    with portal.portal() as (world, ready):
        if "ready" in wanted:
            figures["ready"] = ready
            say(portal.report_ready(ready))
        if "requests" in wanted:
            figures["requests"] = portal.measure_requests(world)
            say(portal.report_requests(figures["requests"]))


def keep(figures: Figures) -> None:
    """Write the parts that ran beside those of earlier runs."""
    old = json.loads(TARGET.read_text()) if TARGET.is_file() else {}
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({**old, **figures}, indent=1))


if __name__ == "__main__":
    sys.exit(main())
