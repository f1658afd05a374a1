"""The operator's way to a new organisation."""

import io
import json
from typing import get_args

import pytest
from statements.rules.policy import parse_policies

from infra.build import provision
from infra.build.jurisdictions import UnknownCountryError
from shared.holidays import read_holidays
from shared.organisations import OrganisationProfile


class Functions:
    """What the Lambda client answers; keeps what it was asked."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def client(self, name):
        assert name == "lambda"
        return self

    def invoke(self, FunctionName, Payload):  # noqa: N803 - boto3's names
        self.asked.append((FunctionName, json.loads(Payload)))
        body, failed = self.answers[FunctionName]
        return {"Payload": io.BytesIO(json.dumps(body).encode()), **({"FunctionError": "Unhandled"} if failed else {})}


PROFILE = {"slug": "a", "country": "PL"}
OUTPUTS = {"RegistryOperator": "register", "AuthOperator": "appoint"}


def test_the_administrator_belongs_to_the_new_organisation():
    functions = Functions(register=({"organisation_id": "org_1"}, False), appoint=({"state": "enrolled"}, False))
    made = provision.provision(functions, OUTPUTS, PROFILE, {"email": "a@example.org"})
    (_, registered), appointed = functions.asked
    assert registered.items() >= PROFILE.items()
    assert appointed == ("appoint", {"organisation_id": "org_1", "email": "a@example.org"})
    assert made["administrator"] == {"state": "enrolled"}


def test_a_refusal_stops_with_its_reason():
    functions = Functions(register=({"errorMessage": "slug_taken"}, True))
    with pytest.raises(provision.ProvisionError, match="slug_taken"):
        provision.provision(functions, OUTPUTS, PROFILE, {})
    assert [name for name, _ in functions.asked] == ["register"]


@pytest.mark.parametrize("country", get_args(OrganisationProfile.model_fields["country"].annotation))
def test_the_functions_get_the_law_of_the_country(country):
    functions = Functions(register=({"organisation_id": "org_1"}, False), appoint=({}, False))
    provision.provision(functions, OUTPUTS, {"country": country}, {})
    registered = functions.asked[0][1]
    assert parse_policies(registered["allocation_policy"]).versions
    assert read_holidays(registered["public_holidays"]).rules


def test_what_the_profile_says_itself_stands():
    functions = Functions(register=({"organisation_id": "org_1"}, False), appoint=({}, False))
    provision.provision(functions, OUTPUTS, {**PROFILE, "public_holidays": {"rules": []}}, {})
    assert functions.asked[0][1]["public_holidays"] == {"rules": []}


def test_a_country_without_data_is_refused_before_anything_is_made():
    functions = Functions()
    with pytest.raises(UnknownCountryError):
        provision.provision(functions, OUTPUTS, {"country": "../pl"}, {})
    assert not functions.asked


def test_usage_is_told(capsys):
    assert provision.main(["provision"]) == 2
    assert "usage" in capsys.readouterr().err
