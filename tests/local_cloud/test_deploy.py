"""Deployment into the local cloud: what the templates say is there, and an unchanged system costs nothing."""

import pytest
from botocore.exceptions import ClientError

from infra.build.deploy import DeploymentError
from tests.local_cloud.conftest import FIXTURE, Cloud, get


def test_what_cloudformation_leaves_out_is_set(cloud: Cloud) -> None:
    dynamodb, things = cloud.client("dynamodb"), cloud.deployment.outputs["Things"]
    assert dynamodb.describe_time_to_live(TableName=things)["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "expires",
    }
    backups = dynamodb.describe_continuous_backups(TableName=things)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    name = cloud.deployment.resources["ProbeFunction"]
    assert cloud.client("lambda").get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 4


def test_values_reach_functions_and_nested_stacks(cloud: Cloud) -> None:
    report = get(f"{cloud.deployment.api_url}/probe/x").json()
    assert report["environment"]["GREETING"] == "hello"
    things = cloud.client("dynamodb").describe_table(TableName=cloud.deployment.outputs["Things"])["Table"]
    tags = cloud.client("dynamodb").list_tags_of_resource(ResourceArn=things["TableArn"])["Tags"]
    assert {"Key": "greeting", "Value": "hello"} in tags


def test_policies_are_enforced(cloud: Cloud) -> None:
    assert get(f"{cloud.deployment.api_url}/probe/x").json()["may_read"] is False


def test_functions_are_found_by_logical_id(cloud: Cloud) -> None:
    assert cloud.deployment.resources["Data.Things"] == cloud.deployment.outputs["Things"]
    assert cloud.deployment.invoke("SilentFunction", {}) is None


def test_unchanged_is_recognised(cloud: Cloud) -> None:
    again = cloud.deployer(Greeting="hello").unchanged(cloud.deployment)
    assert again == cloud.deployment
    assert cloud.deployer(Greeting="other").unchanged(cloud.deployment) is None


def test_new_value_updates_in_place(cloud: Cloud) -> None:
    cloud.put("kept")
    table = cloud.deployment.outputs["Things"]
    cloud.deploy(Greeting="changed")
    try:
        assert cloud.deployment.outputs["Things"] == table
        assert get(f"{cloud.deployment.api_url}/probe/x").json()["environment"]["GREETING"] == "changed"
        assert "Item" in cloud.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": "kept"}})
    finally:
        cloud.deploy(Greeting="hello")


def test_broken_template_tells_why(cloud: Cloud, tmp_path) -> None:
    text = (FIXTURE / "template.yaml").read_text()
    (tmp_path / "template.yaml").write_text(text.replace("AWS::Serverless::Api\n", "AWS::Nothing::Known\n"))
    (tmp_path / "infra").symlink_to(FIXTURE / "infra")
    (tmp_path / "functions").symlink_to(FIXTURE / "functions")
    deployer = cloud.deployer(Greeting="hello")
    deployer.root, deployer.stack = tmp_path, "broken"
    with pytest.raises((DeploymentError, ClientError), match="Nothing"):
        deployer.deploy()
