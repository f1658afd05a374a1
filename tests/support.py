"""Builders that several suites share: tables, API Gateway events, queue messages, sessions."""

import json
import secrets
from typing import Any
from zoneinfo import ZoneInfo

from shared import access, clock
from shared.access import GrantItem, ProfileItem, SessionItem
from shared.organisations import OrganisationProfile

CONTEXT_TABLES = ("access", "registry", "statements", "payments", "tickets", "meters", "notifications")
INDEXES = {"tickets": 4, "meters": 2, "notifications": 2}
"""Of those that have more than one."""


def create_table(client: Any, name: str) -> None:
    """A table of the shape that infra/data.yaml gives every context."""
    indexes = [f"gsi{number + 1}" for number in range(INDEXES.get(name, 1))]
    attributes = ["pk", "sk", *(f"{index}{key}" for index in indexes for key in ("pk", "sk"))]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in attributes],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": f"{index}pk", "KeyType": "HASH"},
                    {"AttributeName": f"{index}sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in indexes
        ],
    )


def profile(organisation_id: str = "org_test", **changes: Any) -> OrganisationProfile:
    """An organisation, Polish unless told otherwise."""
    base: dict[str, Any] = {
        "organisation_id": organisation_id,
        "slug": organisation_id.replace("_", "-"),
        "name": "Zarządca Testowy",
        "country": "PL",
        "currency": "PLN",
        "locale": "pl",
        "time_zone": "Europe/Warsaw",
    }
    return OrganisationProfile.model_validate({**base, **changes})


def daytime_zone() -> str:
    """A time zone in which it is between nine and six in the evening now: people are reminded, and nobody's hours are quiet."""
    zones = ("Europe/Warsaw", "America/Los_Angeles", "Asia/Tokyo")
    return next(zone for zone in zones if 9 <= clock.now().astimezone(ZoneInfo(zone)).hour < 18)


def put_organisation(given: OrganisationProfile) -> None:
    ProfileItem(pk=f"ORG#{given.organisation_id}#PROFILE", sk="PROFILE", profile=given.model_dump(mode="json")).save()
    access.forget_profiles()


def sign_in(organisation_id: str, person_id: str, *grants: tuple[str, str, str]) -> str:
    """A session with grants `(role, scope, scope_id)`; the token for the cookie."""
    token, now = secrets.token_urlsafe(32), clock.timestamp()
    SessionItem(
        pk=f"SESSION#{access.session_id(token)}",
        sk="SESSION",
        person_id=person_id,
        organisation_id=organisation_id,
        created=now,
        expires=now + 1800,
        ends=now + 43200,
    ).save()
    for role, scope, scope_id in grants:
        GrantItem(
            pk=f"ORG#{organisation_id}#PERSON#{person_id}",
            sk=f"GRANT#{role}#{scope}#{scope_id}#test",
            role=role,
            scope=scope,
            scope_id=scope_id,
        ).save()
    return token


def api_event(
    method: str,
    resource: str,
    *,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: Any = None,
    token: str | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """An API Gateway REST proxy event (payload 1.0)."""
    given = {"Content-Type": "application/json", "X-Requested-With": "lokum", **(headers or {})}
    if token:
        given["Cookie"] = f"lokum_session={token}"
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    return {
        "resource": resource,
        "path": resource.format(**(path or {})),
        "httpMethod": method,
        "headers": given,
        "multiValueHeaders": {key: [value] for key, value in given.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": {key: [value] for key, value in (query or {}).items()} or None,
        "pathParameters": path,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "requestId": secrets.token_hex(8),
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": text,
        "isBase64Encoded": False,
    }


def call(app: Any, method: str, resource: str, **given: Any) -> tuple[int, Any]:
    """Status and parsed body of one request to a PortalApp."""
    answer = app(api_event(method, resource, **given), None)
    return answer["statusCode"], json.loads(answer["body"]) if answer["body"] else None


def event_message(event: Any, organisation_id: str, event_id: str = "evt_1", actor: str = "system") -> dict[str, Any]:
    """What EventBridge puts on a consumer's queue for a catalogue event."""
    metadata = {
        "id": event_id,
        "version": 1,
        "occurred_at": clock.now().isoformat(),
        "correlation_id": "cor_1",
        "causation_id": None,
        "organisation_id": organisation_id,
        "actor": actor,
    }
    return {
        "version": "0",
        "id": "bus-id",
        "source": event.source,
        "detail-type": event.detail_type(),
        "detail": {"metadata": metadata, "data": event.model_dump(mode="json")},
    }


def outbox(variable: str) -> list[tuple[str, dict[str, Any]]]:
    """The events waiting in a table's outbox, oldest first: (detail-type, data)."""
    from shared.tables import _own_items

    model, _ = _own_items(variable)
    items = [item for item in model.scan() if item.sk == "OUTBOX"]
    details = sorted(
        ((json.loads(item.detail), item.detail_type) for item in items), key=lambda pair: pair[0]["metadata"]["id"]
    )
    return [(kind, detail["data"]) for detail, kind in details]
