"""The countries' law as data, `infra/jurisdictions/<country>/`, which an organisation's profile carries to the functions."""

import json
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).resolve().parents[1] / "jurisdictions"
_FILES: Final = {
    "allocation_policy": "allocation.json",
    "public_holidays": "holidays.json",
    "estimation_policies": "meters.json",
}


class UnknownCountryError(ValueError):
    """There are no data for the country; the first argument is its code."""


def law(country: str) -> dict[str, Any]:
    """The fields of a profile that its country decides: which debts a payment covers first, on which days nobody works, how meters
    that nobody read are estimated.

    `country`: ISO 3166 code, in any case. Raises UnknownCountryError.
    """
    folder = _FOLDER / country.lower()
    if not country.isalpha() or not folder.is_dir():
        raise UnknownCountryError(country)
    return {field: json.loads((folder / name).read_text("utf-8")) for field, name in _FILES.items()}
