"""The whole portal on this machine: site, local cloud, deployment, demo world and edge, in this order."""

import fcntl
import importlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.build import archives, environment, site
from infra.build.deploy import LocalDeployer
from infra.build.deployment import Deployment
from infra.local.console import Console
from infra.local.edge import Edge, Site, security_headers
from infra.local.emulator import REGION, Emulator, is_free
from infra.local.mailbox import ROOT as MAILBOX
from infra.local.mailbox import Mailbox
from infra.local.sandboxes import (
    MESSENGERS,
    PROVIDERS,
    keep_addresses,
    kept_addresses,
    open_messengers,
    open_sandboxes,
)

ROOT: Final = environment.ROOT
DATA: Final = ROOT / ".local"
DEPLOYMENT: Final = "deployment.json"
DEMO_MARK: Final = "demo.json"
PORT_FILE: Final = "port"
LOCK: Final = "lock"
ACCOUNT: Final = "000000000000"
MAIL_DOMAIN: Final = "demo.example"
SMS_SERVICE: Final = "PINPOINT_SMS_VOICE_V2"
"""As boto3 names it in the variable of its address."""
DEMO: Final = "infra.demo"
FORM_TARGETS: Final = {"autopay": "https://*.autopay.eu", "liqpay": "https://*.liqpay.ua"}
"""Providers that payers are taken to by a form, and how the site's policy names them."""


class DemoError(RuntimeError):
    """The demo world could not be loaded."""


class InUseError(RuntimeError):
    """Another process serves the same data."""


@dataclass(frozen=True)
class Options:
    """What may differ between a person's portal and one of the tests."""

    port: int = 8080
    data: Path = DATA
    demo: bool = True
    auth: bool = True
    site: bool = True


