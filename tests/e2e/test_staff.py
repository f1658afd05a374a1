"""What staff do all day: transfers that nobody could place, charges, corrections, looking people up."""

import re
import secrets
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.e2e import bank_files
from tests.e2e.conftest import Visit
from tests.e2e.people import OWNER_PL, STAFF_NO, STAFF_PL, TENANT_NO
from tests.e2e.site import Site

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()


def payer_account() -> str:
    """A Polish account that no other payer has."""
    digits = f"10201026{secrets.randbelow(10**16):016d}"
    return f"PL{98 - int(digits + '252100') % 97:02d}{digits}"


def test_an_unplaced_transfer_is_assigned_to_its_candidate(visit: Visit) -> None:
    """Who has paid before with the contract's number and forgets it once is proposed, and paid for once staff say so."""
    staff, owner = visit(STAFF_PL, locale="pl"), visit(OWNER_PL, locale="pl")
    contract = owner.get("/contracts")["items"][0]
    account = f"/accounts/{contract['contract_id']}"
    account_of_payer, payer = payer_account(), "EWA PRZYKŁADOWA"

    def statement(name: str, title: str) -> bytes:
        return bank_files.transfer(
            name=name, title=title, payer=payer, payer_account=account_of_payer, amount="123.45", on=YESTERDAY
        )

    known = statement(secrets.token_hex(6), f"Opłata {contract['number']}")
    assert staff.import_statement("known.xml", known)["matched"] == 1
    owner.open(account)
    before = owner.balance()
    forgotten = secrets.token_hex(6)
    unknown = statement(forgotten, f"dziękuję {forgotten}")
    assert staff.import_statement("forgotten.xml", unknown)["unmatched"] == 1
    staff.follow("home_assign")

    row = staff.part("transfer-row").filter(has_text=forgotten)
    row.get_by_role("button").click()
    detail = staff.part("transfer-detail")
    expect(detail).to_contain_text(payer)
    candidate = detail.get_by_test_id("candidate").filter(has_text=contract["number"])
    expect(candidate).to_be_visible()
    staff.press("assign_action", within=candidate)
    dialog = staff.page.get_by_role("dialog")
    expect(dialog).to_contain_text(contract["number"])
    staff.press("cancel_action", within=dialog)
    expect(dialog).to_have_count(0)
    staff.press("assign_action", within=candidate)
    staff.press("assign_confirm", within=dialog)
    expect(staff.part("assigned")).to_be_focused()
    expect(row).to_have_count(0)
    staff.reload()
    expect(staff.part("transfer-row").filter(has_text=forgotten)).to_have_count(0)

    owner.open(account)
    owner.until(lambda: owner.balance() <= before - 12345, "the assigned payment")
    owner.follow("tab_payments")
    rows = owner.part("payment-row").filter(has_text="123,45")
    expect(rows).to_have_count(2)


def post_charge(staff: Site, contract_id: str, amount: str, description: str) -> None:
    """Write a charge, look at it, post it."""
    staff.open(f"/accounts/{contract_id}")
    staff.follow("charge_new")
    staff.press("continue_action")
    expect(staff.part("error-summary")).to_be_focused()
    staff.fill(purpose="water", amount=amount, description=description)
    staff.press("continue_action")
    expect(staff.heading("charge_confirm_title")).to_be_visible()
    staff.press("charge_confirm_action")
    expect(staff.heading("charge_done_title")).to_be_visible()


def test_a_charge_is_posted_and_taken_back(visit: Visit) -> None:
    staff, tenant = visit(STAFF_NO, locale="nb"), visit(TENANT_NO, locale="nb")
    contract_id = tenant.get("/contracts")["items"][0]["contract_id"]
    tenant.open(f"/accounts/{contract_id}")
    before = tenant.balance()
    mark = f"Vannmåler {secrets.token_hex(3)}"
    post_charge(staff, contract_id, "250,50", mark)
    tenant.reload()
    tenant.has_balance(before + 25050)
    charge = tenant.part("charge-row").filter(has_text=mark)
    expect(charge).to_contain_text("250,50")
    expect(charge).to_contain_text(tenant.text("purpose_water"))

    staff.open(f"/accounts/{contract_id}")
    staff.follow("reverse_action", within=staff.part("charge-row").filter(has_text=mark))
    expect(staff.heading("reverse_title")).to_be_visible()
    staff.press("continue_action")
    expect(staff.part("error-summary")).to_contain_text(staff.text("reverse_reason_wanted"))
    staff.fill(reason="Feil måler")
    staff.press("continue_action")
    expect(staff.heading("reverse_confirm_title")).to_be_visible()
    staff.press("reverse_confirm_action")
    expect(staff.heading("reverse_done_title")).to_be_visible()
    staff.follow("home_see_account")
    expect(staff.part("charge-row").filter(has_text=mark)).to_contain_text(staff.text("charge_reversed"))

    tenant.reload()
    tenant.has_balance(before)
    expect(tenant.part("charge-row").filter(has_text=mark)).to_contain_text(tenant.text("charge_reversed"))
    tenant.follow("tab_entries")
    expect(tenant.part("entry-row").filter(has_text=tenant.text("entry_reversal")).first).to_be_visible()


