"""The fee that the site shows before a payment is the fee that the server takes: both are held to the same vectors."""

import json
from pathlib import Path

from payments.rules_fees import fee_of

VECTORS = Path(__file__).parents[2] / "web" / "tests" / "fees.json"


def test_the_fees_of_the_site_are_those_of_the_server() -> None:
    vectors = json.loads(VECTORS.read_text())
    assert {row["rule"]["kind"] for row in vectors} == {"none", "payer", "provider"}
    for row in vectors:
        assert row["fees"] == [[amount, fee_of(row["rule"], amount)] for amount, _ in row["fees"]], row["rule"]
