import pytest

from tests.cloud import aws_client


@pytest.fixture
def bucket(cloud):
    return aws_client("s3")
