"""The site's way into its bucket."""

import boto3
import pytest
from moto import mock_aws

from infra.build.publish import settings, upload_site


@pytest.fixture
def dist(tmp_path):
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "sw.js", "assets/index-abc123.js", "assets/index-abc123.css", "manifest.webmanifest"):
        (tmp_path / name).write_text(name)
    return tmp_path


@mock_aws
def test_files_get_type_and_caching(dist) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="site", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    assert upload_site(s3, "site", dist) == 5
    heads = {
        item["Key"]: s3.head_object(Bucket="site", Key=item["Key"])
        for item in s3.list_objects_v2(Bucket="site")["Contents"]
    }
    assert heads["index.html"]["ContentType"] == "text/html; charset=utf-8"
    assert heads["index.html"]["CacheControl"] == heads["sw.js"]["CacheControl"] == "no-cache"
    assert heads["assets/index-abc123.js"]["ContentType"] == "text/javascript; charset=utf-8"
    assert "immutable" in heads["assets/index-abc123.js"]["CacheControl"]
    assert heads["manifest.webmanifest"]["ContentType"] == "application/manifest+json"


def test_the_shell_comes_last(dist) -> None:
    class Recorder:
        def __init__(self) -> None:
            self.names: list[str] = []

        def put_object(self, *, Key: str, **_: object) -> None:  # noqa: N803
            self.names.append(Key)

    recorder = Recorder()
    upload_site(recorder, "site", dist)
    assert recorder.names[-1] == "index.html"


def test_names_come_from_samconfig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    assert settings() == {"stack_name": "lokum", "region": "eu-central-1"}
