"""The site's way into its bucket."""

import subprocess

import boto3
import pytest
from moto import mock_aws

from infra.build import publish
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


class Account:
    """An AWS account as far as publishing asks: the stack's outputs, and what was done to it."""

    def __init__(self) -> None:
        self.origin = ""
        self.invalidated: list[str] = []
        self.uploaded: list[str] = []

    def client(self, _service: str) -> "Account":
        return self

    def describe_stacks(self, *, StackName: str) -> dict:  # noqa: N803
        assert StackName == "lokum"
        outputs = {"Origin": "https://d1.cloudfront.example", "SiteBucket": "site", "Distribution": "D1"}
        return {
            "Stacks": [
                {
                    "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()],
                    "Parameters": [{"ParameterKey": "PublicOrigin", "ParameterValue": self.origin}],
                }
            ]
        }

    def put_object(self, *, Key: str, **_: object) -> None:  # noqa: N803
        self.uploaded.append(Key)

    def create_invalidation(self, *, DistributionId: str, **_: object) -> None:  # noqa: N803
        self.invalidated.append(DistributionId)


@pytest.fixture
def published(dist, monkeypatch: pytest.MonkeyPatch):
    """Publishes into an invented account; gives the commands of sam, and the account."""

    def run(account: Account, code: int = 0) -> list[tuple[str, ...]]:
        commands: list[tuple[str, ...]] = []

        def sam(*words: str, **_: object) -> subprocess.CompletedProcess:
            commands.append(words)
            return subprocess.CompletedProcess(words, code)

        monkeypatch.setattr(publish, "sam", sam)
        monkeypatch.setattr(publish, "build_site", lambda: True)
        monkeypatch.setattr(publish, "DIST", dist)
        monkeypatch.setattr(publish.boto3.session, "Session", lambda **_: account)
        monkeypatch.delenv("AWS_REGION", raising=False)
        monkeypatch.delenv("STAGE", raising=False)
        monkeypatch.setenv("PARAMETERS", "DomainName=portal.example")
        assert publish.publish() == "https://d1.cloudfront.example"
        return commands

    return run


def test_first_deployment_is_followed_by_one_that_knows_the_address(published) -> None:
    account = Account()
    build, first, second = published(account)
    assert build == ("build",)
    assert first[-3:] == ("--parameter-overrides", "Stage=production", "DomainName=portal.example")
    assert second[-2:] == ("--parameter-overrides", "PublicOrigin=https://d1.cloudfront.example")
    assert account.uploaded[-1] == "index.html"
    assert account.invalidated == ["D1"]


def test_later_ones_deploy_once(published) -> None:
    account = Account()
    account.origin = "https://d1.cloudfront.example"
    assert [command[0] for command in published(account)] == ["build", "deploy"]


def test_a_failure_ends_it_before_anything_is_uploaded(published) -> None:
    account = Account()
    with pytest.raises(publish.PublishError):
        published(account, code=1)
    assert account.uploaded == account.invalidated == []