class Portal:
    """Starts everything and stops what it started."""

    def __init__(self, options: Options, console: Console) -> None:
        self.options, self.console = options, console
        self.emulator: Emulator
        self.edge: Edge
        self.deployment: Deployment
        self.providers: dict[str, str] = {}
        """Addresses of the sandboxes of the demo organisations' payment providers."""
        self.messengers: dict[str, str] = {}
        """And of their messengers."""
        self._undo: list[Callable[[], None]] = []

    def start(self) -> None:
        """Bring the portal up. On an error stop() has still to be called."""
        self.options.data.mkdir(parents=True, exist_ok=True)
        self._undo.append(lock(self.options.data))
        self.edge = Edge(self.options.port, "", Site(site.DIST)).claim()
        self._undo.append(self.edge.stop)
        if self.options.site:
            self._build_site()
        if self.options.demo:
            self._open_sandboxes()
        self._start_cloud()
        self._open_mailbox()
        self.deploy()
        if self.options.demo:
            self._load_demo()
            demo = demo_world()
            self._connect(PROVIDERS, self.providers, demo.connect_providers)
        self.edge.start()
        if self.options.demo:
            # Messengers call the address that they are told of, so that the portal has to be open.
            self._connect(MESSENGERS, self.messengers, demo.connect_channels)

    def stop(self) -> None:
        """Stop everything that was started, last first."""
        while self._undo:
            self._undo.pop()()

    def deploy(self) -> None:
        """Bring the deployed system up to date with the files."""
        deployer, path = self.deployer(), self.options.data / DEPLOYMENT
        with self.console.step("deploy", "looking at template.yaml") as result:
            last = Deployment.read(path) if path.is_file() else None
            unchanged = deployer.unchanged(last)
            self.deployment = unchanged or deployer.deploy()
            if not unchanged:
                self.emulator.save()
            self.deployment.write(path)
            result.append("unchanged" if unchanged else f"{len(self.deployment.resources)} resources")
        self.edge.api_url = self.deployment.api_url

    def deployer(self) -> LocalDeployer:
        """What deploys into this portal's cloud."""
        values = {
            "Stage": "local",
            "PublicOrigin": self.edge.url,
            "LogRetentionDays": "7",
            "MailIdentityArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{MAIL_DOMAIN}",
            "MailSender": f"portal@{MAIL_DOMAIN}",
        }
        return LocalDeployer(self.emulator.url, REGION, ROOT, environment.BUILD, values)

    def _build_site(self) -> None:
        with self.console.step("site", "building") as result:
            built = site.build_site()
            result.append("built" if built else "up to date")

    def _start_cloud(self) -> None:
        port = self.options.data / PORT_FILE
        known = int(port.read_text()) if port.is_file() else 0
        with self.console.step("cloud", "starting") as result:
            self.emulator = Emulator(
                runtime=archives.bare_runtime(environment.BUILD),
                cache=environment.BUILD / "unpacked-layers",
                data=self.options.data,
                port=known if known and is_free(known) else 0,
                auth=self.options.auth,
                elsewhere={SMS_SERVICE: self.messengers["sms"]} if self.options.demo else {},
            )
            self._undo.append(self.emulator.stop)
            self.emulator.start()
            port.write_text(str(self.emulator.port))
            result.append(self.emulator.url)
        local = {FORM_TARGETS[name]: url for name, url in self.providers.items() if name in FORM_TARGETS}
        headers = security_headers(ROOT / "infra" / "web.yaml", self.emulator.url, local)
        self.edge.site = Site(site.DIST, headers)

    def _open_sandboxes(self) -> None:
        demo = demo_world()
        sandboxes = open_sandboxes(demo.AGREEMENTS, self.edge.url, self.options.data)
        self._undo.append(sandboxes.close)
        messengers = open_messengers(demo.CHANNELS, demo.SIGN_INS, self.edge.url, self.options.data, self._publish)
        self._undo.append(messengers.close)
        self.providers, self.messengers = sandboxes.addresses, messengers.addresses

    def _publish(self, entry: dict[str, Any]) -> None:
        """What the sandbox of SMS says, which is up before the cloud."""
        self.emulator.publish(entry)

    def _connect(self, kind: str, hosts: dict[str, str], connect: Callable[[str, dict[str, str]], None]) -> None:
        """Have the organisations' administrators set the sandboxes up, unless they are where they were."""
        if kept_addresses(self.options.data, kind) == hosts:
            return
        with self.console.step(kind, "connecting") as result:
            try:
                connect(self.deployment.api_url, hosts)
            except demo_world().ApiError as error:
                raise DemoError(f"the sandboxes could not be set up: {error}") from error
            self.emulator.save()
            keep_addresses(self.options.data, kind, hosts)
            result.append(", ".join(hosts))

    def _open_mailbox(self) -> None:
        mailbox = Mailbox(self.emulator.report_mail)
        mailbox.server.start()
        self._undo.append(mailbox.server.close)
        self.edge.mailbox_url = mailbox.url
        # What a deployment's operator has verified once.
        self.deployer().client("sesv2").create_email_identity(EmailIdentity=MAIL_DOMAIN)

    def _load_demo(self) -> None:
        mark = self.options.data / DEMO_MARK
        if mark.is_file():
            self.console.progress("demo", "loaded before")
            return
        with self.console.step("demo", "loading") as result:
            demo = demo_world()
            try:
                demo.load(self.deployment.api_url, self.deployment, lambda text: self.console.progress("demo", text))
            except demo.LoadError as error:
                raise DemoError(f"the demo world could not be loaded: {error}") from error
            self.emulator.save()
            mark.write_text(json.dumps({"loaded": True}))
            result.append("loaded")


def lock(folder: Path) -> Callable[[], None]:
    """Make sure that one process alone serves a folder's data; gives what releases it. Raises InUseError."""
    handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise InUseError(f"the portal is running already on the data in {folder}; stop it first") from error
    return lambda: os.close(handle)


def reset(folder: Path = DATA) -> bool:
    """Forget the data. False when there were none. Raises InUseError while the portal runs."""
    if not folder.is_dir():
        return False
    release = lock(folder)
    try:
        shutil.rmtree(folder)
    finally:
        release()
    return True


def demo_world() -> Any:
    """The demo world, imported only by who needs it."""
    return importlib.import_module(DEMO)


def demo_sign_ins() -> list[tuple[str, str]]:
    """E-mail address and role of the demo people, with their password, as the demo world names them."""
    demo = demo_world()
    people = [(str(email), str(role)) for email, role in demo.SIGN_INS]
    return [*people, ("password of everybody", str(demo.PASSWORD))]


def addresses(portal: Portal) -> list[tuple[str, str]]:
    """What people may want to open."""
    return [
        ("portal", portal.edge.url),
        ("API", f"{portal.edge.url}/api"),
        ("local cloud", f"{portal.emulator.url}  (AWS keys test/test, region {REGION})"),
        ("mail sent", f"{portal.edge.url}{MAILBOX}"),
        ("data", str(portal.options.data.relative_to(ROOT) if portal.options.data == DATA else portal.options.data)),
    ]
