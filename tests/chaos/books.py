"""What the bank file, the payments and the accounts say, side by side."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from tests.chaos.bank_file import Transfer
from tests.tenancy import Tenancy, pages


@dataclass(frozen=True)
class Account:
    balance: int
    due: int
    credit: int


@dataclass(frozen=True)
class Books:
    """A moment's state: payments booked by id and account, the sum of each account's entries, each account's figures."""

    booked: dict[str, tuple[str, int]]
    twice: dict[str, int]
    entry_sums: dict[str, int]
    accounts: dict[str, Account]
    debts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(account.balance for account in self.accounts.values())


def read_books(tenancy: Tenancy) -> Books:
    """Entries as they are stored, accounts and contracts as the API shows them."""
    booked: dict[str, tuple[str, int]] = {}
    seen: Counter[str] = Counter()
    sums: defaultdict[str, int] = defaultdict(int)
    for item in tenancy.items("STATEMENTS"):
        if not item["sk"].startswith("ENTRY#"):
            continue
        contract = item["pk"].rpartition("#")[2]
        sums[contract] += item["amount"]
        if item["kind"] == "payment":
            seen[item["entry_id"]] += 1
            booked[item["entry_id"]] = (contract, -item["amount"])
    accounts = {}
    for contract in tenancy.contracts.values():
        answer = tenancy.staff.get(f"/accounts/{contract}")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        accounts[contract] = Account(shown["balance"], shown["due"], shown["credit"])
    debts = {item["contract_id"]: item["current_debt"] for item in pages(tenancy.staff, "/contracts")}
    return Books(booked, {key: count for key, count in seen.items() if count > 1}, dict(sums), accounts, debts)


def check_books(tenancy: Tenancy, given: list[Transfer], before: Books, after: Books) -> None:
    """Each transfer is one payment on the right account; accounts add up; what people owe has gone down by what the bank got."""
    received = sum(transfer.amount for transfer in given)
    transfers = [item for item in tenancy.items("PAYMENTS") if item["sk"] == "TRANSFER"]
    assert len(transfers) == len(given)
    assert {item["state"] for item in transfers} == {"matched"}
    assert not after.twice
    expected = {item["payment_id"]: (item["contract_id"], item["amount"]) for item in transfers}
    assert after.booked == expected
    wanted = Counter((tenancy.contract_id(transfer.contract), transfer.amount) for transfer in given)
    assert Counter(after.booked.values()) == wanted
    assert sum(amount for _contract, amount in after.booked.values()) == received
    assert before.total - after.total == received
    for contract, account in after.accounts.items():
        assert account.balance == after.entry_sums[contract], contract
        assert account.balance == account.due - account.credit, contract
        assert min(account.due, account.credit) >= 0, contract
    assert after.debts == {contract: account.due for contract, account in after.accounts.items()}
