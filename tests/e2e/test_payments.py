"""Paying online from the account to the provider's page and back, in four countries; what is refused, and what goes back."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.paying import contract_with_debt, do_there, expect_state, go_to_provider, options, paid
from tests.e2e.people import ADMIN_PL, OWNER_PL, STAFF_PL, TENANT_FR, TENANT_NO, TENANT_PL, TENANT_UA
from tests.e2e.site import NARROW, Site
from tests.e2e.test_pages import faults


def shown_sum(site: Site) -> tuple[int, int]:
    """Amount and fee as they are shown before anybody goes anywhere."""
    place = site.part("pay-sum")
    return int(place.get_attribute("data-amount") or ""), int(place.get_attribute("data-fee") or "")


def test_two_items_are_paid_one_is_refused_and_tried_again(visit: Visit) -> None:
    tenant = visit(TENANT_PL, locale="pl", width=NARROW)
    contract_id = contract_with_debt(tenant)
    before = options(tenant, contract_id)["open_items"]
    tenant.open(f"/accounts/{contract_id}")
    balance = tenant.balance()
    tenant.part("pay-online").click()
    tenant.settle()
    tenant.page.get_by_label(tenant.text("pay_some"), exact=True).check()
    boxes = tenant.page.get_by_role("checkbox")
    expect(boxes).to_have_count(len(before))
    boxes.nth(0).check()
    boxes.nth(1).check()
    amount, fee = shown_sum(tenant)
    assert fee == 0
    assert faults(tenant, contrast=False) == []
    go_to_provider(tenant, "autopay")
    do_there(tenant, "pay")

    # Then the page says so by itself, with the receipt
    expect_state(tenant, "settled")
    expect(tenant.part("receipt")).to_be_visible()
    tenant.settle()
    assert faults(tenant, contrast=False) == []
    # and the account owes that much less, for these items
    tenant.press_link("home_see_account")
    tenant.until(lambda: tenant.balance() == balance - amount, "the payment on the account")
    left = options(tenant, contract_id)["open_items"]
    assert len(left) == len(before) - 2
    assert sum(before.values()) - sum(left.values()) == amount

    # When he chooses another one and refuses it at the provider
    tenant.open(f"/accounts/{contract_id}/pay")
    rest = shown_sum(tenant)
    go_to_provider(tenant, "autopay")
    do_there(tenant, "refuse")
    expect_state(tenant, "cancelled")
    assert faults(tenant, contrast=False) == []
    # Then he may try again, with the same sum, and nothing was taken
    tenant.follow("try_again")
    assert shown_sum(tenant) == rest
    tenant.open(f"/accounts/{contract_id}")
    tenant.has_balance(balance - amount)


@pytest.mark.parametrize(
    ("who", "locale", "provider", "fee"),
    [(TENANT_NO, "nb", "vipps", 0), (TENANT_UA, "uk", "liqpay", 150), (TENANT_FR, "fr", "stripe", 0)],
    ids=["vipps", "liqpay", "stripe"],
)
def test_paid_with_the_provider_of_the_country(visit: Visit, who: str, locale: str, provider: str, fee: int) -> None:
    tenant = visit(who, locale=locale)
    contract_id = contract_with_debt(tenant)
    tenant.open(f"/accounts/{contract_id}")
    balance = tenant.balance()
    tenant.part("pay-online").click()
    tenant.settle()
    if balance <= 0:  # the Norwegian tenant owes nothing, and pays ahead
        tenant.fill(amount="250")
    amount, shown_fee = shown_sum(tenant)
    assert amount == (balance if balance > 0 else 250_00)
    assert shown_fee == (amount * fee + 5_000) // 10_000
    go_to_provider(tenant, provider)
    do_there(tenant, "pay")
    expect_state(tenant, "settled")
    assert faults(tenant, examine=False) == []
    tenant.press_link("home_see_account")
    tenant.until(lambda: tenant.balance() == balance - amount, "the payment on the account")


def test_two_members_of_staff_send_money_back(visit: Visit) -> None:
    owner, staff, admin = visit(OWNER_PL, locale="pl"), visit(STAFF_PL, locale="pl"), visit(ADMIN_PL, locale="pl")
    contract_id = contract_with_debt(owner)
    owner.open(f"/accounts/{contract_id}")
    balance = owner.balance()
    payment_id = paid(owner, contract_id, 50_00)
    owner.until(lambda: owner.balance() == balance - 50_00, "the payment on the account")

    staff.open(f"/payments/{payment_id}")
    staff.press("refund_ask")
    staff.fill(amount="20", reason="Dwie wpłaty za jedno")
    staff.page.locator("form button[type=submit]").click()
    expect(staff.part("refund")).to_have_attribute("data-state", "asked")
    # Whoever asked cannot confirm.
    expect(staff.part("refund-own")).to_be_visible()
    expect(staff.page.get_by_role("button", name=staff.text("refund_confirm"), exact=True)).to_have_count(0)

    admin.open(f"/payments/{payment_id}")
    admin.press("refund_confirm", within=admin.part("refund"))
    admin.press("refund_confirm", within=admin.page.get_by_role("dialog"))
    expect(admin.part("refund-said")).to_be_visible()
    admin.until(lambda: admin.part("payment").get_attribute("data-state") == "part_refunded", "the money sent back")
    owner.until(lambda: owner.balance() == balance - 30_00, "what was sent back on the account")
