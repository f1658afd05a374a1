"""Routes, template and OpenAPI say the same; every route is closed unless it is on the short public list."""

import json
import re

import pytest
from openapi_spec_validator import validate

from infra.build import openapi
from infra.build.template import load
from shared.access import STAFF_ONLY
from shared.http.contracts import LOOKUP, ORGANISATION, PUBLIC, SELF
from tests.support import call, profile, put_organisation, sign_in

ROUTES = openapi.contracts()
IDS = [f"{contract.method} {contract.path}" for _, contract in ROUTES]
PUBLIC_ROUTES = {
    "POST /auth/sign-in",
    "POST /auth/forgot-password",
    "POST /auth/reset-password",
    "GET /organisations/{slug}",
    "POST /payments/webhooks/{provider}/{organisation_id}",
    "GET /payments/return/{provider}/{organisation_id}",
    "GET /notifications/webhooks/{channel}/{organisation_id}",
    "POST /notifications/webhooks/{channel}/{organisation_id}",
    "GET /unsubscribe/{token}",
    "POST /unsubscribe/{token}",
}
"""Whoever adds a line here opens a route to everybody: say why in docs/access.md."""


def each_route():
    return pytest.mark.parametrize(("context", "contract"), ROUTES, ids=IDS)


def _template_routes() -> dict[str, str]:
    found = {}
    for resource in load("template.yaml")["Resources"].values():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        for event in resource["Properties"].get("Events", {}).values():
            if event["Type"] == "Api":
                key = f"{event['Properties']['Method']} {event['Properties']['Path']}"
                assert key not in found, f"{key} twice"
                found[key] = resource["Properties"]["Handler"]
    return found


def test_template_has_exactly_the_routes_of_the_code():
    # Raw routes are in a function of their own, whose handler is the module that registers them.
    expected = {
        f"{contract.method} {contract.path}": f"{contract.view.__module__ if contract.raw else f'{context}.app'}.app"
        for context, contract in ROUTES
    }
    assert _template_routes() == expected


def test_openapi_is_checked_in_and_valid():
    text = openapi.TARGET.read_text("utf-8")
    assert text == openapi.rendered(), "run `make openapi`"
    validate(json.loads(text))


def test_operation_names_are_unique():
    names = [contract.view.__name__ for _, contract in ROUTES]
    assert len(names) == len(set(names))


@each_route()
def test_route_is_closed_unless_public(cloud, context, contract):
    key = f"{contract.method} {contract.path}"
    assert (contract.access == PUBLIC) == (key in PUBLIC_ROUTES)
    if contract.access == PUBLIC:
        return
    app = openapi.applications()[context]
    path = dict.fromkeys(contract.parameters, "x_1")
    for token in (None, "forged-token"):
        status, body = call(app, contract.method, contract.path, path=path, body=contract.example.body, token=token)
        assert (status, body["code"]) == (401, "not_signed_in")


@each_route()
def test_write_refuses_another_site(cloud, context, contract):
    if not contract.is_write or contract.raw:
        return
    app = openapi.applications()[context]
    for headers in ({"X-Requested-With": ""}, {"Origin": "https://elsewhere.example"}):
        status, body = call(
            app,
            contract.method,
            contract.path,
            path=dict.fromkeys(contract.parameters, "x_1"),
            body=contract.example.body,
            headers=headers,
        )
        assert (status, body["code"]) == (403, "cross_site_request")


@each_route()
def test_staff_routes_refuse_a_tenant(cloud, context, contract):
    if contract.access == PUBLIC or not contract.roles <= STAFF_ONLY:
        return
    put_organisation(profile("org_a"))
    token = sign_in("org_a", "per_1", ("tenant", "contract", "x_1"))
    app = openapi.applications()[context]
    status, body = call(
        app,
        contract.method,
        contract.path,
        path=dict.fromkeys(contract.parameters, "x_1"),
        body=contract.example.body,
        token=token,
    )
    assert (status, body["code"]) == (403, "forbidden")


@each_route()
def test_whole_organisation_is_for_staff(context, contract):
    """ORGANISATION access checks no object, so that only staff may hold it; ids of objects need a check of their own."""
    if contract.access == ORGANISATION:
        assert contract.roles <= STAFF_ONLY
    if contract.access == SELF:
        assert not contract.parameters
    if contract.access == LOOKUP:
        assert contract.parameters or contract.body or contract.query


@each_route()
def test_example_satisfies_its_models(context, contract):
    example = contract.example
    if contract.body is not None:
        assert example.body is not None, "a route with a body shows one"
        contract.body.model_validate_json(json.dumps(example.body))
    if contract.returns is not None:
        assert example.response is not None, "a route shows its answer"
        contract.returns.model_validate_json(json.dumps(example.response))


@each_route()
def test_lists_are_paged(context, contract):
    fields = contract.returns.model_fields if contract.returns else {}
    assert ("next_cursor" in fields) == contract.paged


@each_route()
def test_error_codes_are_known(context, contract):
    assert set(contract.errors) <= set(openapi.error_codes())


def test_every_code_is_a_permanent_word():
    for code, meaning in openapi.error_codes().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]+", code)
        assert meaning.endswith(".")


def test_codes_raised_are_listed():
    """Every DomainError("...") and Conflict("...") in the code names a listed code."""
    listed = set(openapi.error_codes())
    found = set()
    for folder in ("shared", "functions"):
        for file in (openapi.ROOT / folder).rglob("*.py"):
            found |= set(re.findall(r"(?:DomainError|Conflict)\(\s*\"([a-z_0-9]+)\"", file.read_text("utf-8")))
    assert found <= listed
