"""What unit tests of services stand on: DynamoDB, S3 and secrets by moto, in-process. Single-threaded only: moto loses updates under threads."""

import socket

import boto3
import pytest
from moto import mock_aws

from shared import access, secret
from tests.support import CONTEXT_TABLES, create_table


@pytest.fixture
def cloud():
    """The tables of all contexts, the uploads bucket and the signing secret, empty."""
    with mock_aws():
        access.forget_profiles()
        secret.deployment_secret.cache_clear()
        client = boto3.client("dynamodb")
        for name in CONTEXT_TABLES:
            create_table(client, name)
        boto3.client("s3").create_bucket(
            Bucket="lokum-test-uploads", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        boto3.client("secretsmanager").create_secret(Name="lokum-test-signing", SecretString="s3cret-for-tests")
        yield boto3.Session()


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing outside this machine is ever called: a client that escaped moto fails here, not at somebody's server."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            msg = f"a unit test calls {address!r}"
            raise RuntimeError(msg)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
