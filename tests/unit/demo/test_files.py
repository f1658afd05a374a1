"""The demo world's files are what customers and banks send: the importers' own readers take them."""

import io
import zipfile
from datetime import date

import pytest
from payments.bank_files.reading import read_statements
from payments.rules_matching import account_key, clues, is_kid, number_clues, number_key, number_shape, reference_key
from payments.rules_transfers import find_account, identities
from registry.portfolio import read_portfolio
from statements.rules.charge_file import parse_charges
from statements.rules.policy import parse_policies
from stdnum import iban, luhn
from stdnum.iso11649 import is_valid as is_rf
from stdnum.no import kontonr

from infra.demo.bank.ocr_giro import write as write_ocr
from infra.demo.bank.statement import Statement
from infra.demo.check_digits import french_iban, kid, norwegian_account, rf
from infra.demo.model import Address, Payer, References, Transfer
from infra.demo.portfolio import ledger_zip, portfolio_zip
from infra.demo.world import make_world
from shared.money import to_minor

TODAY = date(2026, 11, 22)
WORLD = {organisation.profile.country: organisation for organisation in make_world(TODAY)}
EACH = pytest.mark.parametrize("world", WORLD.values(), ids=WORLD)


def statements(world):
    return [statement for file in world.statement_files for statement in read_statements(file.data)]


def read(world):
    return [transfer for statement in statements(world) for transfer in statement.transfers]


def told(world):
    """The movements that the country's format can tell of."""
    return [t for t in world.transfers if world.profile.country != "NO" or t.amount > 0]


@EACH
def test_files_are_the_same_every_time(world):
    again = next(o for o in make_world(TODAY) if o.profile.country == world.profile.country)
    assert portfolio_zip(again) == portfolio_zip(world)
    assert ledger_zip(again) == ledger_zip(world)
    assert [f.data for f in again.statement_files] == [f.data for f in world.statement_files]


@EACH
def test_the_portfolio_has_no_mistakes(world):
    portfolio, problems = read_portfolio(portfolio_zip(world))
    assert problems.items == []
    assert len(portfolio.files["contracts.csv"]) == len(world.contracts)
    assert portfolio.size == sum(
        len(rows)
        for rows in (
            world.communities, world.units, world.people, world.contracts, world.occupancies, world.mandates,
        )
    )  # fmt: skip


@EACH
def test_the_ledger_file_has_no_mistakes(world):
    with zipfile.ZipFile(io.BytesIO(ledger_zip(world))) as archive:
        rows, problems = parse_charges(archive.read("charges.csv"))
    assert problems == []
    currency = world.profile.currency
    assert [to_minor(row.amount, currency) for row in rows] == [c.amount for c in world.charges]
    assert {row.contract_number for row in rows} <= {c.number for c in world.contracts}


@EACH
def test_references_are_valid_and_nobody_elses(world):
    for contract in world.contracts:
        known = contract.references
        assert not known.kid or luhn.is_valid(known.kid)
        assert not known.rf or is_rf(known.rf)
        assert not known.virtual_account or iban.is_valid(f"PL{known.virtual_account}")
    for name in ("mass_payment_id", "virtual_account", "kid", "rf"):
        given = [getattr(c.references, name) for c in world.contracts if getattr(c.references, name)]
        assert len(given) == len(set(given))
    numbers = [number_key(c.number) for c in world.contracts]
    assert len(numbers) == len(set(numbers))


@EACH
def test_accounts_have_right_check_digits(world):
    own = world.profile.bank_accounts[0].account
    for account in {own, *(t.payer.account for t in world.transfers)}:
        if world.profile.country == "NO":
            assert kontonr.is_valid(account)
        else:
            assert iban.is_valid(f"PL{account}" if account.isdigit() else account)
        assert world.profile.country != "FR" or rib_key_is_right(account)


def rib_key_is_right(account):
    bank, branch, number, key = int(account[4:9]), int(account[9:14]), int(account[14:25]), int(account[25:])
    return (89 * bank + 15 * branch + 3 * number + key) % 97 == 0


@EACH
def test_the_banks_files_say_every_movement_once(world):
    found = read(world)
    assert [(t.value_date, t.amount) for t in found] == [(t.value_date, t.amount) for t in told(world)]
    assert all(t.currency == world.profile.currency and t.booked for t in found)
    assert all(t.identity and t.bank_reference for t in found)
    account = world.profile.bank_accounts[0].account
    fingerprints = [mark for statement in statements(world) for _, mark in identities(account, statement)]
    assert len(fingerprints) == len(set(fingerprints)) == len(found)
    assert len(world.statement_files) == 3


