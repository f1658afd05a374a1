"""``make organisation``: a new organisation and its first administrator, with the operator's AWS credentials.

There is no route for it: whoever can call the two operator functions already owns the deployment.
"""

import json
import sys
from pathlib import Path
from typing import Any

import boto3.session

from infra.build.jurisdictions import law
from infra.build.publish import describe, settings

USAGE = "usage: python -m infra.build.provision PROFILE.json ADMINISTRATOR.json\n"
ARGUMENTS = 3


class ProvisionError(RuntimeError):
    """An operator function refused; its own words say why."""


def invoke(functions: Any, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Call an operator function. Raises ProvisionError with what the function said."""
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(payload).encode())
    body: dict[str, Any] = json.loads(answer["Payload"].read() or b"null") or {}
    if answer.get("FunctionError"):
        raise ProvisionError(body.get("errorMessage", "failed"))
    return body


def provision(session: Any, outputs: dict[str, str], profile: dict[str, Any], person: dict[str, Any]) -> dict[str, Any]:
    """Register the organisation, then appoint its administrator. Safe to repeat, and the way to bring in a new state of the law.

    What its country decides is filled in where the profile does not say otherwise. Raises UnknownCountryError, ProvisionError.
    """
    functions = session.client("lambda")
    organisation = invoke(functions, outputs["RegistryOperator"], law(profile["country"]) | profile)
    appointed = invoke(
        functions, outputs["AuthOperator"], {"organisation_id": organisation["organisation_id"], **person}
    )
    return {"organisation": organisation, "administrator": appointed}


def main(arguments: list[str]) -> int:
    """Read the two files, provision, print what was made."""
    if len(arguments) != ARGUMENTS:
        sys.stderr.write(USAGE)
        return 2
    profile, person = (json.loads(Path(name).read_text("utf-8")) for name in arguments[1:])
    names = settings()
    session = boto3.session.Session(region_name=names["region"])
    outputs, _ = describe(session.client("cloudformation"), names["stack_name"])
    print(json.dumps(provision(session, outputs, profile, person), indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
