"""Pure rules of auth: passwords, and how long to wait after failures. Thresholds are data at the top."""

from dataclasses import dataclass
from typing import Final

from shared.organisations import PasswordRules

LONGEST_PASSWORD: Final = 256
"""Cognito's limit."""
SESSION_LIMIT: Final = 20
"""Sessions that one person may have at a time; a further sign-in ends the oldest."""
KNOWN_ADDRESS_SECONDS: Final = 90 * 86_400
"""How long an address counts as the person's own after a sign-in from it."""
RESET_TICKET_SECONDS: Final = 15 * 60
"""How long a right reset code can be used again after the password sent with it broke the organisation's rules."""


@dataclass(frozen=True)
class Limit:
    """Failures are free up to `free`; each further one doubles the wait, from `first_wait` up to `longest_wait` seconds.

    All is forgotten `window` seconds after the last failure, so nobody is locked out for ever.
    """

    free: int
    first_wait: int
    longest_wait: int
    window: int


@dataclass(frozen=True)
class Counter:
    """A counted thing: `of` (person, address or both together) for one purpose."""

    purpose: str
    of: str
    limit: Limit


SIGN_IN_PAIR: Final = Counter("sign-in", "pair", Limit(free=5, first_wait=30, longest_wait=900, window=3600))
# Cognito locks a user by itself from the fifth failure on, for 1 s, doubling to 15 min, and forgets 15 min after the last one; that lock
# holds at the person's own address too. So strangers get few tries, and in the end wait longer than Cognito remembers.
SIGN_IN_PERSON: Final = Counter("sign-in", "person", Limit(free=8, first_wait=60, longest_wait=1200, window=3600))
SIGN_IN_ADDRESS: Final = Counter("sign-in", "address", Limit(free=60, first_wait=30, longest_wait=900, window=3600))
RESET_PERSON: Final = Counter("reset", "person", Limit(free=8, first_wait=60, longest_wait=3600, window=7200))
RESET_ADDRESS: Final = Counter("reset", "address", Limit(free=40, first_wait=60, longest_wait=3600, window=7200))
FORGOT_PERSON: Final = Counter("forgot", "person", Limit(free=4, first_wait=120, longest_wait=3600, window=7200))
FORGOT_ADDRESS: Final = Counter("forgot", "address", Limit(free=40, first_wait=60, longest_wait=3600, window=7200))
PASSWORD_PERSON: Final = Counter("password", "person", Limit(free=5, first_wait=30, longest_wait=900, window=3600))


def counted(failures: int, seconds_since_last: int, limit: Limit) -> int:
    """How many of the stored failures still count."""
    return 0 if seconds_since_last >= limit.window else failures


def seconds_to_wait(failures: int, seconds_since_last: int, limit: Limit) -> int:
    """How long until the next attempt is taken; 0 for at once."""
    failures = counted(failures, seconds_since_last, limit)
    if failures < limit.free:
        return 0
    # Beyond 2**20 the longest wait has long been reached; the bound keeps the number small.
    wait = min(limit.first_wait << min(failures - limit.free, 20), limit.longest_wait)
    return max(0, wait - seconds_since_last)


@dataclass(frozen=True)
class Broken:
    """A password rule that is broken, with the number that its words need."""

    code: str
    params: dict[str, int]


def broken_password_rules(password: str, rules: PasswordRules) -> tuple[Broken, ...]:
    """All rules that a new password breaks, so that they can be shown at once. Letters of any alphabet count (A4)."""
    findings = (
        (len(password) < rules.least_length, Broken("password_too_short", {"least": rules.least_length})),
        (len(password) > LONGEST_PASSWORD, Broken("password_too_long", {"most": LONGEST_PASSWORD})),
        (rules.digit and not any(c.isdecimal() for c in password), Broken("password_without_digit", {})),
        (rules.symbol and all(c.isalnum() for c in password), Broken("password_without_symbol", {})),
        (rules.capital and not any(c.isupper() for c in password), Broken("password_without_capital", {})),
        (rules.small_letter and not any(c.islower() for c in password), Broken("password_without_small_letter", {})),
        # Cognito refuses these; told here so that the person learns why.
        (password != password.strip(), Broken("password_with_edge_space", {})),
    )
    return tuple(broken for is_broken, broken in findings if is_broken)
