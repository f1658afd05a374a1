"""The roles are enforced and hold what the template says and nothing more: tried with each function's own credentials."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.build.environment import ROOT
from infra.build.package import FUNCTION, read_template, resources_of
from tests.world import World

pytestmark = pytest.mark.world

TABLES = ("AccessTable", "RegistryTable", "StatementsTable", "PaymentsTable", "TicketsTable", "MetersTable")
FUNCTIONS = dict(resources_of(read_template(ROOT / "template.yaml"), FUNCTION))
TRIED = {
    "dynamodb:GetItem": ("get_item", {"Key": {"pk": {"S": "none"}, "sk": {"S": "none"}}}),
    "dynamodb:PutItem": (
        "put_item",
        {"Item": {"pk": {"S": "none"}, "sk": {"S": "none"}}, "ConditionExpression": "pk = sk"},
    ),
    "dynamodb:Scan": ("scan", {"Limit": 1}),
    "dynamodb:DeleteTable": ("delete_table", {}),
}


def denied(call) -> bool:
    """Whether IAM refuses; any other answer means that the request came through."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"] in {"AccessDeniedException", "AccessDenied", "AuthorizationError"}
    return False


def client_of(world: World, function: str, service: str):
    """A client with the credentials that the function itself runs with."""
    deployment = world.deployment
    role = deployment.client("lambda").get_function_configuration(FunctionName=deployment.resources[function])["Role"]
    keys = deployment.client("sts").assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    return boto3.client(
        service,
        endpoint_url=deployment.endpoint_url,
        region_name=deployment.region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def granted(function: str) -> set[tuple[str, str]]:
    """(action, table) pairs of the function's own policies in the template."""
    pairs = set()
    for policy in FUNCTIONS[function].get("Policies", []):
        for statement in policy["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            named = str(statement["Resource"])
            pairs |= {(action, table) for action in actions for table in TABLES if f"{table}Arn" in named}
    return pairs


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_what_its_policy_names_and_nothing_else(world: World, function: str) -> None:
    dynamodb, allowed = client_of(world, function, "dynamodb"), granted(function)
    for table in TABLES:
        name = world.deployment.resources[f"Data.{table}"]
        for action, (method, arguments) in TRIED.items():
            refused = denied(lambda m=method, n=name, a=arguments: getattr(dynamodb, m)(TableName=n, **a))
            assert refused == ((action, table) not in allowed), f"{function}: {action} on {table}"


def test_only_relays_speak_on_the_bus(world: World) -> None:
    for function in FUNCTIONS:
        events = client_of(world, function, "events")
        bus = world.deployment.resources["Events.Bus"]
        # A detail that is no JSON: whoever may put events hears about that instead.
        entry = {"EventBusName": bus, "Source": "lokum.tests", "DetailType": "Nothing", "Detail": "{}"}
        assert denied(lambda e=events, n=entry: e.put_events(Entries=[n])) == (not function.startswith("Relay")), (
            function
        )


def test_nobody_reads_secrets_but_those_who_sign(world: World) -> None:
    for function, properties in FUNCTIONS.items():
        signs = "secretsmanager:GetSecretValue" in str(properties.get("Policies", []))
        secrets = client_of(world, function, "secretsmanager")
        name = world.deployment.resources["Data.SigningSecret"]
        assert denied(lambda s=secrets, n=name: s.get_secret_value(SecretId=n)) == (not signs), function
