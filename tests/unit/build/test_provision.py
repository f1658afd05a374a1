"""The operator's way to a new organisation."""

import io
import json

import pytest

from infra.build import provision


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


OUTPUTS = {"RegistryOperator": "register", "AuthOperator": "appoint"}


def test_the_administrator_belongs_to_the_new_organisation():
    functions = Functions(register=({"organisation_id": "org_1"}, False), appoint=({"state": "enrolled"}, False))
    made = provision.provision(functions, OUTPUTS, {"slug": "a"}, {"email": "a@example.org"})
    assert functions.asked == [
        ("register", {"slug": "a"}), ("appoint", {"organisation_id": "org_1", "email": "a@example.org"})
    ]  # fmt: skip
    assert made["administrator"] == {"state": "enrolled"}


def test_a_refusal_stops_with_its_reason():
    functions = Functions(register=({"errorMessage": "slug_taken"}, True))
    with pytest.raises(provision.ProvisionError, match="slug_taken"):
        provision.provision(functions, OUTPUTS, {}, {})
    assert [name for name, _ in functions.asked] == ["register"]


def test_usage_is_told(capsys):
    assert provision.main(["provision"]) == 2
    assert "usage" in capsys.readouterr().err
