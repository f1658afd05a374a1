"""Every page of the site, with who may look at it and what has to be done to see it as people see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from tests.e2e.meter_pages import (
    ask_number,
    check_no_file,
    enter_less,
    last_balance,
    numbered,
    own_meter,
    see_history,
    see_wrong_rows,
    show_months,
    type_reading,
    wrong_window,
)
from tests.e2e.notice_pages import ask_news, see_letter, see_names, see_sms, some_news, write_news, wrong_days
from tests.e2e.paying import contract_with_debt, paid
from tests.e2e.people import ADMIN_PL, OWNER_PL, STAFF_PL, TENANT_PL
from tests.e2e.site import Site


def nothing(_site: Site) -> None:
    """The page as it comes."""


@dataclass(frozen=True)
class Shown:
    """A page in one state. ``path`` may ask the API for ids; ``act`` brings the page into the state."""

    name: str
    who: str | None
    path: Callable[[Site], str]
    act: Callable[[Site], None] = nothing


def at(path: str) -> Callable[[Site], str]:
    return lambda _site: path


def first_contract(site: Site) -> str:
    return str(site.get("/contracts")["items"][0]["contract_id"])


def first(path: str, list_path: str, name: str) -> Callable[[Site], str]:
    """The page of the first thing in a list."""
    return lambda site: path.format(str(site.get(list_path)["items"][0][name]))


def busiest_account(site: Site) -> str:
    """The account with most to explain among the first ones."""

    def weight(contract_id: str) -> int:
        explained: dict[str, Any] = site.get(f"/accounts/{contract_id}/explain")
        return len(explained["open_items"]) + 5 * len(explained["credits"])

    ids: list[str] = [one["contract_id"] for one in site.get("/contracts")["items"][:12]]
    return max(ids, key=weight)


def reversal(site: Site) -> str:
    """The page that takes a booked payment back."""
    for contract in site.get("/contracts")["items"]:
        for payment in site.get(f"/accounts/{contract['contract_id']}/payments")["items"]:
            if payment["status"] == "booked":
                return f"/accounts/{contract['contract_id']}/reverse/{payment['payment_id']}"
    raise AssertionError("the demo world has booked payments")


def own_payment(site: Site) -> str:
    """The page of a payment that was begun with a provider; the same one each time, for an attempt is offered again."""
    begun = {
        "contract_id": first_contract(site),
        "amount": 1000,
        "provider": "autopay",
        "return_to": "/payments/return",
        "email": TENANT_PL,
    }
    return f"/payments/return?payment_id={site.post('/payments', begun)['payment_id']}"


def own_ticket(site: Site) -> str:
    """The page of a ticket of this person; one is reported when there is none."""
    for status in ("open", "shut"):
        for ticket in site.get(f"/tickets?status={status}")["items"]:
            return f"/tickets/{ticket['ticket_id']}"
    report = {"contract_id": first_contract(site), "type": "technical", "category": "kitchen_leak", "subject": "Leak"}
    return f"/tickets/{site.post('/tickets', report)['ticket_id']}"


def refused_sign_in(site: Site) -> None:
    site.press("sign_in_action")
    expect(site.part("error-summary")).to_be_visible()


def ask_code(site: Site) -> None:
    site.page.route("**/api/auth/forgot-password", lambda route: route.fulfill(status=202, json={}))
    site.fill(email="somebody@demo.example")
    site.press("forgotten_action")
    expect(site.heading("reset_title")).to_be_visible()
    site.fill(password="Ab1")


def pay_no_amount(site: Site) -> None:
    """Another amount than what is due, and what is said where it is missing."""
    other = site.page.get_by_label(site.text("pay_other"), exact=True)
    if other.count():
        other.check()
    site.page.locator("main form button[type=submit]").click()
    expect(site.part("error-summary")).to_be_visible()


def open_menu(site: Site) -> None:
    site.menu()


def open_all(site: Site) -> None:
    for summary in site.page.locator("summary").all()[:6]:
        summary.click()


def choose_transfer(site: Site) -> None:
    site.part("transfer-row").first.get_by_role("button").click()
    expect(site.part("transfer-detail")).to_be_visible()


def ask_assignment(site: Site) -> None:
    choose_transfer(site)
    site.fill(q="a")
    site.press("search_action")
    site.press("pick_action", within=site.part("found-contract").first)
    expect(site.page.get_by_role("dialog")).to_be_visible()


def fill_charge(site: Site) -> None:
    site.fill(amount="12")
    site.press("continue_action")
    expect(site.heading("charge_confirm_title")).to_be_visible()


def rebook(site: Site) -> None:
    site.fill(action="rebook", q="a")
    site.press("search_action")
    expect(site.part("found-contract").first).to_be_visible()


def choose_file_later(site: Site) -> None:
    site.press("bank_import_action")


def choose_place(site: Site) -> None:
    site.part("place").first.click()
    expect(site.part("problem").first).to_be_visible()


def declare_emergency(site: Site) -> None:
    site.page.get_by_label(site.text("report_emergency"), exact=True).check()
    expect(site.part("emergency")).to_be_visible()


def open_wishes(site: Site) -> None:
    # A draft is kept, so those of the language before are there.
    if not site.page.locator("input[type=date]").count():
        site.press("report_wished_add")
    site.fill(subject="")
    site.press("report_send")
    expect(site.part("error-summary")).to_be_visible()


def open_filters(site: Site) -> None:
    """The further filters, and the bar for the tickets that are chosen."""
    site.page.locator(".desk-more > summary").click()
    chosen = site.part("ticket-row").first.get_by_role("checkbox")
    if chosen.count():
        chosen.check()
        expect(site.part("bulk")).to_be_visible()


def show_keys(site: Site) -> None:
    site.page.keyboard.press("?")
    expect(site.page.get_by_role("dialog")).to_be_visible()


def open_moves(site: Site) -> None:
    moves = site.page.locator(".card-moves > summary")
    if moves.count():
        moves.first.click()


def write_note(site: Site) -> None:
    site.page.get_by_role("button", name=site.text("ticket_internal"), exact=True).click()
    expect(site.part("note-form")).to_be_visible()


def ask_reason(site: Site) -> None:
    """The question before a ticket is declined, with what is missing."""
    decline = site.text("queue_step_declined")
    site.part("steps").get_by_role("button", name=decline).click()
    dialog = site.page.get_by_role("dialog")
    dialog.get_by_role("button", name=decline).click()
    expect(dialog.get_by_text(site.text("queue_reason_wanted"))).to_be_visible()


def find_caller(site: Site) -> None:
    """A contract is found and chosen; then the ticket can be written."""
    site.fill(q="a")
    site.press("search_action")
    site.part("found-contract").first.get_by_role("button").click()
    expect(site.page.get_by_label(site.text("ticket_subject"), exact=True)).to_be_visible()


def open_tree(site: Site) -> None:
    site.part("tree-node").first.locator("summary").first.click()


def open_ticket(site: Site) -> str:
    """A ticket that staff can still do something with; without one in the world, one is entered."""
    found = site.get("/tickets")["items"]
    if found:
        return f"/tickets/{found[0]['ticket_id']}"
    settings = site.get("/ticket-settings")
    node = settings["categories"][0]
    types = node["types"]
    while node["children"]:
        node = node["children"][0]
    contract = next(
        one for one in site.get("/contracts")["items"] if one["type"] != "supply" and one["ends_on"] is None
    )
    made = site.post(
        "/tickets",
        {
            "contract_id": contract["contract_id"],
            "reporter_id": contract["holders"][-1]["person_id"],
            "channel": "telephone",
            "type": types[0] if types else "technical",
            "category": node["code"],
            "subject": node["names"]["pl"],
        },
    )
    return f"/tickets/{made['ticket_id']}"


def see_receipt(site: Site) -> None:
    expect(site.part("receipt").locator("dl")).to_be_visible()


def settled_payment(site: Site) -> str:
    return f"/payments/{paid(site, contract_with_debt(site), 1_00)}"


def see_refund(site: Site) -> None:
    """The form for money that goes back, opened."""
    see_receipt(site)
    site.press("refund_ask")
    expect(site.page.locator("textarea[name=reason]")).to_be_visible()


def payment_of_somebody(site: Site) -> str:
    """A settled payment, as staff see it; without one in the world, staff pay for somebody."""
    for contract in site.get("/contracts")["items"]:
        for payment in site.get(f"/payments?contract_id={contract['contract_id']}")["items"]:
            if payment["state"] == "settled":
                return f"/payments/{payment['payment_id']}"
    contract = next(one for one in site.get("/contracts")["items"] if one["type"] != "supply")
    return f"/payments/{paid(site, contract['contract_id'], 1_00)}"


PAGES = (
    Shown("sign-in", None, at("/sign-in")),
    Shown("sign-in-refused", None, at("/sign-in"), refused_sign_in),
    Shown("forgotten-password", None, at("/forgotten-password")),
    Shown("new-password", None, at("/forgotten-password"), ask_code),
    Shown("home", TENANT_PL, at("/")),
    Shown("menu", TENANT_PL, at("/"), open_menu),
    Shown("home-of-owner", OWNER_PL, at("/")),
    Shown("contracts", TENANT_PL, at("/contracts")),
    Shown("contract", TENANT_PL, lambda site: f"/contracts/{first_contract(site)}"),
    Shown("account", TENANT_PL, lambda site: f"/accounts/{first_contract(site)}"),
    Shown("account-payments", TENANT_PL, lambda site: f"/accounts/{first_contract(site)}?tab=payments"),
    Shown("account-entries", TENANT_PL, lambda site: f"/accounts/{first_contract(site)}?tab=entries"),
    Shown("explain", TENANT_PL, lambda site: f"/accounts/{first_contract(site)}/explain", open_all),
    Shown("pay", TENANT_PL, lambda site: f"/accounts/{first_contract(site)}/pay", pay_no_amount),
    Shown("payment", TENANT_PL, own_payment, open_all),
    Shown("payment-settled", OWNER_PL, settled_payment, see_receipt),
    Shown("report", TENANT_PL, at("/tickets/new")),
    Shown("report-problem", TENANT_PL, at("/tickets/new"), choose_place),
    Shown("report-details", TENANT_PL, at("/tickets/new?problem=kitchen_leak"), open_wishes),
    Shown("report-emergency", TENANT_PL, at("/tickets/new?problem=gas_smell"), declare_emergency),
    Shown("tickets", TENANT_PL, at("/tickets")),
    Shown("tickets-ended", TENANT_PL, at("/tickets?tab=shut")),
    Shown("ticket", TENANT_PL, own_ticket),
    Shown("meters", TENANT_PL, at("/meters"), type_reading),
    Shown("meter-use", TENANT_PL, at("/meters/use"), show_months),
    Shown("meter", TENANT_PL, own_meter),
    Shown("own-data", TENANT_PL, at("/own-data")),
    Shown("notifications", TENANT_PL, at("/notifications")),
    Shown("notification-settings", TENANT_PL, at("/own-data/notifications")),
    Shown("password", TENANT_PL, at("/own-data/password")),
    Shown("not-found", TENANT_PL, at("/no-such-page")),
    Shown("staff-home", STAFF_PL, at("/")),
    Shown("staff-contracts", STAFF_PL, at("/contracts")),
    Shown("staff-contract", STAFF_PL, lambda site: f"/contracts/{first_contract(site)}"),
    Shown("staff-account", STAFF_PL, lambda site: f"/accounts/{busiest_account(site)}"),
    Shown("staff-explain", STAFF_PL, lambda site: f"/accounts/{busiest_account(site)}/explain", open_all),
    Shown("new-charge", STAFF_PL, lambda site: f"/accounts/{first_contract(site)}/new-charge"),
    Shown("new-charge-confirm", STAFF_PL, lambda site: f"/accounts/{first_contract(site)}/new-charge", fill_charge),
    Shown("reverse", STAFF_PL, reversal, rebook),
    Shown("people", STAFF_PL, at("/people")),
    Shown("person", STAFF_PL, first("/people/{}", "/people", "person_id")),
    Shown("bank-statements", STAFF_PL, at("/bank-statements"), choose_file_later),
    Shown("bank-statement", STAFF_PL, first("/bank-statements/{}", "/bank-statements", "import_id")),
    Shown("data-import", STAFF_PL, at("/data-import")),
    Shown("unmatched-transfers", STAFF_PL, at("/unmatched-transfers"), choose_transfer),
    Shown("assignment", STAFF_PL, at("/unmatched-transfers"), ask_assignment),
    Shown("staff-ticket", STAFF_PL, open_ticket),
    Shown("staff-ticket-note", STAFF_PL, open_ticket, write_note),
    Shown("staff-ticket-decline", STAFF_PL, open_ticket, ask_reason),
    Shown("queue", STAFF_PL, at("/queue"), open_filters),
    Shown("queue-keys", STAFF_PL, at("/queue"), show_keys),
    Shown("queue-board", STAFF_PL, at("/queue?view=board"), open_moves),
    Shown("queue-empty", STAFF_PL, at("/queue?number=1900%2F000001")),
    Shown("queue-new", STAFF_PL, at("/queue/new"), find_caller),
    Shown("queue-settings", STAFF_PL, at("/queue/settings")),
    Shown("queue-rules", ADMIN_PL, at("/queue/settings?tab=rules"), open_tree),
    Shown("held-readings", STAFF_PL, at("/held-readings"), see_history),
    Shown("reading-imports", STAFF_PL, at("/reading-imports"), check_no_file),
    Shown(
        "reading-import", STAFF_PL, first("/reading-imports?import={}", "/reading-imports", "import_id"), see_wrong_rows
    ),
    Shown("meter-list", STAFF_PL, numbered("/meter-list?unit_id={unit_id}", "PL-W-0003")),
    Shown("meter-install", STAFF_PL, numbered("/meter-list/new?unit_id={unit_id}", "PL-W-0003"), ask_number),
    Shown("meter-enter", STAFF_PL, numbered("/meters/{meter_id}/enter", "PL-W-0003"), enter_less),
    Shown("meter-replace", STAFF_PL, numbered("/meters/{meter_id}/replace", "PL-W-0003"), ask_number),
    Shown("meter-note", STAFF_PL, numbered("/meters/{meter_id}/note?kind=removed", "PL-W-0003")),
    Shown("meter-balance", STAFF_PL, last_balance),
    Shown("meter-settings", ADMIN_PL, at("/meter-settings"), wrong_window),
    Shown("reconciliation", STAFF_PL, at("/reconciliation?state=matched")),
    Shown("staff-payment", STAFF_PL, payment_of_somebody, see_refund),
    Shown("refunds", STAFF_PL, at("/refunds")),
    Shown("payment-providers", ADMIN_PL, at("/payment-providers")),
    Shown("payment-provider", ADMIN_PL, at("/payment-providers?provider=autopay")),
    Shown("incidents", STAFF_PL, at("/incidents")),
    Shown("incident-new", STAFF_PL, at("/incidents/new")),
    Shown("notification-templates", STAFF_PL, at("/notification-templates")),
    Shown("notification-template", STAFF_PL, at("/notification-templates?kind=payment_due"), see_letter),
    Shown("notification-template-sms", STAFF_PL, at("/notification-templates?kind=payment_due"), see_sms),
    Shown("news-page", STAFF_PL, some_news),
    Shown("news", STAFF_PL, at("/news"), see_names),
    Shown("news-new", STAFF_PL, at("/news/new"), write_news),
    Shown("news-confirm", STAFF_PL, at("/news/new"), ask_news),
    Shown("reminder-policy", ADMIN_PL, at("/reminder-policy"), wrong_days),
    Shown("dead-addresses", STAFF_PL, at("/dead-addresses")),
    Shown("notification-channel", ADMIN_PL, at("/notification-channels?channel=telegram")),
)
