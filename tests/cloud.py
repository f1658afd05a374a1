"""What unit tests of services stand on: DynamoDB, S3 and secrets by moto, in-process. Single-threaded only: moto loses updates under threads."""

import copy
import socket
from functools import cache

import boto3
import pytest
from moto import mock_aws
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

from shared import access, secret
from tests.support import CONTEXT_TABLES, create_table

aws_client = cache(boto3.client)
"""One of each kind for all tests: making one takes longer than most tests do."""


def keep_items(table, _memo):
    """A backup of a table that keeps its items as they are, because nobody changes them in place (see `update_a_copy`)."""
    kept = copy.copy(table)
    kept.items = copy.copy(table.items)
    for key, items in table.items.items():
        kept.items[key] = copy.copy(items)
    return kept


def update_a_copy(update):
    """moto changes an item in place; here it changes a copy that has taken the item's place."""

    def updating(self, table_name, key, *arguments, **named):
        table = self.get_table(table_name)
        hash_key, range_key = self.get_keys_value(table, key)
        item = table.get_item(hash_key, range_key)
        if item is not None:
            table.items[hash_key][range_key] = copy.deepcopy(item)
        return update(self, table_name, key, *arguments, **named)

    return updating


PLAIN = frozenset({"S", "N", "BOOL", "NULL", "SS", "NS"})


def attributes_as_they_are(serialize):
    """moto looks for each of the ten kinds of an attribute's value under several names; most values are what they are to become."""

    def serializing(self, serialized, value, shape, key):
        if shape.name == "AttributeValue" and type(value) is dict and value.keys() <= PLAIN:
            serialized[key] = value
        else:
            serialize(self, serialized, value, shape, key)

    return serializing


@pytest.fixture
def cloud(monkeypatch):
    """The tables of all contexts, the uploads bucket and the signing secret, empty."""
    # For each operation of a transaction moto copies all items of the table, which took three quarters of the tests' time.
    monkeypatch.setattr(Table, "__deepcopy__", keep_items, raising=False)
    monkeypatch.setattr(DynamoDBBackend, "update_item", update_a_copy(DynamoDBBackend.update_item))
    answer = BaseJSONSerializer._serialize_type_structure
    monkeypatch.setattr(BaseJSONSerializer, "_serialize_type_structure", attributes_as_they_are(answer))
    with mock_aws():
        access.forget_profiles()
        secret.deployment_secret.cache_clear()
        for name in CONTEXT_TABLES:
            create_table(aws_client("dynamodb"), name)
        aws_client("s3").create_bucket(
            Bucket="lokum-test-uploads", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        aws_client("secretsmanager").create_secret(Name="lokum-test-signing", SecretString="s3cret-for-tests")
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
