"""What the providers' books, the ledger and the payments table say of the same money, side by side."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from infra.local.providers import KINDS, Sandboxes
from tests.chaos.payers import CHARGE_BACKS, Door, Plan
from tests.load.figures import table

Item = dict[str, Any]
MONEY: Final = frozenset({"payment", "refund", "chargeback"})
PAID: Final = frozenset({"paid", "authorised"})
"""What must always be wanted. Vipps also tells of orders that a start left behind when it was killed: they are nobody's."""


@dataclass
class Tally:
    """One provider's line of the table; money in minor units."""

    attempts: int = 0
    paid: int = 0
    webhooks: int = 0
    delivered: int = 0
    accepted: int = 0
    booked: int = 0
    doubles: int = 0
    refunded: int = 0
    taken: int = 0
    ledger: int = 0
    sandbox: int = 0
    differences: int = 0

    def cells(self) -> list[object]:
        return list(vars(self).values())


COLUMNS: Final = (
    "provider", "attempts", "paid", "webhooks", "arrived", "taken", "booked", "doubles", "refunded", "charged back",
    "ledger sum", "sandbox sum", "differ",
)  # fmt: skip


@dataclass
class Comparison:
    """`problems` is empty where everybody says the same."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in KINDS})
    problems: list[str] = field(default_factory=list)

    def report(self) -> str:
        rows: list[list[object]] = [[name, *tally.cells()] for name, tally in self.tallies.items()]
        rows.append(["all", *(sum(each) for each in zip(*(row[1:] for row in rows), strict=True))])  # type: ignore[call-overload]
        return table("What the sandboxes say was paid, and what the ledger has (minor units)", COLUMNS, rows)


def compare(
    sandboxes: Sandboxes, plans: Iterable[Plan], ledger: Iterable[Item], payments: Iterable[Item], door: Door
) -> Comparison:
    """Everything that may differ. `ledger` and `payments` are all items of the two tables."""
    made = Comparison()
    by_reference = {plan.reference: plan for plan in plans}
    entries = [item for item in ledger if item["sk"].startswith("ENTRY#")]
    provider_of = _compare_transactions(made, sandboxes, by_reference, entries)
    _compare_contracts(made, sandboxes, by_reference, entries, provider_of)
    _check_webhooks(made, sandboxes, door)
    _check_payments(made, sandboxes, by_reference, list(payments))
    for tally in made.tallies.values():
        tally.differences += abs(tally.ledger - tally.sandbox)
    return made


def _compare_transactions(
    made: Comparison, sandboxes: Sandboxes, plans: dict[str, Plan], entries: list[Item]
) -> dict[str, str]:
    """Each transaction that was paid is one payment of the same amount; whose provider each is."""
    booked = Counter(item["reference"] for item in entries if item["kind"] == "payment")
    amounts = {item["reference"]: -item["amount"] for item in entries if item["kind"] == "payment"}
    provider_of: dict[str, str] = {}
    for sandbox in sandboxes:
        tally, seen = made.tallies[sandbox.name], Counter[str]()
        for row in sandbox.books():
            transaction, plan = row["transaction"], plans.get(row["reference"])
            provider_of[transaction] = sandbox.name
            bounced = plan is not None and plan.after == "late_failure" and row["state"] == "failed"
            paid = row["paid"] or (row["asked"] if bounced else 0)
            times, amount = booked.pop(transaction, 0), amounts.get(transaction, 0)
            # What bounced before we asked was never money to us.
            unheard = bounced and not times
            if not unheard and (times != bool(paid) or amount != paid):
                made.problems.append(f"{sandbox.name} {transaction}: paid {paid}, booked {times} times, {amount}")
                tally.differences += 1
            seen[row["reference"]] += bool(paid)
            tally.paid += bool(paid)
            tally.booked += times
            tally.refunded += row["refunded"]
            tally.taken += row["disputed"] + (row["asked"] if bounced else 0)
            tally.sandbox += row["net"]
        tally.doubles = sum(count - 1 for count in seen.values() if count)
        tally.attempts = sum(plan.provider == sandbox.name for plan in plans.values())
    made.problems += [f"booked, but no provider knows it: {reference}" for reference in booked]
    return provider_of


def _compare_contracts(
    made: Comparison, sandboxes: Sandboxes, plans: dict[str, Plan], entries: list[Item], provider_of: dict[str, str]
) -> None:
    """The sums of each contract at each provider, to the unit."""
    theirs, ours = defaultdict[tuple[str, str], int](int), defaultdict[tuple[str, str], int](int)
    for sandbox in sandboxes:
        for row in sandbox.books():
            if row["reference"] in plans:
                theirs[sandbox.name, plans[row["reference"]].contract] += row["net"]
            elif row["net"]:
                made.problems.append(f"{sandbox.name}: money of an attempt that nobody was given: {row}")
    kinds = {item["entry_id"]: item["kind"] for item in entries}
    for item in entries:
        kind = kinds.get(item["reverses"]) if item["kind"] == "reversal" else item["kind"]
        if kind in MONEY:
            provider = provider_of.get(item["reference"], "unknown")
            ours[provider, item["pk"].rpartition("#")[2]] -= item["amount"]
    for key in sorted(theirs.keys() | ours.keys()):
        if key[0] in made.tallies:
            made.tallies[key[0]].ledger += ours[key]
        if theirs[key] != ours[key]:
            made.problems.append(f"{key}: {theirs[key]} at the provider, {ours[key]} in the ledger")


def _check_webhooks(made: Comparison, sandboxes: Sandboxes, door: Door) -> None:
    """All that was sent was taken."""
    for sandbox in sandboxes:
        tally, messages = made.tallies[sandbox.name], sandbox.webhooks()
        tally.webhooks, tally.delivered = len(messages), door.arrived[sandbox.name]
        tally.accepted = sum(message["accepted"] for message in messages)
        made.problems += [
            f"{sandbox.name}: {one['name']} of {one['reference']} is {one['state']}, {one['attempts'][-1:]}"
            for one in messages
            if not one["accepted"] or one["state"] != "delivered"
        ]


def _check_payments(made: Comparison, sandboxes: Sandboxes, plans: dict[str, Plan], items: list[Item]) -> None:
    """Every message is worked off, nothing was unwanted, and each attempt says of itself what its provider says."""
    for item in items:
        if item["sk"] == "WEBHOOK":
            said = {one["event"] for one in json.loads(item["notices"])}
            if (item["problem"] and said & PAID) or (said - {"other"} and not item.get("done_at")):
                made.problems.append(f"webhook not done: {item['pk']} {item['problem']} {item['notices']}")
        unwanted = item["pk"].endswith("#PAYMENTAUDIT") and item["what"] == "unwanted_notice"
        if unwanted and json.loads(item["details"])["event"] in PAID:
            made.problems.append(f"unwanted: {item['details']}")
    states = {item["payment_id"]: item["state"] for item in items if item["sk"] == "PAYMENT"}
    for plan in plans.values():
        rows = sandboxes[plan.provider].order(plan.reference).rows()
        expected, found = _states(plan, rows), states.get(plan.payment_id, "missing")
        if found not in expected:
            made.problems.append(f"{plan.payment_id} is {found}, not {' or '.join(sorted(expected))}: {plan}")


def _states(plan: Plan, rows: list[Item]) -> set[str]:
    paid = sum(row["paid"] for row in rows)
    back = sum(row["refunded"] for row in rows)
    if plan.after == "late_failure":
        return {"disputed", "failed"}
    if plan.after in CHARGE_BACKS and plan.after != "dispute_won" and plan.provider != "liqpay":
        return {"disputed"}
    if paid:
        return {"refunded"} if back == paid else {"part_refunded"} if back else {"settled"}
    return {"started", "pending", "failed", "cancelled", "expired"}
