"""When the network or the server fails: told in words, with a way on, and nothing half done."""

import json
from typing import Any

from playwright.sync_api import Route, expect

from tests.e2e.conftest import Visit
from tests.e2e.people import STAFF_PL, TENANT_PL, TENANT_UA

PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": "Internal Server Error",
    "status": 500,
    "code": "internal_error",
    "correlation_id": "cor_0123456789",
    "errors": [],
}


def fail(route: Route) -> None:
    route.fulfill(status=500, content_type="application/problem+json", body=json.dumps(PROBLEM))


def test_a_failing_server_is_told_and_asked_again(visit: Visit) -> None:
    site = visit(TENANT_PL, locale="pl")
    contract_id = site.get("/contracts")["items"][0]["contract_id"]
    address = f"**/api/accounts/{contract_id}"
    site.watch.expect(f"/api/accounts/{contract_id}", 500)
    site.page.route(address, fail)
    site.open(f"/accounts/{contract_id}")
    failed = site.part("failed")
    expect(failed).to_contain_text(site.text("code_internal_error"))
    expect(failed).to_contain_text(PROBLEM["correlation_id"])
    expect(site.part("balance")).to_have_count(0)
    site.page.unroute(address)
    site.press("try_again", within=failed)
    expect(site.part("balance")).to_be_visible()
    expect(failed).to_have_count(0)


def test_a_lost_connection_is_told_and_asked_again(visit: Visit) -> None:
    site = visit(TENANT_UA, locale="uk")
    site.open("/")
    site.watch.allow_lost_connections()
    site.page.context.set_offline(True)
    site.press_link("nav_contracts")
    failed = site.page.locator("[data-testid=failed], [data-testid=broken]").first
    expect(failed).to_be_visible()
    site.page.context.set_offline(False)
    failed.get_by_role("button").click()
    expect(site.part("contract-row").first).to_be_visible()


def test_without_an_answer_at_the_start_there_is_a_way_on(visit: Visit) -> None:
    site = visit(TENANT_UA, locale="uk")
    site.watch.expect("/api/auth/me", 500)
    site.page.route("**/api/auth/me", fail)
    site.page.goto(f"{site.origin}/")
    failed = site.part("failed")
    expect(failed).to_contain_text(site.text("code_internal_error"))
    site.page.unroute("**/api/auth/me")
    site.press("try_again", within=failed)
    expect(site.page.locator(".account-button")).to_be_visible()


def test_a_command_without_an_answer_is_sent_again_only_once_in_effect(visit: Visit) -> None:
    """The answer to a posted charge is lost; pressing again posts nothing twice, because the attempt keeps its key."""
    staff = visit(STAFF_PL, locale="en")
    contract = next(one for one in staff.get("/contracts")["items"] if one["type"] == "ownership")
    charges = f"/accounts/{contract['contract_id']}/charges"
    before = {one["charge_id"] for one in staff.get(charges)["items"]}
    keys: list[str | None] = []

    def lose_answer(route: Route) -> None:
        keys.append(route.request.header_value("idempotency-key"))
        if len(keys) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    staff.watch.allow_lost_connections()
    staff.page.route(f"**/api{charges}", lose_answer, times=2)
    staff.open(f"/accounts/{contract['contract_id']}/new-charge")
    staff.fill(purpose="other", amount="1.00", description="Key")
    staff.press("continue_action")
    staff.press("charge_confirm_action")
    expect(staff.part("failed")).to_contain_text(staff.text("code_network_error"))
    staff.press("charge_confirm_action")
    expect(staff.heading("charge_done_title")).to_be_visible()
    assert len(keys) == 2
    assert keys[0]
    assert keys[0] == keys[1]
    assert len({one["charge_id"] for one in staff.get(charges)["items"]} - before) == 1


def test_the_installed_site_opens_without_a_network(visit: Visit) -> None:
    """The service worker keeps the shell, and never an answer of the API."""
    site = visit(TENANT_UA, locale="uk", service_worker=True)
    site.open("/")
    site.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    site.page.wait_for_function("navigator.serviceWorker.controller !== null")
    kept = site.page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
          return found;
        }"""
    )
    assert kept
    assert not [path for path in kept if path.startswith("/api/")]
    site.watch.allow_lost_connections()
    site.page.context.set_offline(True)
    site.page.reload()
    expect(site.page.get_by_text(site.text("code_network_error"))).to_be_visible()
    site.page.context.set_offline(False)
    site.press("try_again")
    expect(site.page.locator(".account-button")).to_be_visible()
