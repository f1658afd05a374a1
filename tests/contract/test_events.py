"""Every event has schema, sample, producer and consumer, and no published schema shrinks."""

import ast
import copy
import json
from pathlib import Path

import jsonschema
import pytest
from auth import messages
from auth.app import consumers as auth_consumers
from meters.app import consumers as meters_consumers
from notifications.app import consumers as notifications_consumers
from payments.app import consumers as payments_consumers
from registry.app import consumers as registry_consumers
from relay import app as relay
from statements.app import app as statements_app
from statements.app import consumers as statements_consumers
from tickets.app import consumers as tickets_consumers

from infra.build import event_schemas
from infra.build.template import load
from shared.events.catalog import EVENTS

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "events" / "samples"
CONSUMERS = {
    "Auth": auth_consumers,
    "Meters": meters_consumers,
    "Notifications": notifications_consumers,
    "Payments": payments_consumers,
    "Registry": registry_consumers,
    "Statements": statements_consumers,
    "Tickets": tickets_consumers,
}
ARCHIVE_ONLY = {
    # Facts for programs outside: outgoing webhooks will listen; today the archive keeps them.
    "AccessGranted",
    "AccessRevoked",
    "ChargeTakenOver",
    "EntryReversed",
    "NotificationDelivered",
    "NotificationFailed",
    "PaymentBooked",
    "PaymentStarted",
    "TicketAssigned",
    "TicketRated",
    "TicketSupplierAssigned",
}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_schema_is_current_and_only_grew(name):
    event = EVENTS[name]
    checked_in = event_schemas.path_of(event).read_text("utf-8")
    assert checked_in == event_schemas.rendered(event), "run `make schemas`"


def test_a_shrinking_schema_is_refused():
    new = event_schemas.schema_of(EVENTS["PaymentSettled"])
    old = copy.deepcopy(new)
    old["properties"]["data"]["properties"]["gone"] = {"type": "string"}
    old["properties"]["data"]["required"].remove("amount")
    old["properties"]["data"]["properties"]["currency"]["type"] = "integer"
    found = set(event_schemas.breaks(old, new))
    assert found == {"data.currency changed its type", "data.gone removed", "data.amount newly required"}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_sample_satisfies_schema(name):
    event = EVENTS[name]
    sample = json.loads((SAMPLES / event.source.removeprefix("lokum.") / f"{name}.json").read_text("utf-8"))
    jsonschema.validate(sample["detail"], event_schemas.schema_of(event))
    assert (sample["source"], sample["detail-type"]) == (event.source, name)
    event.model_validate(sample["detail"]["data"])


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_event_is_said_by_its_context_and_by_no_other(name):
    contexts = ("auth", "registry", "statements", "payments", "tickets", "meters", "notifications")
    speakers = {context for context in contexts if _constructs(context, name)}
    assert speakers == {EVENTS[name].source.removeprefix("lokum.")}


def _constructs(context: str, name: str) -> bool:
    """Whether the context's code makes the event: `Name(...)` or `Name.model_validate(...)`."""
    for file in (ROOT / "functions" / context).rglob("*.py"):
        if file.name == "app.py":
            continue  # a consumer names events too
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            maker = (
                node.func.value
                if isinstance(node.func, ast.Attribute) and node.func.attr == "model_validate"
                else node.func
            )
            if isinstance(maker, ast.Name) and maker.id == name:
                return True
    return False


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_event_has_a_consumer_or_is_known_to_be_kept_only(name):
    handled = {context for context, consumers in CONSUMERS.items() if name in consumers.handlers}
    assert bool(handled) != (name in ARCHIVE_ONLY)


@pytest.mark.parametrize("context", sorted(CONSUMERS))
def test_rule_routes_exactly_what_the_consumer_handles(context):
    pattern = load("infra/events.yaml")["Resources"][f"{context}Rule"]["Properties"]["EventPattern"]
    handled = CONSUMERS[context].handlers
    assert set(pattern["detail-type"]) == set(handled)
    assert set(pattern["source"]) == {event.source for event, _ in handled.values()}


def test_real_shapes_are_understood():
    stream = json.loads((SAMPLES / "aws.dynamodb" / "outbox_stream.json").read_text("utf-8"))
    import os

    entry = relay.entry(stream["Records"][0])
    assert (entry["Source"], entry["DetailType"], entry["EventBusName"]) == (
        "lokum.payments",
        "PaymentSettled",
        os.environ["EVENT_BUS"],
    )
    mail = json.loads((SAMPLES / "aws.cognito" / "custom_message_forgot_password.json").read_text("utf-8"))
    written = messages.write_message(mail, None)["response"]
    assert written["emailSubject"] == "Ustaw hasło"
    assert "{####}" in written["emailMessage"]


def test_api_sample_is_answered(cloud):
    request = json.loads((SAMPLES / "aws.apigateway" / "get_account.json").read_text("utf-8"))
    answer = statements_app(request, None)
    assert answer["statusCode"] == 401
    assert json.loads(answer["body"])["code"] == "not_signed_in"
