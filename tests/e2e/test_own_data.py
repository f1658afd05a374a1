"""Own data: what a tenant changes, the staff see at once."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.people import STAFF_UA, TENANT_UA


def test_a_changed_telephone_is_in_the_register_at_once(visit: Visit) -> None:
    tenant, staff = visit(TENANT_UA, locale="uk"), visit(STAFF_UA, locale="uk")
    person = tenant.get("/auth/me")["person"]
    before = tenant.get("/me/contact")["phone"]
    after = "+380 44 123 45 67" if "1234567" not in before.replace(" ", "") else "+380 44 765 43 21"
    digits = re.compile(r"\s*".join(re.escape(one) for one in after.replace(" ", "")))

    tenant.open("/own-data")
    expect(tenant.page.locator("[name=phone]")).to_have_value(before)
    tenant.fill(phone="12")
    tenant.watch.expect("/api/me/contact", 422)
    tenant.press("save_action")
    expect(tenant.part("error-summary")).to_contain_text(tenant.text("code_invalid_phone"))
    tenant.fill(phone=after)
    tenant.press("save_action")
    expect(tenant.part("saved")).to_be_focused()

    staff.open("/people")
    staff.fill(q=person["last_name"])
    staff.press("search_action")
    row = staff.part("person-row").filter(has=staff.page.locator(f"a[href$='{person['person_id']}']"))
    expect(row).to_contain_text(digits)
    row.get_by_role("rowheader").get_by_role("link").click()
    expect(staff.page.locator("dl.facts").first).to_contain_text(digits)

    tenant.reload()
    expect(tenant.page.locator("[name=phone]")).to_have_value(digits)


def test_two_windows_do_not_overwrite_each_other(visit: Visit) -> None:
    first, second = visit(TENANT_UA), visit(TENANT_UA)
    for site in (first, second):
        site.open("/own-data")
    street = first.page.locator("[name=street]").input_value()
    first.fill(street=f"{street} 1")
    first.press("save_action")
    expect(first.part("saved")).to_be_visible()
    second.watch.expect("/api/me/contact", 409)
    second.fill(street=f"{street} 2")
    second.press("save_action")
    expect(second.page.get_by_text(second.text("code_contact_changed_meanwhile"))).to_be_visible()
    expect(second.page.locator("[name=street]")).to_have_value(f"{street} 1")
    second.fill(street=street)
    second.press("save_action")
    expect(second.part("saved")).to_be_visible()
