"""A user pool, two organisations and a person who signs in."""

import pytest
from auth import cognito

from shared.settings import settings
from tests.cloud import aws_client
from tests.support import profile, put_organisation
from tests.unit.auth.helpers import EMAIL, ORGANISATION, PASSWORD, enrol, person


@pytest.fixture
def pool(cloud, monkeypatch):
    """Auth on moto: `pool.reset_code(email)` reads the code that a mail would have carried."""
    client = aws_client("cognito-idp")
    pool_id = client.create_user_pool(
        PoolName="people",
        UsernameAttributes=["email"],
        Policies={"PasswordPolicy": {"MinimumLength": 8}},
    )["UserPool"]["Id"]
    client_id = client.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="portal",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    monkeypatch.setenv("USER_POOL", pool_id)
    monkeypatch.setenv("USER_POOL_CLIENT", client_id)
    settings.cache_clear()
    put_organisation(profile(ORGANISATION))
    put_organisation(profile("org_other"))
    yield client
    settings.cache_clear()


@pytest.fixture
def anna(pool):
    """Anna of org_test, enrolled, with a password."""
    assert enrol(person()) == ["enrolled"]
    cognito.set_password(EMAIL, PASSWORD)
    return person()
