"""Somebody else's object is 404, on every route that takes an id; generated from the registry of routes."""

import pytest

from infra.build import openapi
from shared.http.contracts import PUBLIC
from tests.support import call, profile, put_organisation, sign_in

WITH_ID = [pair for pair in openapi.contracts() if pair[1].parameters and pair[1].access != PUBLIC]
IDS = [f"{contract.method} {contract.path}" for _, contract in WITH_ID]
FOREIGN = "01J9Z3W5YB8Q2M4N6P8R0T2V4X"
GRANTS = {
    "tenant": ("tenant", "contract", "ctr_own"),
    "owner": ("owner", "contract", "ctr_own"),
    "supplier": ("supplier", "contract", "ctr_own"),
    "board_member": ("board_member", "community", "com_own"),
    "staff": ("staff", "organisation", "org_a"),
    "administrator": ("administrator", "organisation", "org_a"),
}


@pytest.fixture
def world(cloud):
    for organisation_id in ("org_a", "org_b"):
        put_organisation(profile(organisation_id))


@pytest.mark.parametrize("role", GRANTS)
@pytest.mark.parametrize(("context", "contract"), WITH_ID, ids=IDS)
def test_a_foreign_object_does_not_exist(world, context, contract, role):
    """Also for staff: the object belongs to another organisation, so that its key is not in their partitions."""
    if role not in contract.roles:
        return
    token = sign_in("org_a", f"per_{role}", GRANTS[role])
    path = {name: f"{name[:3]}_{FOREIGN}" for name in contract.parameters}
    query = contract.example.query
    status, body = call(
        openapi.applications()[context],
        contract.method,
        contract.path,
        path=path,
        query=query,
        body=contract.example.body,
        token=token,
    )
    assert (status, body["code"]) == (404, "not_found"), body
