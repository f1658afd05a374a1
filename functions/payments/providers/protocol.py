"""The one thing that every provider is: a module of pure functions. docs/adding-a-provider.md says how to write one."""

from collections.abc import Mapping
from typing import Protocol

from payments.providers.model import (
    MAX_ANSWER,
    MAX_BODY,
    Account,
    Answer,
    Call,
    Delivery,
    Field,
    Notice,
    Order,
    Redirect,
    Refund,
    Refusal,
    Reply,
    Result,
    Traits,
)


class Provider(Protocol):
    """A payment provider's protocol. Every function may raise Refusal."""

    @property
    def FIELDS(self) -> tuple[Field, ...]:  # noqa: N802 - constants of a module
        """What an administrator enters; `host` is the one that a sandbox replaces."""

    @property
    def CURRENCIES(self) -> frozenset[str]:  # noqa: N802
        """ISO 4217 codes that the provider takes from us."""

    @property
    def TRAITS(self) -> Traits:  # noqa: N802
        """What its callers have to know of it besides."""

    def token(self, account: Account, /) -> Call | None:
        """The call that gets an access token, for providers that have one; its Result carries the token."""

    def start(self, account: Account, order: Order, /) -> Redirect | Call:
        """How the payer gets to the provider: at once, or after a call whose Result carries the redirect."""

    def read_webhook(self, account: Account, delivery: Delivery, /) -> tuple[Notice, ...]:
        """What a webhook says, after its signature over the raw body was verified. Use `receive`, which limits the size."""

    def answer(self, account: Account, delivery: Delivery, problem: str, /) -> Reply:
        """What the provider wants to hear. `problem` is empty for what was taken (now or before), else the code of the refusal."""

    def follow_up(self, account: Account, notice: Notice, /) -> Call | None:
        """The call that must follow an AUTHORISED notice which agrees with our order, or a HINT. Safe to repeat.

        It captures, verifies or fetches; what its answer says is what counts.
        """

    def status(self, account: Account, reference: str, provider_id: str, /) -> Call:
        """Ask what became of an order."""

    def refund(self, account: Account, refund: Refund, /) -> Call:
        """Send money back. Safe to repeat with the same refund_id, unless `TRAITS` say otherwise."""

    def payout(self, account: Account, payout_id: str, /) -> Call | None:
        """Ask what a payout is made of; None where the protocol has no such report."""

    def release(self, account: Account, transaction_id: str, /) -> Call | None:
        """Let a reservation go that nobody wants; None where there are none. Safe to repeat."""

    def read(self, account: Account, call: Call, answer: Answer, /) -> Result:
        """What the answer to any of our calls says. Use `understand`, which tells our data from the provider's."""

    def read_return(self, account: Account, query: Mapping[str, str], /) -> str:
        """Our reference, when the provider signed the way back and the signature holds; else empty. It proves no payment."""


def receive(provider: Provider, account: Account, delivery: Delivery) -> tuple[Notice, ...]:
    """What a webhook says. Raises Refusal; `provider.answer` has the reply for both."""
    if len(delivery.body) > MAX_BODY:
        raise Refusal("too_large")
    return provider.read_webhook(account, delivery)


def understand(provider: Provider, account: Account, call: Call, answer: Answer) -> Result:
    """What an answer says. Raises Refusal: `provider_unavailable` (worth another try), `provider_refused`, `bad_answer`."""
    if len(answer.body) > MAX_ANSWER:
        raise Refusal("bad_answer", "too_large")
    try:
        return provider.read(account, call, answer)
    except Refusal as error:
        raise error if error.code != "malformed" else Refusal("bad_answer", error.detail) from error
