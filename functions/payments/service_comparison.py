"""What the clock does to online payments: asks providers about attempts without an end, and compares what was settled with them.

Both only add facts, so running twice, or after an outage of days, does everything once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from payments import calls, service_payouts, store_messages, store_online, store_payouts, store_providers
from payments import rules_attempts as attempts
from payments import service_settling as settling
from payments import service_webhooks as webhooks
from payments.providers import provider
from payments.providers.model import Event, Notice
from payments.rules_attempts import State, view
from payments.store_online import AttemptItem
from shared import access, clock, rounds
from shared.tables import UnitOfWork

MOST: Final = 200
"""Asked about in one run and organisation, of each kind; the next run goes on."""
PATIENCE: Final = 3
"""Payments of an organisation in a row whose provider gave no answer: a run has ten minutes for everybody."""
GRACE: Final = timedelta(hours=1)
"""After its end an attempt is still given so long: what was paid in the last minute takes its time."""
_SOON: Final = timedelta(hours=1)
_LATER: Final = timedelta(hours=12)
_RESERVED: Final = timedelta(days=7)
"""Longer nobody tries to have a reservation let go: the provider ends it."""
K = TypeVar("K")


def run_all() -> dict[str, int]:
    """Ask about everything that waits. Raises RoundFailedError at the end where a provider gave no answer."""
    this = rounds.Round("asking about payments", "asked", "compared", "payouts")
    for organisation_id in store_providers.clock_organisations():
        with this.part(organisation_id=organisation_id):
            _run_organisation(this, organisation_id)
    return this.end()


def _run_organisation(this: rounds.Round, organisation_id: str) -> None:
    now = clock.stamp(clock.now())
    today = clock.today(access.organisation(organisation_id).time_zone).isoformat()
    due = [one.payment_id for one in store_online.open_items(organisation_id) if one.check_at <= now]
    settled = [one.payment_id for one in store_messages.settled_before(organisation_id, today)]
    this.counts["asked"] += _each(this, organisation_id, due, _of_attempt(check))
    this.counts["compared"] += _each(this, organisation_id, settled, _of_attempt(compare))
    payouts = [(one.provider, one.payout_id) for one in store_payouts.waiting_payouts(organisation_id)]
    this.counts["payouts"] += _each(this, organisation_id, payouts, _compare_payout)


def _each(this: rounds.Round, organisation_id: str, keys: list[K], work: Callable[[UnitOfWork, K], None]) -> int:
    """How many were asked about; after some silences in a row the others wait for the next run."""
    done = silences = 0
    for key in keys[:MOST]:
        silences += 1
        with this.part(asked=str(key)):
            rounds.do(store_online.VARIABLE, organisation_id, work, key)
            done, silences = done + 1, 0
        if silences == PATIENCE:
            break
    return done


def _of_attempt(work: Callable[[UnitOfWork, AttemptItem], None]) -> Callable[[UnitOfWork, str], None]:
    def step(uow: UnitOfWork, payment_id: str) -> None:
        item = store_online.find_attempt(uow.organisation_id, payment_id)
        if item is not None:
            work(uow, item)

    return step


def _compare_payout(uow: UnitOfWork, key: tuple[str, str]) -> None:
    payout = store_payouts.find_payout(uow.organisation_id, *key)
    if payout is not None:
        service_payouts.compare(uow, payout)


def check(uow: UnitOfWork, item: AttemptItem) -> None:
    """Ask what became of an attempt without an end. It expires when it is long over and the provider knows of nothing under way."""
    if item.state not in settling.UNDER_WAY and not item.reserved:
        uow.delete(store_online.open_item(uow.organisation_id, item.payment_id))
        return
    now = clock.now()
    said = _ask(uow, item)
    after = settling.load(item)
    for notice in said:
        if not attempts.disagreement(after, notice):
            after, _ = attempts.apply(after, notice)
    over = datetime.fromisoformat(item.expires_at) + GRACE
    if view(after).state is State.STARTED and now > over:
        reference = store_online.reference_of(item.payment_id)
        said = (*said, Notice(Event.EXPIRED, f"{reference}/expired", now, reference=reference, detail="expired"))
    was_under_way = item.state in settling.UNDER_WAY
    settling.note(uow, item.provider, settling.take(uow, item, said))
    if item.state in settling.UNDER_WAY or (item.reserved and now < over + _RESERVED):
        again = clock.stamp(now + (_SOON if now < over else _LATER))
        uow.put(store_online.open_item(uow.organisation_id, item.payment_id, again))
    elif not was_under_way:
        uow.delete(store_online.open_item(uow.organisation_id, item.payment_id))


def compare(uow: UnitOfWork, item: AttemptItem) -> None:
    """Compare a settled payment with what its provider says, once, on the day after; what was missed here is booked."""
    before, said = settling.load(item), _ask(uow, item)
    paid = [one for one in said if one.event is Event.PAID]
    differing = [one for one in paid if attempts.disagreement(before, one)]
    news = {one.transaction_id for one in paid} - view(before).paid.keys() - {one.transaction_id for one in differing}
    if differing:
        state = "amount_differs"
    elif news:
        state = "missing_here"
    else:
        state = "matched" if paid else "missing_there"
    settling.take(uow, item, said)
    asked = int(item.amount) + int(item.fee)
    day = item.settled_on or clock.stamp(clock.now())[:10]
    first = next(iter(item.bookings), "")
    # A line has one currency: where it is another one than was asked for, nothing was expected in it.
    foreign = next((one.currency for one in differing if one.currency != item.currency), "")
    counted = [one for one in paid if not foreign or one.currency == foreign]
    line = store_messages.new_reconciliation(
        uow.organisation_id,
        state,
        day,
        item.provider,
        reference=store_online.reference_of(item.payment_id),
        transaction_id=first,
        payment_id=item.payment_id,
        contract_id=item.contract_id,
        expected=None if foreign else asked * max(len(view(before).paid), 1),
        found=sum(one.amount or 0 for one in counted) if paid else None,
        currency=foreign or item.currency,
    )
    store_messages.put_line(uow, line)
    uow.delete(store_messages.settled_item(uow.organisation_id, day, item.payment_id))


def _ask(uow: UnitOfWork, item: AttemptItem) -> tuple[Notice, ...]:
    name, reference = item.provider, store_online.reference_of(item.payment_id)
    account = calls.with_token(name, webhooks.account_of(uow.organisation_id, name))
    answer = calls.follow(name, account, provider(name).status(account, reference, item.provider_id))
    # An order that was reserved and whose message was lost is captured now.
    return webhooks.gather(uow.organisation_id, name, answer.notices)
