"""How the pages of meters and readings come to be seen as people see them (`pages`)."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.site import Site


def own_meter(site: Site) -> str:
    """The page of a meter of this person's home."""
    unit_id = next(one["unit"]["unit_id"] for one in site.get("/contracts")["items"] if one["unit"])
    return f"/meters/{site.get(f'/meters?unit_id={unit_id}')['items'][0]['meter_id']}"


def type_reading(site: Site) -> None:
    """A value below the last one, with what is said of it and the ways out."""
    field = site.page.locator(".counter-input").first
    field.focus()
    field.fill("0")
    expect(site.part("finding").first).to_be_visible()
    expect(site.page.get_by_role("button", name=site.text("meter_replaced"), exact=True)).to_be_visible()


def show_months(site: Site) -> None:
    expect(site.part("chart").first).to_be_visible()


def numbered(path: str, number: str) -> Callable[[Site], str]:
    """A page of the meter with this number; `{unit_id}` is where it hangs."""
    return lambda site: path.format(**site.get(f"/meters?number={number}")["items"][0])


def last_balance(site: Site) -> str:
    """A house meter beside its units, in the month in which all were read last."""
    (house,) = site.get("/meters?number=PL-W-9002")["items"]
    return f"/meters/{house['meter_id']}/balance?month={house['last']['date'][:7]}"


def see_history(site: Site) -> None:
    """The reading that waits longest, beside the list or instead of it."""
    if not site.part("held-reading").count():
        site.part("held-row").first.get_by_role("link").click()
    expect(site.part("held-chart")).to_be_visible()
    site.page.locator(".held-one summary").first.click()


def see_wrong_rows(site: Site) -> None:
    expect(site.part("import-error").first).to_be_visible()


def check_no_file(site: Site) -> None:
    site.press("reading_import_check")
    expect(site.page.get_by_text(site.text("data_file_wanted"))).to_be_visible()


def ask_number(site: Site) -> None:
    """A form of staff with what is missing, and the counter's kind where it can be told."""
    if site.page.locator("[name=same]").count():
        site.fill(same="no")
    site.page.locator("form button[type=submit]").click()
    expect(site.part("error-summary")).to_be_visible()


def enter_less(site: Site) -> None:
    site.watch.expect("/api/meters/*", 422)
    site.fill(value0="1")
    site.page.locator("form button[type=submit]").click()
    expect(site.part("questioned")).to_be_visible()


def wrong_window(site: Site) -> None:
    site.page.locator("form.rules input").first.fill("40")
    site.page.locator("form.rules button[type=submit]").click()
    expect(site.page.locator(".notice-bad")).to_be_visible()
