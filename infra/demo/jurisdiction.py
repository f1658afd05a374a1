"""The country's law as data: which debts a payment covers first, and on which days nobody works."""

import json
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).resolve().parents[1] / "jurisdictions"


def allocation_policy(country: str) -> dict[str, Any]:
    """`infra/jurisdictions/<country>/allocation.json`, which the organisation's profile carries to the ledger."""
    policy: dict[str, Any] = json.loads((_FOLDER / country.lower() / "allocation.json").read_text())
    return policy


def public_holidays(country: str) -> dict[str, Any]:
    """`infra/jurisdictions/<country>/holidays.json`, which the organisation's profile carries to whoever counts working days."""
    rules: dict[str, Any] = json.loads((_FOLDER / country.lower() / "holidays.json").read_text())
    return rules
