"""A deployed system as seen by those who use it: the demo loader, the tests, the edge."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import boto3.session
from botocore.config import Config

ROOT_KEY: Final = "test"  # the emulator's fixed root key: of no worth elsewhere, and it listens on loopback only


def operator_client(endpoint_url: str, region: str, service: str) -> Any:
    """A boto3 client of the local cloud with the operator's credentials, whatever the host is configured for."""
    session: Any = boto3.session.Session(aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=region)
    settings = Config(connect_timeout=2, read_timeout=180, retries={"total_max_attempts": 2})
    return session.client(service, endpoint_url=endpoint_url, config=settings)


class InvocationError(RuntimeError):
    """A function that was invoked directly ended with an error."""


@dataclass(frozen=True)
class Deployment:
    """Where a deployed system is and what its parts are called.

    ``outputs`` are those of the root stack; ``resources`` maps logical ids (``Data.StatementsTable`` for one of a nested
    stack) to physical ones. ``api_url`` is the stage itself, without the edge.
    """

    endpoint_url: str
    region: str
    stack: str
    api_url: str
    outputs: dict[str, str]
    resources: dict[str, str]
    inputs: str = ""

    def client(self, service: str) -> Any:
        """A boto3 client with the operator's credentials."""
        return operator_client(self.endpoint_url, self.region, service)

    def invoke(self, function: str, payload: Any) -> Any:
        """Call a function by its logical id or name and return its answer. Raises InvocationError."""
        name = self.resources.get(function, function)
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(payload).encode())
        result = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise InvocationError(f"{function}: {result}")
        return result

    def write(self, path: Path) -> None:
        """Leave it for other processes."""
        path.write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, path: Path) -> Self:
        """What ``write`` left."""
        return cls(**json.loads(path.read_text()))
