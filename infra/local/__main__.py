"""``python -m infra.local run | dev | reset``."""

import argparse
import signal
import sys
import threading
import time
from pathlib import Path

from infra.build.deploy import DeploymentError
from infra.build.site import SiteError
from infra.local.console import Console
from infra.local.edge import PortTakenError
from infra.local.patches.parts import WrongEmulatorError
from infra.local.portal import DATA, DemoError, InUseError, Options, Portal, addresses, demo_sign_ins, reset

TROUBLES = (DemoError, DeploymentError, InUseError, PortTakenError, SiteError, WrongEmulatorError)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.local")
    parser.add_argument("command", choices=("run", "dev", "reset"))
    parser.add_argument("--port", type=int, default=8080, help="of the portal; 0: a free one")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the data")
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo world")
    parser.add_argument("--no-site", action="store_true", help="do not build the site")
    return parser.parse_args()


def main() -> int:
    """Run a command."""
    given, console = parse(), Console()
    try:
        if given.command == "reset":
            console.line("the local data are gone" if reset(given.data) else "there were no local data")
            return 0
        return serve(given, console)
    except TROUBLES as trouble:
        console.line(f"error: {trouble}")
        return 1


def serve(given: argparse.Namespace, console: Console) -> int:
    """Serve the portal until a signal comes."""
    stop, began = threading.Event(), time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupt(stop))
    options = Options(
        port=given.port,
        data=given.data.resolve(),
        demo=not given.no_demo,
        site=given.command == "run" and not given.no_site,
    )
    portal = Portal(options, console)
    try:
        portal.start()
        console.table("addresses", addresses(portal))
        if options.demo:
            inspected = [(name, f"{url}/_sandbox/payments") for name, url in sorted(portal.providers.items())]
            console.table("sandboxes of the payment providers", inspected)
            console.table("sandboxes of the messengers", sorted(portal.messengers.items()))
            console.table("demo sign-ins", demo_sign_ins())
        console.line()
        console.line(f"up in {time.monotonic() - began:.1f} s")
        console.line(f"ready {portal.edge.url}")
        wait(given.command, portal, stop)
    except KeyboardInterrupt:
        console.line("interrupted")
    finally:
        stop.set()
        console.line("stopping")
        portal.stop()
    return 0


def interrupt(stop: threading.Event) -> None:
    """First signal: end in order; while starting, at once."""
    if not stop.is_set():
        stop.set()
        raise KeyboardInterrupt


def wait(command: str, portal: Portal, stop: threading.Event) -> None:
    """Until the end, watching the files in development."""
    if command == "dev":
        from infra.local.dev import watch

        watch(portal, stop)
    while not stop.wait(3600):
        pass


if __name__ == "__main__":
    sys.exit(main())
