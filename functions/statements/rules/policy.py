"""The order of allocation as data: which of the open charges a payment covers first."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from statements.rules.state import OpenItem

DESIGNATED: Final = "designated"
LONGEST_OVERDUE: Final = "longest_overdue"
NOT_YET_DUE: Final = "not_yet_due"
FROM_CREDIT: Final = "from_credit"
EARLIER: Final = "earlier"
REFUNDED: Final = "refunded"
_STEPS: Final = frozenset({DESIGNATED, LONGEST_OVERDUE, NOT_YET_DUE})


class PolicyError(ValueError):
    """The data do not make a policy."""


class Policy(NamedTuple):
    """One version of a jurisdiction's rule.

    `order` are the steps that a payment goes through; `purposes` breaks ties between charges that are due on the same day;
    `accessory_first` lets the due interest on a charge that the payer named be covered before the charge itself.
    """

    policy_id: str
    valid_from: str
    order: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    accessory_first: bool = True

    def rank(self, purpose: str) -> int:
        """Lower goes first; purposes that are not listed come last."""
        return self.purposes.index(purpose) if purpose in self.purposes else len(self.purposes)

    def age(self, item: OpenItem) -> tuple[str, int, str, str]:
        """The order among charges that stand alike: the earliest due first; ties by purpose, date, id."""
        return item.due_date, self.rank(item.purpose), item.date, item.charge_id


class Policies(NamedTuple):
    """All versions, the oldest first. The one in force on an entry's value date applies to it, also in a later re-run."""

    versions: tuple[Policy, ...]

    def on(self, day: str) -> Policy:
        """The version that is in force; before the first one, the first."""
        found = self.versions[0]
        for version in self.versions[1:]:
            if version.valid_from <= day:
                found = version
        return found


def parse_policies(data: Mapping[str, Any]) -> Policies:
    """Read `infra/jurisdictions/<country>/allocation.json`. Raises PolicyError."""
    try:
        versions = [_parse_version(version) for version in data["versions"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise PolicyError(str(error)) from error
    if not versions:
        raise PolicyError("no version")
    return Policies(tuple(sorted(versions, key=lambda version: version.valid_from)))


def _parse_version(data: Mapping[str, Any]) -> Policy:
    order = tuple(str(step) for step in data["order"])
    if set(order) != _STEPS:
        # A step left out would leave money unallocated beside open charges.
        raise PolicyError(f"order must hold each of {sorted(_STEPS)}")
    return Policy(
        policy_id=str(data["policy_id"]),
        valid_from=str(data["valid_from"]),
        order=order,
        purposes=tuple(str(purpose) for purpose in data["purposes"]),
        accessory_first=bool(data["accessory_first"]),
    )
