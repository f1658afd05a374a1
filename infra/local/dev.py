"""Hot reload: a changed function is in the local cloud within a second, the site comes from Vite's development server."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from watchfiles import watch as watch_files

from infra.build.archives import function_archive
from infra.build.deploy import DeploymentError
from infra.build.environment import ROOT
from infra.build.package import FUNCTION, read_template, resources_of
from infra.build.site import WEB, node_environment
from infra.local.emulator import LOOPBACK, free_port
from infra.local.portal import Portal

WATCHED: Final = ("functions", "shared", "infra", "layers", "template.yaml")
STEP_MILLISECONDS: Final = 200


def watch(portal: Portal, stop: threading.Event) -> None:
    """Serve until ``stop``, bringing changes in as they are saved."""
    server = start_site_server(portal)
    try:
        places = [ROOT / name for name in WATCHED]
        portal.console.line("watching functions, shared, templates and the site")
        for changes in watch_files(*places, stop_event=stop, step=STEP_MILLISECONDS, raise_interrupt=False):
            bring_in(portal, [Path(path) for _kind, path in changes])
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # npm does not pass it on to Vite
        server.wait(10)


def start_site_server(portal: Portal) -> subprocess.Popen[bytes]:
    """Vite on a port of its own, behind the edge."""
    port = free_port()
    tool = [str(Path(sys.executable).parent / "npm"), "run", "--silent", "dev", "--"]
    environment = {**node_environment(), "LOKUM_API": portal.edge.url}
    command = [*tool, "--port", str(port), "--strictPort", "--host", LOOPBACK, "--logLevel", "warn"]
    server = subprocess.Popen(command, cwd=WEB, env=environment, start_new_session=True)
    portal.edge.site_url = f"http://{LOOPBACK}:{port}"
    return server


def changed_contexts(paths: Iterable[Path]) -> set[str] | None:
    """Contexts whose code alone changed; None when something else did, so that everything is deployed anew."""
    contexts = set()
    for path in paths:
        parts = path.relative_to(ROOT).parts
        if parts[0] != "functions":
            return None
        contexts.add(parts[1])
    return contexts


def bring_in(portal: Portal, paths: list[Path]) -> None:
    """Put changed files into the running cloud."""
    relevant = [path for path in paths if "__pycache__" not in path.parts and path.suffix in {".py", ".yaml", ".txt"}]
    relevant = [
        path for path in relevant if path.relative_to(ROOT).parts[:2] not in {("infra", "local"), ("infra", "build")}
    ]
    if not relevant:
        return
    began, contexts = time.monotonic(), changed_contexts(relevant)
    names = ", ".join(sorted({os.path.relpath(path, ROOT) for path in relevant})[:4])
    try:
        if contexts is None:
            portal.deploy()
        else:
            update_functions(portal, contexts)
    except (DeploymentError, FileNotFoundError, ValueError) as error:
        portal.console.line(f"{names}: {error}")
    else:
        portal.console.line(f"{names}: in the cloud after {time.monotonic() - began:.1f} s")


def update_functions(portal: Portal, contexts: set[str]) -> None:
    """Give the functions of some contexts the code that is in their folders now."""
    functions = portal.deployment.client("lambda")
    for name, properties in resources_of(read_template(ROOT / "template.yaml"), FUNCTION):
        context = properties["Handler"].split(".", maxsplit=1)[0]
        if context in contexts and name in portal.deployment.resources:
            body = function_archive(ROOT / "functions", context)
            functions.update_function_code(FunctionName=portal.deployment.resources[name], ZipFile=body)
