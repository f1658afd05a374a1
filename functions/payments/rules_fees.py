"""What paying online costs the payer. The organisation pays nothing: the fee comes on top, and is said before he goes on."""

from collections.abc import Mapping
from typing import Any, Final

BASIS: Final = 10_000


def fee_of(rule: Mapping[str, Any], amount: int) -> int:
    """The fee for an amount, both in minor units: a fixed part and basis points of the amount, half up, at most `most`.

    Zero where the rule names none, or the provider adds its own on its page (`kind` is `provider`).
    """
    if rule.get("kind") != "payer":
        return 0
    part = (amount * int(rule.get("basis_points") or 0) + BASIS // 2) // BASIS
    fee = int(rule.get("fixed") or 0) + part
    most = rule.get("most")
    return fee if most is None else min(fee, int(most))
