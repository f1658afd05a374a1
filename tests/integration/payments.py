"""Online payments that are there before a test begins."""

import httpx

from tests.tenancy import Tenancy
from tests.unit.payments.providers import samples


def start_payment(tenancy: Tenancy, own: httpx.Client, contract_id: str) -> str:
    """A payment by Autopay that was started for a contract in PLN, which needs no provider; its id."""
    _take_autopay(tenancy)
    # The contract is heard of, then it can be paid.
    options = {"contract_id": contract_id}
    tenancy.world.wait_until(lambda: own.get("/payment-options", params=options).status_code == httpx.codes.OK)
    wanted = {"contract_id": contract_id, "amount": 100_00, "provider": "autopay", "return_to": "/payments/return"}
    started = own.post("/payments", json={**wanted, "email": "anna@example.com"})
    assert started.status_code == httpx.codes.CREATED, started.text
    return str(started.json()["payment_id"])


def _take_autopay(tenancy: Tenancy) -> None:
    """Set the provider up with the account of the samples, any amount may be paid."""
    account, fields = samples.account("autopay", samples.KEYS[:1]), samples.provider("autopay").FIELDS
    known = tenancy.staff.get("/payment-providers").json()["providers"]
    (version,) = (one["version"] for one in known if one["provider"] == "autopay")
    body = {
        "enabled": True,
        "part_payment": True,
        "settings": account.settings,
        "secrets": {field.name: account.secrets[0][field.name] for field in fields if field.secret},
        "version": version,
    }
    answer = tenancy.staff.put("/payment-providers/autopay", json=body)
    assert answer.status_code == httpx.codes.OK, answer.text
