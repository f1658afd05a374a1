"""Paying online: the provider's page, and payments that are there before a test begins."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.e2e.site import PATIENCE_MS, Site


def contract_with_debt(site: Site) -> str:
    """The contract of this person that has the most open items."""
    ids = [str(one["contract_id"]) for one in site.get("/contracts")["items"] if one["type"] != "supply"]
    return max(ids, key=lambda one: len(options(site, one)["open_items"]))


def options(site: Site, contract_id: str) -> dict[str, Any]:
    found: dict[str, Any] = site.get(f"/payment-options?contract_id={contract_id}")
    return found


def paid(site: Site, contract_id: str, amount: int) -> str:
    """A payment by Autopay without chosen items that has been settled; its id."""
    person = site.get("/auth/me")["person"]
    body = {"contract_id": contract_id, "amount": amount, "provider": "autopay", "return_to": "/payments/return"}
    # Another one may be under way, which this one has nothing to do with.
    started = site.post("/payments", {**body, "email": person["email"], "despite": True})
    go = started["redirect"]
    assert site.api.post(go["url"], form=go["fields"]).ok
    parts = urlsplit(go["url"])
    reference = started["payment_id"].replace("_", "-")
    inspection = f"{parts.scheme}://{parts.netloc}/_sandbox/payments/{reference}/pay"
    assert site.api.post(inspection, data={"manner": "pay"}).ok
    payment_id = str(started["payment_id"])
    for _ in range(PATIENCE_MS // 250):
        if site.get(f"/payments/{payment_id}")["state"] == "settled":
            return payment_id
        site.page.wait_for_timeout(250)
    raise AssertionError("the payment was not settled")


def go_to_provider(site: Site, provider: str) -> None:
    """Choose how to pay and leave for the provider's page."""
    way = site.page.locator(f"input[name=provider][value={provider}]")
    if way.count():
        way.check()
    site.page.locator("form .send-bar button[type=submit]").click()
    expect(site.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Pay with"))
    assert not site.page.url.startswith(site.origin)


def do_there(site: Site, manner: str) -> None:
    """Press a button on the provider's page, and be back on the site."""
    site.page.locator(f"button[name=manner][value={manner}]").click()
    site.page.wait_for_url(f"{site.origin}/payments/return?payment_id=*")
    site.settle()


def expect_state(site: Site, state: str) -> None:
    """The page of the payment comes to say this by itself."""
    expect(site.part("payment")).to_have_attribute("data-state", state, timeout=PATIENCE_MS)
    site.settle()
