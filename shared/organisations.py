"""The organisation as every context needs to know it: one profile, written by `auth` into the access table from registry's events."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class PasswordRules(BaseModel):
    """What the organisation demands of a password (A4). Cognito's own least length of 8 is the floor."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    least_length: int = Field(default=12, ge=8, le=99)
    digit: bool = True
    symbol: bool = False
    capital: bool = True
    small_letter: bool = True


class Theme(BaseModel):
    """The organisation's own look (A8). The site computes contrast; a colour is a wish."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    accent: str = Field(default="#1f5f8b", pattern="^#[0-9a-fA-F]{6}$")
    logo_url: str | None = Field(default=None, max_length=300, pattern=r"^(https://|/)[^\s\"'<>]+$")
    header_address: list[str] = Field(default_factory=list, max_length=4)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=40)


class BankAccount(BaseModel):
    """An account that the organisation gets payments on; `account` is an IBAN or the country's own number."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    account: str = Field(pattern="^[0-9A-Z]{4,34}$")
    currency: str = Field(pattern="^[A-Z]{3}$")


class OrganisationProfile(BaseModel):
    """A property manager: who it is, how it speaks, and the rules it has chosen. Holds no personal data."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    organisation_id: str = Field(pattern="^org_[0-9A-Za-z_]{1,40}$")
    slug: str = Field(pattern="^[a-z0-9][a-z0-9-]{1,40}$")
    name: str = Field(min_length=1, max_length=140)
    country: Literal["PL", "UA", "NO", "FR"]
    currency: str = Field(pattern="^[A-Z]{3}$")
    locale: Literal["pl", "uk", "nb", "fr", "en"]
    time_zone: str = Field(pattern="^[A-Za-z_]+/[A-Za-z_/+-]+$")
    theme: Theme = Field(default_factory=Theme)
    password_rules: PasswordRules = Field(default_factory=PasswordRules)
    features: list[str] = Field(default_factory=list)
    bank_accounts: list[BankAccount] = Field(default_factory=list)
    allocation_policy: dict[str, Any] = Field(default_factory=dict)
    """Which debts a payment covers first; data from infra/jurisdictions, read by the ledger."""
    public_holidays: dict[str, Any] = Field(default_factory=dict)
    """The country's public holidays; data from infra/jurisdictions, read by the deadlines of tickets (`shared.holidays`)."""
    estimation_policies: dict[str, Any] = Field(default_factory=dict)
    """How the country estimates meters that nobody read; data from infra/jurisdictions, read by meters."""
