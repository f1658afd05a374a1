"""The main job from end to end: a real bank file becomes a payment that a tenant sees, understands and nobody else does."""

import re

from playwright.sync_api import expect

from tests.e2e import bank_files
from tests.e2e.conftest import Visit
from tests.e2e.people import OWNER_PL, STAFF_PL, TENANT_PL
from tests.e2e.site import PATIENCE_MS, Site, payload

VALUE_DATE = "2017-01-19"
MOVED_IN = "2015-03-01"


def open_own_account(tenant: Site) -> str:
    """From the list of contracts to the account of the one that has run since 2015; gives the contract's id."""
    tenant.follow("nav_contracts", tenant.page.get_by_role("navigation", name=tenant.text("nav_label"), exact=True))
    row = tenant.part("contract-row").filter(has=tenant.page.locator(f"time[datetime='{MOVED_IN}']"))
    row.get_by_role("rowheader").get_by_role("link").click()
    tenant.settle()
    contract_id = tenant.path.removeprefix("/contracts/")
    tenant.follow("home_see_account")
    tenant.is_at(f"/accounts/{contract_id}")
    return contract_id


def cents_of_2017(tenant: Site) -> list[str]:
    """The amounts, as shown, of the payments of 19 January 2017; the list of payments has to be open."""
    tenant.show_all()
    of_that_day = tenant.part("payment-row").filter(has=tenant.page.locator(f"time[datetime='{VALUE_DATE}']"))
    return of_that_day.locator("td strong.money").all_inner_texts()


def test_a_real_bank_file_reaches_the_tenants_account(visit: Visit) -> None:
    # Given a tenant who looks at his account
    tenant = visit(locale="pl")
    tenant.signed_in_as(TENANT_PL)
    contract_id = open_own_account(tenant)
    account = tenant.path
    before = tenant.balance()
    tenant.follow("tab_payments")
    assert cents_of_2017(tenant) == []

    # When staff hand in the bank's file
    staff = visit(locale="pl")
    staff.signed_in_as(STAFF_PL)
    staff.follow("nav_bank_statements")
    counted = staff.import_statement("mbank.sta", bank_files.three_cents())

    # Then all three transfers find their contracts
    assert counted == {"transactions": 3, "matched": 3, "unmatched": 0, "duplicates": 0}
    expect(staff.page.locator(".notice-good")).to_be_visible()

    # and the tenant owes one grosz less, which he sees among his payments
    tenant.open(account)
    tenant.until(lambda: tenant.balance() == before - 1, "the balance lower by the payment")
    tenant.follow("tab_payments")
    assert [re.sub(r"\s", " ", amount) for amount in cents_of_2017(tenant)] == ["0,01 zł"]

    # and he can have it explained: today's balance, and that of the day on which the money came
    tenant.follow("balance_explain")
    expect(tenant.heading("explain_title")).to_be_visible()
    tenant.has_balance(before - 1)
    tenant.fill(on=VALUE_DATE)
    tenant.press("explain_show")
    expect(tenant.part("balance")).to_have_attribute("data-minor", "-1")
    credit = tenant.part("explain-credit")
    expect(credit).to_have_count(1)
    credit.locator("summary").click()
    expect(credit).to_contain_text("19 stycznia 2017")
    expect(credit.locator(".sum-result")).to_contain_text("0,01")

    # And the same file once more changes nothing
    staff.open("/bank-statements")
    counted = staff.import_statement("mbank.sta", bank_files.three_cents())
    assert counted["matched"] == 0
    assert counted["unmatched"] == 0
    expect(staff.notice("bank_seen_title")).to_be_visible()
    tenant.open(f"{account}?tab=payments")
    tenant.has_balance(before - 1)
    assert len(cents_of_2017(tenant)) == 1

    # And it stays between the tenant and the staff: for the owner of other homes these pages are not here
    owner = visit(locale="pl")
    owner.signed_in_as(OWNER_PL)
    owner.watch.expect(f"/api/contracts/{contract_id}", 404)
    owner.watch.expect(f"/api/accounts/{contract_id}*", 404)
    for path in (f"/contracts/{contract_id}", account, f"{account}/explain"):
        owner.open(path)
        expect(owner.part("not-found")).to_be_visible()
        expect(owner.part("balance")).to_have_count(0)


def test_every_open_item_adds_up_to_the_balance(visit: Visit) -> None:
    """What "explain" shows is complete: the open items less the credits are the balance, and each item opens into its steps."""
    owner = visit(OWNER_PL)
    contracts = owner.get("/contracts")["items"]
    assert contracts
    for contract in contracts:
        owner.open(f"/accounts/{contract['contract_id']}")
        balance = owner.balance()
        owner.follow("balance_explain")
        owner.has_balance(balance)
        explained = owner.get(f"/accounts/{contract['contract_id']}/explain")
        assert sum(item["open"] for item in explained["open_items"]) - sum(
            credit["unallocated"] for credit in explained["credits"]
        ) == (balance)
        shown = len(explained["open_items"]) + len(explained["settled"])
        expect(owner.part("explain-item")).to_have_count(shown)
        expect(owner.part("explain-credit")).to_have_count(len(explained["credits"]))
        if shown:
            first = owner.part("explain-item").first
            first.locator("summary").click()
            expect(first.locator(".sum-result")).to_be_visible()


def test_staff_are_told_what_is_wrong_with_a_file(visit: Visit) -> None:
    staff = visit(STAFF_PL, locale="pl")
    staff.open("/bank-statements")
    staff.press("bank_import_action")
    expect(staff.page.get_by_text(staff.text("bank_file_wanted"))).to_be_visible()
    expect(staff.page.locator("input[name=file]")).to_be_focused()
    broken = b"<?xml version='1.0'?><Document><BkToCstmrStmt>"
    staff.page.locator("input[name=file]").set_input_files([payload("broken.xml", broken)])
    staff.press("bank_import_action")
    expect(staff.part("import-state")).to_have_attribute("data-state", "failed", timeout=PATIENCE_MS)
    expect(staff.notice("bank_failed_title")).to_be_visible()
    expect(staff.part("import-error").first).to_be_visible()
    expect(staff.part("matched")).to_have_count(0)