@EACH
def test_the_banks_files_name_payers_titles_and_references(world):
    for bank, own in zip(read(world), told(world), strict=True):
        if own.amount < 0:
            continue
        assert account_key(bank.payer_account) == account_key(own.payer.account)
        assert bank.mass_payment_id == own.references.mass_payment_id
        assert bank.virtual_account == own.references.virtual_account
        assert bank.creditor_reference == (own.references.kid or own.references.rf)
        if world.profile.country != "NO":
            assert bank.payer_name.casefold() == own.payer.name.casefold()
            assert bank.title == own.title


@EACH
def test_statements_are_of_the_organisations_account_and_follow_each_other(world):
    found = statements(world)
    known = [world.profile.bank_accounts[0].account]
    assert all(find_account(statement.account, known) for statement in found)
    if world.profile.country == "NO":  # OCR giro has sums and counts instead, which its reader checks
        return
    balance = world.opening_balance
    for statement in found:
        assert statement.opening.amount == balance
        balance += sum(t.amount for t in statement.transfers)
        assert statement.closing.amount == balance
    assert balance == world.opening_balance + sum(t.amount for t in world.transfers)


@EACH
def test_the_matching_rules_find_exactly_the_contract_that_is_expected(world):
    """By reference, or by the contract's number in the title; and nothing in what is left for staff."""
    index = {
        (kind, reference_key(kind, value)): contract.number
        for contract in world.contracts
        for kind in ("mass_payment_id", "virtual_account", "kid", "rf")
        if (value := getattr(contract.references, kind))
    }
    numbers = {number_key(contract.number): contract.number for contract in world.contracts}
    shapes = frozenset(number_shape(key) for key in numbers)
    own = world.profile.bank_accounts[0].account
    for bank, meant in zip(read(world), told(world), strict=True):
        if meant.amount < 0:
            continue
        said = clues(
            mass_payment_id=bank.mass_payment_id,
            virtual_account=bank.virtual_account,
            creditor_reference=bank.creditor_reference,
            title=bank.title,
            not_accounts=(own, bank.payer_account),
        )
        found = {index[clue.kind, clue.value] for clue in said if (clue.kind, clue.value) in index}
        found |= {numbers[clue.key] for clue in number_clues(bank.title, shapes) if clue.key in numbers}
        assert found == ({meant.credited} if meant.credited else set())


@EACH
def test_what_each_file_promises(world):
    for file in world.statement_files:
        found = [t for statement in read_statements(file.data) for t in statement.transfers]
        assert (file.transactions, file.ignored) == (len(found), sum(t.amount < 0 for t in found))
    assert sum(f.matched for f in world.statement_files) == sum(bool(t.credited) for t in world.transfers)
    assert sum(f.unmatched for f in world.statement_files) >= 2


@EACH
def test_the_profile_carries_the_countrys_rule_of_allocation(world):
    policies = parse_policies(world.profile.allocation_policy)
    assert policies.on(TODAY.isoformat()).order


def test_formats_are_those_of_the_country():
    heads = {country: world.statement_files[0].data[:200] for country, world in WORLD.items()}
    assert b":20:ST" in heads["PL"]
    assert b"ID IPH" in WORLD["PL"].statement_files[0].data
    assert b"camt.053.001.08" in heads["UA"]
    assert heads["NO"].startswith(b"NY000010")
    assert b"camt.053.001.02" in heads["FR"]


def test_check_digits_by_known_examples():
    assert rf("539007547034") == "RF18539007547034"
    assert norwegian_account("8601", 111_794) == "86011117947"
    assert french_iban("30006", "00001", 12_345_678_901) == "FR7630006000011234567890189"
    assert is_kid(kid(362_450, 7))
    assert len(kid(362_450, 7)) == 12


def test_ocr_giro_refuses_money_that_left():
    payer = Payer("X", Address("", "", "", "NO"), "86011117947")
    gone = Transfer(1, TODAY, -5, payer, "FEE", References(), "", "")
    statement = Statement(1, "86011117947", "NOK", "X", TODAY, TODAY, 0, (gone,))
    with pytest.raises(ValueError, match="payments in only"):
        write_ocr([statement])
