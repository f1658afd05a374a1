"""A stand for measuring handlers in this process: an emulator in a process of its own, empty tables, one organisation."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from infra.build.environment import ROOT

ORGANISATION = "org_bench"
STAFF = "per_benchstaff"
VARIABLES = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "ACCESS_TABLE": "access",
    "REGISTRY_TABLE": "registry",
    "STATEMENTS_TABLE": "statements",
    "PAYMENTS_TABLE": "payments",
    "TICKETS_TABLE": "tickets",
    "METERS_TABLE": "meters",
    "NOTIFICATIONS_TABLE": "notifications",
    "EVENT_BUS": "bench",
    "UPLOADS_BUCKET": "bench-uploads",
    "SIGNING_SECRET": "bench-signing",
    "PUBLIC_ORIGIN": "https://portal.example",
    "STAGE": "local",
}


@dataclass(frozen=True)
class Stand:
    """A raw client for looking on, and the session token of a member of staff."""

    dynamodb: Any
    token: str


@contextmanager
def emulator(module: str = "infra.local.emulator") -> Iterator[str]:
    """The address of an emulator alone, which enforces no policies and keeps nothing; it stops at the end."""
    command = [sys.executable, "-m", module, "--no-auth"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, "the emulator did not start"
            yield url
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def stand() -> Iterator[Stand]:
    """Start it; stops the emulator at the end. Sets this process's environment, so call it before importing a context."""
    with emulator("tests.load.ordered") as url:
        os.environ.update(VARIABLES, AWS_ENDPOINT_URL=url)
        yield _furnished(url)


def _furnished(url: str) -> Stand:
    import boto3
    from botocore.config import Config

    from shared.tables import connection
    from tests import support

    # Lambda's own limit is 5 s; the emulator looks through a whole partition for a query, which takes longer at 50,000 items.
    connection()._read_timeout_seconds = 120
    dynamodb = boto3.client("dynamodb", endpoint_url=url, config=Config(read_timeout=120))
    for name in support.CONTEXT_TABLES:
        support.create_table(dynamodb, name)
    boto3.client("secretsmanager", endpoint_url=url).create_secret(Name="bench-signing", SecretString="bench")
    policy = json.loads((ROOT / "infra" / "jurisdictions" / "pl" / "allocation.json").read_text())
    support.put_organisation(support.profile(ORGANISATION, allocation_policy=policy))
    token = support.sign_in(ORGANISATION, STAFF, ("staff", "organisation", ORGANISATION))
    return Stand(dynamodb, token)
