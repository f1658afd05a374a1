"""The words that meters and readings are spoken of in, and how severe each finding is on each channel.

Codes, severities and channel differences are those of the industry's reading validation (VEE: Oracle Utilities' rule list, Elexon
BSCP504), fitted to a portal in which the person who reads the meter is still standing in front of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Medium = Literal["cold_water", "hot_water", "heat", "gas", "electricity", "heat_cost_allocator"]
UNITS: Final[Mapping[Medium, str]] = {
    "cold_water": "m3",
    "hot_water": "m3",
    "heat": "kWh",
    "gas": "m3",
    "electricity": "kWh",
    "heat_cost_allocator": "units",
}
"""The unit in which a medium's use is told."""

Channel = Literal["portal", "staff", "file", "api", "remote"]
INTERACTIVE: Final[frozenset[Channel]] = frozenset({"portal", "staff"})
"""Somebody sits in front of it who can be asked."""

Status = Literal["submitted", "accepted", "held", "rejected", "superseded"]
Severity = Literal["info", "warn", "hold", "reject"]
SEVERITIES: Final[tuple[Severity, ...]] = ("info", "warn", "hold", "reject")
"""From the mildest: info is told, warn asks "I checked, it is right", hold waits for staff, reject refuses."""

Claim = Literal["replaced", "rolled_over"]
"""What the reader says has happened where the counter shows less than before."""

Code = Literal[
    "FORMAT",
    "FUTURE",
    "BEFORE_INSTALL",
    "ARCHIVED",
    "VERIFICATION_EXPIRED",
    "WINDOW",
    "REGISTERS",
    "DUPLICATE",
    "DECREASE",
    "ROLLOVER",
    "TRANSPOSED",
    "HIGH",
    "LOW",
    "ZERO",
    "DEEMED_TRUEUP",
    "SUM",
    "PHYSICAL",
]

_PORTAL: Final[Mapping[Code, Severity]] = {
    "FORMAT": "reject",
    "FUTURE": "reject",
    "BEFORE_INSTALL": "reject",
    "ARCHIVED": "reject",
    "VERIFICATION_EXPIRED": "reject",
    "WINDOW": "warn",
    "REGISTERS": "reject",
    "DUPLICATE": "info",
    "DECREASE": "reject",
    "ROLLOVER": "warn",
    "TRANSPOSED": "warn",
    "HIGH": "warn",
    "LOW": "warn",
    "ZERO": "warn",
    "DEEMED_TRUEUP": "info",
    "PHYSICAL": "hold",
}
_IMPORT: Final[Mapping[Code, Severity]] = {
    **_PORTAL,
    "VERIFICATION_EXPIRED": "warn",
    "WINDOW": "info",
    "DECREASE": "hold",
    "ROLLOVER": "hold",
    "TRANSPOSED": "hold",
    "HIGH": "hold",
    "LOW": "info",
    "ZERO": "info",
    "SUM": "info",
}
# Staff answer like tenants do, but the window and an old stamp bind tenants only.
_STAFF: Final[Mapping[Code, Severity]] = {**_PORTAL, "WINDOW": "info", "VERIFICATION_EXPIRED": "warn", "SUM": "info"}

TABLE: Final[Mapping[Channel, Mapping[Code, Severity]]] = {
    "portal": _PORTAL,
    "staff": _STAFF,
    "file": _IMPORT,
    "api": _IMPORT,
    "remote": _IMPORT,
}
"""How severe a code is before the policy of the organisation and the degree (HIGH from five times on) change it."""

MAX_REGISTERS: Final = 4
MAX_DECIMALS: Final = 6
_MAX_DIGITS: Final = 12
USE_UNIT: Final = 10**9
"""A use is an integer in billionths of its medium's unit: exact for every number of decimals and every multiplier, also where a
meter was replaced by another kind."""


@dataclass(frozen=True, slots=True)
class Device:
    """The counter that hangs there at present.

    `digits` before and `decimals` after the point, the same for all `registers`; one count of the smallest unit stands for
    `multiplier_milli` thousandths of it (current transformers, ratings of heat-cost allocators); `max_flow` is the largest use per
    hour that is physically possible (Q4 of a water meter), in billionths of the medium's unit; None: not known.
    Raises ValueError.
    """

    digits: int
    decimals: int = 0
    registers: int = 1
    multiplier_milli: int = 1000
    max_flow: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.digits <= _MAX_DIGITS or not 0 <= self.decimals <= MAX_DECIMALS:
            raise ValueError("digits")
        if not 1 <= self.registers <= MAX_REGISTERS:
            raise ValueError("registers")
        if self.multiplier_milli <= 0 or (self.max_flow is not None and self.max_flow <= 0):
            raise ValueError("multiplier")

    @property
    def range(self) -> int:
        """How many values a register can show; after the last one comes zero again."""
        return int(10 ** (self.digits + self.decimals))

    def use(self, counts: int) -> int:
        """The use behind so many counts of the smallest unit."""
        return int(counts * self.multiplier_milli * 10 ** (MAX_DECIMALS - self.decimals))


SuggestionKind = Literal[
    "transposed_digits",
    "swapped_registers",
    "decimal_point",
    "wrong_digit",
    "missing_digit",
    "extra_digit",
    "rolled_over",
]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What would make a reading plausible: the values to type for all registers, and what to claim with them of which register."""

    kind: SuggestionKind
    values: tuple[str, ...]
    claim: Claim | None = None
    claimed: tuple[int, ...] = ()


Params = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check says about a reading.

    `register` counts from 0; None: the whole reading. `params` are the numbers that the check used, as text: counter values as they
    stand on the counter, uses and daily uses in the medium's unit, days in ISO form.
    """

    code: Code
    severity: Severity
    register: int | None = None
    params: Params = field(default_factory=dict)
    suggestion: Suggestion | None = None
