import pytest
from moto import mock_aws

from shared import files
from tests.cloud import aws_client
from tests.unit.uploads.checking import BUCKET


@pytest.fixture
def bucket():
    files.s3.cache_clear()
    with mock_aws():
        client = aws_client("s3")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield client
