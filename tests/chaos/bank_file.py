"""A bank statement file of many transfers, as a bank that offers mass payments writes it (MT940)."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.tenancy import BANK_ACCOUNT, Tenancy

A_STATEMENT = 500
"""Transfers in one statement; each statement is of a day of its own."""


@dataclass(frozen=True)
class Transfer:
    """Who pays (the contract's number in the tenancy) and how much, in grosz."""

    contract: int
    amount: int
    day: date
    serial: int


def transfers(tenancy: Tenancy, count: int, *, seed: int = 1) -> list[Transfer]:
    """Transfers to all contracts in turn, in amounts of their own."""
    chance = random.Random(seed)
    first = date(2026, 1, 2)
    return [
        Transfer(
            chance.randrange(tenancy.size),
            chance.randint(1_00, 900_00),
            first + timedelta(days=serial // A_STATEMENT),
            serial,
        )
        for serial in range(count)
    ]


def write(tenancy: Tenancy, given: list[Transfer]) -> bytes:
    """The file: as many statements as the transfers have days, with balances that add up."""
    balance, out = 1_000_00, []
    for day in sorted({transfer.day for transfer in given}):
        of_day = [transfer for transfer in given if transfer.day == day]
        out += [
            f":20:ST{day:%y%m%d}CYC/1",
            f":25:{BANK_ACCOUNT}",
            f":28C:{day:%j}/1",
            f":60F:C{day:%y%m%d}PLN{_decimal(balance)}",
        ]
        for transfer in of_day:
            out += _lines(tenancy, transfer)
        balance += sum(transfer.amount for transfer in of_day)
        out += [f":62F:C{day:%y%m%d}PLN{_decimal(balance)}", "-"]
    return "\n".join(["", *out]).encode("cp1250")


def _lines(tenancy: Tenancy, transfer: Transfer) -> list[str]:
    day = transfer.day
    payer = f"56114010810000267{transfer.contract:09d}"
    details = (
        f":86:911 TRANSAKCJA COLLECT; ID IPH: {tenancy.mass_payment_id(transfer.contract)}; Z RACH.: {payer}; "
        f"OD: NOWAK {transfer.contract}  LIPOWA 12; TYT.: CZYNSZ; TNR: {179_000_000_000_000 + transfer.serial}.010001"
    )
    head = f":61:{day:%y%m%d}{day:%m%d}CN{_decimal(transfer.amount)}NTRFNONREF//MB{transfer.serial:014d}"
    return [head, "911-TRANSAKCJA IPH", *(details[start : start + 65] for start in range(0, len(details), 65))]


def _decimal(amount: int) -> str:
    return f"{amount // 100},{amount % 100:02d}"
