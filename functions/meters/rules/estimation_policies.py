"""How estimates are made: data with their sources.

A country's own policies come with the organisation's profile (`estimation_policies`, from infra/jurisdictions/<country>/meters.json):

    {"default": "pl-last-period", "policies": [{"policy_id", "method", "percent", "months", "max_months", "daily_decimals", "norms",
     "source"}]}

Those of no country of ours lie beside this file, for everybody to choose.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from meters.rules.counters import parse_use
from meters.rules.vocabulary import MAX_DECIMALS, Medium

Method = Literal["season", "last_period", "last_months", "norm"]
GENERAL: Final = "season"
"""Of a country without a rule of its own."""
_FILE: Final = Path(__file__).with_name("estimation_policies.json")


class PolicyError(ValueError):
    """The data make no policy."""


@dataclass(frozen=True, slots=True)
class EstimationPolicy:
    """How a country or an organisation estimates.

    `method`: the use of the same season last year (else of the last period), of the last period between two readings, of the last
    `months`, or the flat `norms` (a register's daily use in billionths of the unit). Of the average `percent` are taken, rounded to
    `daily_decimals` of the unit. `max_months` after the last real reading no more estimate is made; None: no limit.
    """

    policy_id: str
    method: Method
    percent: int
    months: int
    max_months: int | None
    daily_decimals: int
    norms: Mapping[Medium, int]
    source: str


@cache
def policies() -> Mapping[str, EstimationPolicy]:
    """The general policies, by id."""
    return {policy.policy_id: policy for policy in map(parse_policy, json.loads(_FILE.read_text("utf-8"))["policies"])}


def policies_of(country: Mapping[str, Any]) -> Mapping[str, EstimationPolicy]:
    """What an organisation may choose from, by id: its country's policies (the profile's field) before the general ones.

    Raises PolicyError.
    """
    own = {policy.policy_id: policy for policy in map(parse_policy, country.get("policies", ()))}
    return {**own, **{policy_id: policy for policy_id, policy in policies().items() if policy_id not in own}}


def default_policy(country: Mapping[str, Any]) -> str:
    """The id of the policy that holds where an organisation has said nothing."""
    return str(country.get("default", GENERAL))


def parse_policy(data: Mapping[str, Any]) -> EstimationPolicy:
    """One policy from its data. Raises PolicyError."""
    try:
        policy = EstimationPolicy(
            policy_id=str(data["policy_id"]),
            method=data["method"],
            percent=int(data["percent"]),
            months=int(data["months"]),
            max_months=None if data["max_months"] is None else int(data["max_months"]),
            daily_decimals=int(data["daily_decimals"]),
            norms={medium: parse_use(str(use)) for medium, use in data["norms"].items()},
            source=str(data["source"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PolicyError(str(error)) from error
    known = policy.method in get_args(Method) and set(policy.norms) <= set(get_args(Medium))
    if not known or policy.percent <= 0 or policy.months < 1 or not 0 <= policy.daily_decimals <= MAX_DECIMALS:
        raise PolicyError(policy.policy_id)
    return policy
