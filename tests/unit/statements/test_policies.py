"""The jurisdictions' allocation data, and how they are read."""

import json
from pathlib import Path
from typing import get_args

import pytest
from statements.rules.entries import Purpose
from statements.rules.policy import Policies, Policy, PolicyError, parse_policies

FOLDER = Path(__file__).parents[3] / "infra" / "jurisdictions"


@pytest.mark.parametrize("country", ["pl", "ua", "no", "fr"])
def test_should_read_the_policy_of_each_country(country):
    data = json.loads((FOLDER / country / "allocation.json").read_text(encoding="utf-8"))
    policies = parse_policies(data)
    assert data["country"] == country.upper()
    assert all(version["source"] and version["valid_from"] for version in data["versions"])
    assert set(policies.on("2026-01-01").purposes) == set(get_args(Purpose))


def test_should_apply_the_version_in_force_on_the_day():
    old = Policy("old", "2000-01-01", ("designated",))
    new = Policy("new", "2020-01-01", ("designated",))
    policies = Policies((old, new))
    assert [policies.on(day).policy_id for day in ("1999-01-01", "2019-12-31", "2020-01-01")] == ["old", "old", "new"]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"versions": []},
        {"versions": [{"policy_id": "x"}]},
        {
            "versions": [
                {
                    "policy_id": "x",
                    "valid_from": "2000-01-01",
                    "order": ["designated"],
                    "purposes": [],
                    "accessory_first": True,
                }
            ]
        },
    ],
)
def test_should_refuse_what_is_no_policy(broken):
    with pytest.raises(PolicyError):
        parse_policies(broken)