def test_a_payment_on_the_wrong_account_is_moved(visit: Visit) -> None:
    staff = visit(STAFF_PL, locale="pl")
    contracts = [one for one in staff.get("/contracts")["items"] if one["type"] == "ownership"]
    wrong, right = contracts[-1], contracts[-2]
    mark = secrets.token_hex(6)
    mistaken = bank_files.transfer(
        name=mark,
        title=f"Opłata {wrong['number']} {mark}",
        payer="JAN POMYŁKA",
        payer_account=payer_account(),
        amount="77.70",
        on=YESTERDAY,
    )
    assert staff.import_statement("mistaken.xml", mistaken)["matched"] == 1
    row = staff.part("payment-row").filter(has_text=mark)
    payments = f"/accounts/{wrong['contract_id']}?tab=payments"
    staff.open(payments)
    staff.until(lambda: row.count() == 1, "the payment on the wrong account")
    staff.follow("reverse_action", within=row)
    staff.fill(action="rebook", reason="Zła umowa")
    staff.press("continue_action")
    expect(staff.part("error-summary")).to_contain_text(staff.text("rebook_target_wanted"))
    staff.fill(q=right["number"])
    staff.press("search_action")
    staff.press("pick_action", within=staff.part("found-contract").filter(has_text=right["number"]))
    staff.press("continue_action")
    staff.press("rebook_confirm_action")
    expect(staff.heading("reverse_done_title")).to_be_visible()

    staff.open(payments)
    expect(row).to_contain_text(staff.text("payment_rebooked"))
    staff.open(f"/accounts/{right['contract_id']}?tab=payments")
    expect(row).to_contain_text(staff.text("payment_rebooked_here"))
    expect(row.locator("time").first).to_have_attribute("datetime", YESTERDAY.isoformat())


def test_the_registers_find_people_and_contracts(visit: Visit) -> None:
    staff = visit(STAFF_NO, locale="nb")
    tenant = visit(TENANT_NO)
    person, contract = tenant.get("/auth/me")["person"], tenant.get("/contracts")["items"][0]
    staff.open("/people")
    expect(staff.part("person-row").nth(5)).to_be_visible()
    staff.fill(q=person["last_name"].upper())
    staff.press("search_action")
    found = staff.part("person-row").filter(has_text=person["email"])
    expect(found).to_have_count(1)
    expect(staff.page).to_have_url(re.compile(r"/people\?q="))
    staff.reload()
    expect(found).to_have_count(1)
    staff.fill(q="Ingen heter dette")
    staff.press("search_action")
    expect(staff.page.get_by_text(staff.text("search_nothing", q="Ingen heter dette"))).to_be_visible()
    staff.press("search_clear")
    expect(staff.part("person-row").nth(5)).to_be_visible()

    staff.follow("nav_contracts")
    # The page of people has a search field too: what is typed before the other page stands goes away with it.
    expect(staff.part("contract-row").first).to_be_visible()
    staff.fill(q=contract["number"])
    staff.press("search_action")
    expect(staff.part("contract-row").first).to_contain_text(contract["number"])
    expect(staff.part("contract-row").first).to_contain_text(person["last_name"])
    staff.part("contract-row").first.get_by_role("link").first.click()
    staff.settle()
    staff.page.locator("dl.facts").get_by_role("link", name=person["last_name"]).first.click()
    staff.settle()
    expect(staff.page.get_by_role("heading", level=1)).to_contain_text(person["last_name"])


def test_the_pages_of_staff_are_not_there_for_tenants(visit: Visit) -> None:
    tenant = visit(TENANT_NO)
    contract_id = tenant.get("/contracts")["items"][0]["contract_id"]
    tenant.watch.expect("/api/people*", 403, 404)
    tenant.watch.expect("/api/bank-statements*", 403, 404)
    for path in ("/people", "/bank-statements", "/unmatched-transfers", f"/accounts/{contract_id}/new-charge"):
        tenant.open(path)
        expect(tenant.part("not-found")).to_be_visible()
