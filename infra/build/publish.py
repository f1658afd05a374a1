"""``make deploy``: the system into the AWS account of the environment's credentials, then the site's files.

Names come from samconfig.toml. The first deployment is followed by a second one, because only then is it known under
which address people open the portal. ``PARAMETERS="DomainName=... CertificateArn=..."`` sets values of the template;
those that are not named keep what they were.
"""

import os
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import boto3.session

from infra.build.environment import ROOT
from infra.build.sam import sam
from infra.build.site import DIST, build_site, caching, content_type

SHELL: Final = "index.html"


class PublishError(RuntimeError):
    """Something did not go through; the tool has said what."""


def settings() -> dict[str, str]:
    """Stack name and region of samconfig.toml; AWS_REGION overrides the region."""
    values: dict[str, str] = tomllib.loads((ROOT / "samconfig.toml").read_text())["default"]["global"]["parameters"]
    return {**values, "region": os.environ.get("AWS_REGION", values["region"])}


def describe(cloudformation: Any, stack: str) -> tuple[dict[str, str], dict[str, str]]:
    """Outputs and parameters of a stack."""
    found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", [])}
    return outputs, {item["ParameterKey"]: item["ParameterValue"] for item in found.get("Parameters", [])}


def deploy_stack(region: str, parameters: Iterable[str]) -> None:
    """Deploy what `sam build` has made. Raises PublishError."""
    given = list(parameters)
    overrides = ["--parameter-overrides", *given] if given else []
    if sam("deploy", "--region", region, *overrides, alone=False).returncode:
        raise PublishError("sam deploy failed")


def upload_site(s3: Any, bucket: str, folder: Path) -> int:
    """Put the site's files into its bucket, the shell last so that it never names a file that is not there yet."""
    paths = sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.name == SHELL)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=path.read_bytes(),
            ContentType=content_type(name),
            CacheControl=caching(name),
        )
    return len(paths)


def invalidate(cloudfront: Any, distribution: str) -> None:
    """Have the CDN ask anew for everything."""
    paths = {"Quantity": 1, "Items": ["/*"]}
    reference = {"CallerReference": f"lokum-{time.time_ns()}", "Paths": paths}
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=reference)


def publish() -> str:
    """Everything; gives the address of the portal. Raises PublishError."""
    names, given = settings(), os.environ.get("PARAMETERS", "").split()
    session: Any = boto3.session.Session(region_name=names["region"])
    build_site()
    if sam("build", alone=True).returncode:
        raise PublishError("sam build failed")
    deploy_stack(names["region"], [f"Stage={os.environ.get('STAGE', 'production')}", *given])
    cloudformation = session.client("cloudformation")
    outputs, parameters = describe(cloudformation, names["stack_name"])
    if parameters.get("PublicOrigin") != outputs["Origin"]:
        deploy_stack(names["region"], [f"PublicOrigin={outputs['Origin']}"])
    count = upload_site(session.client("s3"), outputs["SiteBucket"], DIST)
    invalidate(session.client("cloudfront"), outputs["Distribution"])
    print(f"{count} files of the site uploaded")
    return outputs["Origin"]


if __name__ == "__main__":
    try:
        print(f"deployed to {publish()}")
    except PublishError as problem:
        sys.exit(f"error: {problem}")
