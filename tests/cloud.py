"""What unit tests of services stand on: DynamoDB, S3 and secrets by moto, in-process. Single-threaded only: moto loses updates under threads."""

import copy
import operator
import socket
from functools import cache

import boto3
import pytest
from botocore.client import BaseClient
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict
from moto.core.exceptions import HTTPException, ServiceException
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from shared import access, secret
from tests.support import CONTEXT_TABLES, create_table

LARGE = 100_000
"""Bytes of an item that is far from too large."""
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


TABLE_CALLS = {
    name: camelcase_to_underscores(name)
    for name in [
        "CreateTable",
        "GetItem",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "Query",
        "Scan",
        "BatchGetItem",
        "BatchWriteItem",
        "TransactGetItems",
        "TransactWriteItems",
    ]
}


def straight_to_moto(make_call):
    """Calls of tables without their way over HTTP and back, which costs more than what moto does with them.

    What moto refuses takes the whole way, because only there an error gets its form.
    """

    def making(self, operation, arguments):
        if operation not in TABLE_CALLS or self.meta.service_model.service_name != "dynamodb":
            return make_call(self, operation, arguments)
        handler = DynamoHandler()
        handler.current_account, handler.region = DEFAULT_ACCOUNT_ID, self.meta.region_name
        handler.body = handler.params = arguments
        try:
            answer = getattr(handler, TABLE_CALLS[operation])().result
        except (ServiceException, HTTPException):
            return make_call(self, operation, arguments)
        return {**answer, "ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}}

    return making


def texts_as_they_are(name):
    """How two values compare: of texts, which keys are, without looking at each time what they are. An index is sorted for each query."""
    slowly, quickly = getattr(DynamoType, name), getattr(operator, name)

    def compare(self, other):
        if self.type == other.type == "S":
            return quickly(self.value, other.value)
        return slowly(self, other)

    return compare


def add_up(slowly):
    """How an item takes an attribute: moto measures all that it has for each that comes, which only a large one needs."""

    def take(self, key, value):
        self.taken = getattr(self, "taken", 0) + len(key) + (value.size() if isinstance(value, DynamoType) else 0)
        if self.taken > LARGE:
            slowly(self, key, value)
        else:
            dict.__setitem__(self, key, value)

    return take


@pytest.fixture(scope="session")
def moto():
    """Switched on once: each switching on takes longer than most tests do."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
            patch.setattr(DynamoType, name, texts_as_they_are(name))
        patch.setattr(LimitedSizeDict, "__setitem__", add_up(LimitedSizeDict.__setitem__))
        yield


@pytest.fixture
def cloud(moto, monkeypatch):
    """The tables of all contexts, the uploads bucket and the signing secret, empty."""
    # For each operation of a transaction moto copies all items of the table, which took three quarters of the tests' time.
    monkeypatch.setattr(Table, "__deepcopy__", keep_items, raising=False)
    monkeypatch.setattr(DynamoDBBackend, "update_item", update_a_copy(DynamoDBBackend.update_item))
    monkeypatch.setattr(BaseClient, "_make_api_call", straight_to_moto(BaseClient._make_api_call))
    start_empty()


def start_empty():
    """Forget all that is kept; for tests that try many examples in one go."""
    BackendDict.reset()
    access.forget_profiles()
    secret.deployment_secret.cache_clear()
    for name in CONTEXT_TABLES:
        create_table(aws_client("dynamodb"), name)
    aws_client("s3").create_bucket(
        Bucket="lokum-test-uploads", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    aws_client("secretsmanager").create_secret(Name="lokum-test-signing", SecretString="s3cret-for-tests")


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
