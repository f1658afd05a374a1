"""What unit tests of services stand on: DynamoDB, S3 and secrets by moto, in-process. Single-threaded only: moto loses updates under threads."""

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
