"""Calls to providers: https with a certificate that is checked, short waits, no redirects, no answer longer than the protocols allow."""

import time
from functools import cache
from typing import Any, Final

from payments import credentials
from payments.providers import Provider, provider, understand
from payments.providers.model import MAX_ANSWER, Account, Answer, Call, Notice, PayoutRow, Refusal, Result
from shared import clock

_CONNECT: Final = 3.0
_READ: Final = 8.0
_MOST_CALLS: Final = 6
"""No protocol's calls lead to more; an answer that always leads to another is none."""
_EARLY: Final = 60
"""Seconds by which an access token is renewed before it ends."""

_tokens: dict[tuple[Any, ...], tuple[float, str]] = {}


def make(name: str, call: Call) -> Answer:
    """Make one call. Raises Refusal `provider_unavailable` where no answer came, `not_configured` for an address not the provider's."""
    import urllib3

    if not credentials.may_call(call.url, provider(name).FIELDS):
        raise Refusal("not_configured", "host")
    try:
        response = _pool().request(
            call.method,
            call.url,
            body=call.body or None,
            headers={"User-Agent": "lokum", "Accept": "*/*", **call.headers},
            redirect=False,
            retries=False,
            preload_content=False,
        )
        try:
            body = response.read(MAX_ANSWER + 1, decode_content=True)
        finally:
            response.close()
    except urllib3.exceptions.HTTPError as error:
        raise Refusal("provider_unavailable", type(error).__name__, again=True) from error
    return Answer(response.status, body, clock.now())


def with_token(name: str, account: Account) -> Account:
    """The account with the access token that its calls need."""
    module = provider(name)
    call = module.token(account)
    if call is None:
        return account
    key = (name, call.url, *sorted(call.headers.items()))
    kept = _tokens.get(key)
    if kept is None or kept[0] <= time.monotonic():
        result = understand(module, account, call, make(name, call))
        kept = (time.monotonic() + max(result.seconds - _EARLY, 0), result.token)
        _tokens[key] = kept
    return Account(account.settings, account.secrets, kept[1])


def follow(name: str, account: Account, call: Call, most: int = _MOST_CALLS) -> Result:
    """Make a call and those that it leads to, `most` in all; all that they say. Raises Refusal."""
    module: Provider = provider(name)
    notices: list[Notice] = []
    rows: list[PayoutRow] = []
    redirect, provider_id, left = None, "", most
    following: Call | None = call
    while following is not None:
        if not left:
            raise Refusal("bad_answer", "too many calls")
        left -= 1
        result = understand(module, account, following, make(name, following))
        notices += result.notices
        rows += result.rows
        redirect, provider_id = result.redirect or redirect, result.provider_id or provider_id
        following = result.then
    return Result(redirect=redirect, notices=tuple(notices), rows=tuple(rows), provider_id=provider_id)


@cache
def _pool() -> Any:
    import urllib3

    return urllib3.PoolManager(
        num_pools=8, maxsize=4, timeout=urllib3.Timeout(connect=_CONNECT, read=_READ), retries=False
    )


__all__ = ["follow", "make", "with_token"]
