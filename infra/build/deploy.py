"""Deployment of the templates into the local cloud, as CloudFormation does it, and nothing when nothing changed."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.build.deployment import Deployment, operator_client
from infra.build.package import FUNCTION, NESTED, Package, Template, inputs_hash, read_template, resources_of

BUCKET: Final = "lokum-artifacts"
STACK: Final = "lokum"
CAPABILITIES: Final = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
SECONDS: Final = 180.0
LEAST_CONCURRENCY: Final = 2
"""What Lambda takes as the lowest limit of a queue's consumer."""


class DeploymentError(RuntimeError):
    """The stack could not be made; the message has the reasons that CloudFormation gave."""


@dataclass
class LocalDeployer:
    """Deploys ``root/template.yaml`` with parameter ``values`` into the emulator at ``endpoint_url``."""

    endpoint_url: str
    region: str
    root: Path
    build: Path
    values: dict[str, str]
    stack: str = STACK
    _uploaded: set[str] = field(default_factory=set)

    def client(self, service: str) -> Any:
        """A client with the emulator's root credentials."""
        return operator_client(self.endpoint_url, self.region, service)

    def inputs(self) -> str:
        """Name of what would be deployed now."""
        return inputs_hash(self.root, self._given(read_template(self.root / "template.yaml")), self.stack.encode())

    def unchanged(self, last: Deployment | None) -> Deployment | None:
        """The last deployment, when it is of the same inputs and still there."""
        if last is None or last.inputs != self.inputs():
            return None
        try:
            self.client("cloudformation").describe_stacks(StackName=self.stack)
        except ClientError:
            return None
        api = last.api_url.split("/_aws/", 1)[1]
        return replace(last, endpoint_url=self.endpoint_url, api_url=f"{self.endpoint_url}/_aws/{api}")

    def deploy(self) -> Deployment:
        """Package, create or update the stack, mend what the emulator leaves out. Raises DeploymentError."""
        inputs, path = self.inputs(), self.root / "template.yaml"
        self._open_bucket()
        values = self._given(read_template(path))
        template = Package(self.root, self.build, BUCKET, self._upload, values).template(path)
        self._apply(template, values)
        outputs = self._wait()
        resources = dict(self._resources(self.stack, ""))
        fix_up(self, path, "", resources)
        api, stage = (self._only(f"AWS::ApiGateway::{kind}") for kind in ("RestApi", "Stage"))
        return Deployment(
            endpoint_url=self.endpoint_url,
            region=self.region,
            stack=self.stack,
            api_url=f"{self.endpoint_url}/_aws/execute-api/{api}/{stage}",
            outputs=outputs,
            resources=resources,
            inputs=inputs,
        )

    def _given(self, template: Template) -> dict[str, str]:
        return {name: self.values[name] for name in template.get("Parameters", {}) if name in self.values}

    def _open_bucket(self) -> None:
        s3 = self.client("s3")
        if BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
            s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": self.region})
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        self._uploaded = {item["Key"] for page in pages for item in page.get("Contents", [])}

    def _upload(self, key: str, body: bytes) -> None:
        if key not in self._uploaded:
            self.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body)
            self._uploaded.add(key)

    def _apply(self, template: Template, values: dict[str, str]) -> None:
        cloudformation = self.client("cloudformation")
        key = "root.template"
        self.client("s3").put_object(Bucket=BUCKET, Key=key, Body=json.dumps(template, default=str).encode())
        request = {
            "StackName": self.stack,
            "TemplateURL": f"https://s3.amazonaws.com/{BUCKET}/{key}",
            "Capabilities": CAPABILITIES,
            "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
        }
        try:
            cloudformation.create_stack(**request)
        except cloudformation.exceptions.AlreadyExistsException:
            try:
                cloudformation.update_stack(**request)
            except ClientError as error:
                if "No updates" not in str(error):
                    raise

    def _wait(self) -> dict[str, str]:
        cloudformation, deadline = self.client("cloudformation"), time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            stack = cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(0.05)
        if stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise DeploymentError(f"{stack['StackStatus']}: {'; '.join(self._failures()) or 'no reason given'}")
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def _failures(self) -> Iterator[str]:
        for event in self.client("cloudformation").describe_stack_events(StackName=self.stack)["StackEvents"]:
            if "FAILED" in event["ResourceStatus"]:
                yield f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason')}"

    def _only(self, kind: str) -> str:
        """Physical id of the one resource of a type in the root stack."""
        found = self.client("cloudformation").describe_stack_resources(StackName=self.stack)["StackResources"]
        for resource in found:
            if resource["ResourceType"] == kind:
                return str(resource["PhysicalResourceId"])
        raise DeploymentError(f"the template has no {kind}")

    def _resources(self, stack: str, prefix: str) -> Iterator[tuple[str, str]]:
        found = self.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
        for resource in found:
            name, physical = f"{prefix}{resource['LogicalResourceId']}", resource.get("PhysicalResourceId", "")
            yield name, physical
            if resource["ResourceType"] == "AWS::CloudFormation::Stack":
                yield from self._resources(physical, f"{name}.")


def fix_up(deployer: LocalDeployer, path: Path, prefix: str, resources: dict[str, str]) -> None:
    """Set through the services' own APIs what the emulator's CloudFormation skips silently: TTL, recovery, concurrency."""
    template = read_template(path)
    for name, table in resources_of(template, "AWS::DynamoDB::Table"):
        if physical := resources.get(prefix + name):
            fix_table(deployer.client("dynamodb"), physical, table)
    for name, function in resources_of(template, FUNCTION):
        reserved, physical = function.get("ReservedConcurrentExecutions"), resources.get(prefix + name)
        if isinstance(reserved, int) and physical:
            limit = {"FunctionName": physical, "ReservedConcurrentExecutions": reserved}
            deployer.client("lambda").put_function_concurrency(**limit)
    if not prefix:
        limit_consumers(deployer.client("lambda"))
    for name, nested in resources_of(template, NESTED):
        fix_up(deployer, path.parent / nested["Location"], f"{prefix}{name}.", resources)


def limit_consumers(functions: Any) -> None:
    """At most two batches of a queue at once: every further one is a process of its own on a machine of few cores."""
    for page in functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            if ":sqs:" in mapping["EventSourceArn"]:
                scaling = {"MaximumConcurrency": LEAST_CONCURRENCY}
                functions.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig=scaling)


def fix_table(dynamodb: Any, name: str, properties: dict[str, Any]) -> None:
    """Time to live and point-in-time recovery as the template has them."""
    expiry, state = properties.get("TimeToLiveSpecification"), dynamodb.describe_time_to_live(TableName=name)
    if expiry and state["TimeToLiveDescription"]["TimeToLiveStatus"] not in {"ENABLED", "ENABLING"}:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    recovery = properties.get("PointInTimeRecoverySpecification") or {}
    if recovery.get("PointInTimeRecoveryEnabled") is True:
        specification = {"PointInTimeRecoveryEnabled": True}
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=specification)
