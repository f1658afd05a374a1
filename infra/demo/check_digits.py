"""Account numbers and payment references with right check digits. The accounts are made up; banks' codes give them their shape."""

import random

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

_NO_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def iban(country: str, bban: str) -> str:
    """ISO 13616: the country's own number behind check digits."""
    digits = "".join(str(int(character, 36)) for character in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


def polish_account(bank: str, number: int) -> str:
    """26 digits (NRB): check digits, 8 of the bank, 16 of the account."""
    return iban("PL", f"{bank}{number:016d}")[2:]


def ukrainian_iban(bank: str, number: int) -> str:
    """29 characters: UA, check digits, 6 of the bank, 19 of the account."""
    return iban("UA", f"{bank}{number:019d}")


def french_iban(bank: str, branch: str, number: int) -> str:
    """27 characters; the country's own check (clé RIB) stands at its end: 97 - (89 b + 15 g + 3 c) mod 97."""
    account = f"{number:011d}"
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account.translate(_RIB_LETTERS))) % 97
    return iban("FR", f"{bank}{branch}{account}{key:02d}")


def norwegian_account(bank: str, number: int) -> str:
    """11 digits, the last one mod 11. Numbers whose check would be 10 do not exist; the next one is taken."""
    while True:
        first = f"{bank}{number:06d}"
        check = (11 - sum(int(digit) * weight for digit, weight in zip(first, _NO_WEIGHTS, strict=True)) % 11) % 11
        if check < 10:  # noqa: PLR2004 - the remainder that has no digit
            return f"{first}{check}"
        number += 1


def kid(customer: int, contract: int) -> str:
    """A Norwegian KID of 12 digits: customer, running number of the contract (never the flat alone), mod 10 check digit."""
    digits = f"{customer:06d}{contract:05d}"
    return f"{digits}{luhn.calc_check_digit(digits)}"


def rf(reference: str) -> str:
    """A creditor reference (ISO 11649) of up to 21 letters and digits."""
    return f"RF{mod_97_10.calc_check_digits(f'{reference}RF')}{reference}"


def payer_account(country: str, chance: random.Random) -> str:
    """An account of a private person in this country."""
    if country == "PL":
        return polish_account(chance.choice(("10201026", "11402004", "10501445", "12401431")), chance.randrange(10**15))
    if country == "UA":
        return ukrainian_iban(
            chance.choice(("305299", "322001", "300528")), 26_200_000_000_000 + chance.randrange(10**10)
        )
    if country == "NO":
        return norwegian_account(chance.choice(("3624", "9710", "1503")), chance.randrange(10**5))
    return french_iban(
        chance.choice(("30003", "10278", "14508")), f"{chance.randrange(1, 9999):05d}", chance.randrange(10**9)
    )
