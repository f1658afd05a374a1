"""Real bank files, imported through the running portal by the organisation whose account they are of; skipped where they are absent."""

from collections.abc import Iterator

import pytest

from infra.build.environment import ROOT
from shared.organisations import BankAccount, OrganisationProfile
from tests.tenancy import Tenancy
from tests.world import World

SAMPLES = ROOT.parent / "shared" / "samples" / "bank-statements"
pytestmark = [pytest.mark.world, pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not here")]
READABLE = {
    "mbank.mt940.sta": 3,
    "camt053.v2.minimal.xml": 1,
    "camt053.v4.xml": 1,
    "camt053.v8.xml": 1,
    "netsgiro.ocr.txt": None,
}
BROKEN = ("camt053.v2.wrong.xml",)


class AnyBank(Tenancy):
    """An organisation that has the accounts of all sample files."""

    @property
    def profile(self) -> OrganisationProfile:
        accounts = [("PL29114010810000267002001002", "PLN"), ("NL26VAYB8060476890", "EUR"), ("99991042764", "NOK")]
        known = [BankAccount(account=account, currency=currency) for account, currency in accounts]
        return super().profile.model_copy(update={"bank_accounts": known})

    def mass_payment_id(self, number: int) -> str:
        return f"XX{number + 1:012d}"


@pytest.fixture(scope="module")
def any_bank(world: World) -> Iterator[Tenancy]:
    return AnyBank(world, 3).found()


def imported(tenancy: Tenancy, name: str) -> dict:
    upload = tenancy.world.upload(tenancy.staff, "bank_statement", name, (SAMPLES / name).read_bytes())
    return tenancy.finished("/bank-statements", tenancy.staff.post("/bank-statements", json={"upload": upload}))


@pytest.mark.parametrize("name", READABLE)
def test_a_real_file_is_read_to_its_end_and_once(any_bank: Tenancy, name: str) -> None:
    done = imported(any_bank, name)
    assert (done["state"], done["errors"]) == ("done", []), done
    if READABLE[name] is not None:
        assert done["transactions"] == READABLE[name]
    assert done["transactions"] == sum(done[kind] for kind in ("matched", "unmatched", "duplicates", "ignored")) > 0
    again = imported(any_bank, name)
    assert (again["duplicates"], again["matched"], again["unmatched"]) == (done["transactions"], 0, 0)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_changes_nothing_and_says_where(any_bank: Tenancy, name: str) -> None:
    before = any_bank.staff.get("/unmatched-transfers").json()["items"]
    done = imported(any_bank, name)
    assert (done["state"], done["transactions"]) == ("failed", 0)
    (error,) = done["errors"]
    assert error["code"]
    assert any_bank.staff.get("/unmatched-transfers").json()["items"] == before


def test_the_polish_file_finds_its_three_tenants(any_bank: Tenancy) -> None:
    imported(any_bank, "mbank.mt940.sta")

    def paid() -> list[str]:
        shown = [
            any_bank.staff.get(f"/accounts/{each}/payments").json()["items"] for each in any_bank.contracts.values()
        ]
        return sorted(f"{item['amount']} on {item['value_date']}" for items in shown for item in items)

    any_bank.world.wait_until(lambda: paid() == ["1 on 2017-01-19"] * 3, 60)


def test_a_file_of_a_strange_account_is_refused(any_bank: Tenancy) -> None:
    done = imported(any_bank, "rabobank-iban.sta")
    assert done["state"] == "failed"
    assert done["errors"][0]["code"] == "unknown_bank_account"
