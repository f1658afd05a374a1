"""Readings from the counter to the chart: what is mistyped is put right, what is doubtful is decided, files and lost connections included."""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, expect

from tests import reports
from tests.e2e.conftest import Visit
from tests.e2e.people import OWNER_PL, STAFF_PL, TENANT_PL
from tests.e2e.site import NARROW, PATIENCE_MS, Site, payload

COLD: Final = "mtr_demo_pl_cold"
GAS: Final = "mtr_demo_pl_gas"
POWER: Final = "mtr_demo_pl_power"
HOUSE: Final = "PL-W-9002"
"""Behind it nothing waits for a decision."""
FILED: Final = ("PL-W-0003", "PL-W-0004")
"""Cold water of homes whose tenants do not sign in here."""


class Counter:
    """What is known of a meter: its values as whole counts, and as they are typed and shown in Polish."""

    def __init__(self, meter: dict[str, Any]) -> None:
        self.meter_id, self.number = str(meter["meter_id"]), str(meter["number"])
        self.decimals = int(meter["device"]["decimals"])
        self.last = self.counts(meter["last"]["values"][0])
        (expected,) = meter["expected"]
        self.low, self.high = self.counts(expected["low"]), self.counts(expected["high"])
        self.usual = round(float(expected["expected_use"]) * 10**self.decimals)

    @staticmethod
    def counts(value: str) -> int:
        return int(value.replace(".", "").replace(",", ""))

    def typed(self, counts: int) -> str:
        """With the comma of the place, without the zeros before it."""
        whole, red = divmod(counts, 10**self.decimals)
        return f"{whole},{red:0{self.decimals}d}" if self.decimals else str(whole)

    def swapped(self) -> tuple[int, int]:
        """A usual value, and what it becomes when two of its black digits change places: far too much."""
        for right in range((self.low + self.high) // 2, self.high):
            text = str(right).zfill(5 + self.decimals)
            for at in range(4):
                slip = int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
                if slip > self.high:
                    return right, slip
        raise AssertionError("no two digits of a usual value that would be seen")


def counter(site: Site, meter_id: str) -> Counter:
    return Counter(site.get(f"/meters/{meter_id}"))


def numbered(site: Site, number: str) -> Counter:
    (found,) = site.get(f"/meters?number={number}")["items"]
    return Counter(found)


def card(site: Site, meter_id: str) -> Locator:
    return site.page.locator(f"[data-testid=meter][data-meter={meter_id}]")


def write(site: Site, meter_id: str, text: str, *, finding: str | None = None) -> Locator:
    """Type a value and wait for what is said of it; the meter's card."""
    place = card(site, meter_id)
    place.locator(".counter-input").fill(text)
    expect(place.get_by_test_id("said")).to_be_visible()
    if finding:
        expect(place.locator(f"[data-testid=finding][data-code={finding}]")).to_be_visible()
    return place


def send(site: Site, status: str) -> str:
    """Send what is filled in; the id of the only reading, which ends like this."""
    with site.page.expect_response(lambda answer: answer.url.endswith("/readings")) as caught:
        site.part("send-readings").click()
    expect(site.part("readings-sent")).to_be_visible()
    expect(site.part("reading-receipt")).to_have_attribute("data-status", status)
    return str(caught.value.json()["reading_id"])


def test_swapped_digits_are_put_right_with_one_tap(visit: Visit) -> None:
    tenant = visit(TENANT_PL, locale="pl", width=NARROW)
    cold = counter(tenant, COLD)
    assert cold.last == 412_350
    right, slip = cold.swapped()
    tenant.open("/meters")
    expect(card(tenant, COLD).get_by_test_id("last")).to_contain_text("00412,350")
    place = write(tenant, COLD, cold.typed(slip), finding="TRANSPOSED")
    expect(place.get_by_test_id("said")).to_have_attribute("data-status", "submitted")

    place.get_by_test_id("suggestion").filter(has_text=f"{cold.typed(right)}").click()
    expect(place.get_by_test_id("said")).to_have_attribute("data-status", "accepted")
    expect(place.get_by_test_id("finding")).to_have_count(0)
    expect(place.get_by_test_id("use")).to_be_visible()
    assert cold.counts(place.locator(".counter-input").input_value()) == right
    send(tenant, "accepted")
    expect(tenant.part("reading-receipt")).to_contain_text(f"00{cold.typed(right)}")

    tenant.press("meter_back")
    expect(card(tenant, COLD).get_by_test_id("last")).to_contain_text(f"00{cold.typed(right)}")


def test_a_lower_value_leads_to_the_replacement_that_staff_record(visit: Visit) -> None:
    tenant, staff = visit(TENANT_PL, locale="pl", width=NARROW), visit(STAFF_PL, locale="pl")
    gas = counter(tenant, GAS)
    tenant.open("/meters")
    place = write(tenant, GAS, gas.typed(3_120), finding="DECREASE")
    tenant.press("meter_replaced", within=place)
    expect(place.get_by_test_id("replaced")).to_have_text(tenant.text("meter_replaced_text"))
    place.get_by_role("checkbox").check()
    expect(place.get_by_test_id("will-wait")).to_be_visible()
    reading_id = send(tenant, "held")

    # A reading below the last one cannot simply be accepted: the way leads over the new counter, and back.
    staff.open(f"/held-readings?reading={reading_id}")
    expect(staff.part("held-reading")).to_contain_text(staff.text("held_claim_replaced"))
    staff.page.keyboard.press("a")
    refused = staff.part("held-refused")
    expect(refused).to_be_focused()
    staff.follow("held_replace", within=refused)
    staff.fill(number=f"{gas.number}-N")
    staff.press("reading_replace_action")
    expect(staff.part("held-reading")).to_be_visible()
    staff.settle()
    decide(staff, reading_id)
    tenant.open("/meters")
    expect(card(tenant, GAS).get_by_test_id("last")).to_contain_text("00003,120")


def decide(staff: Site, reading_id: str) -> None:
    """Accept the reading that is open, by its key."""
    with staff.page.expect_response(lambda answer: answer.url.endswith(f"/readings/{reading_id}/decision")) as caught:
        staff.page.keyboard.press("a")
    assert caught.value.ok, caught.value.text()
    expect(staff.part("held-said")).to_contain_text(staff.shape("held_accepted"))
    expect(staff.page.locator(f"#held-{reading_id}")).to_have_count(0)


def test_over_five_times_the_usual_use_waits_with_a_photo_until_staff_accept_it(visit: Visit) -> None:
    tenant, staff = visit(TENANT_PL, locale="pl", width=NARROW), visit(STAFF_PL, locale="pl")
    power = counter(tenant, POWER)
    tenant.open("/meters/use")
    month = used(tenant).last
    expect(month).to_contain_text(tenant.text("meter_use_gap"))

    tenant.open("/meters")
    much = power.last + 6 * power.usual
    place = write(tenant, POWER, power.typed(much), finding="HIGH")
    photo = {"name": "licznik.jpg", "mimeType": "image/jpeg", "buffer": reports.photo(1200, 900)}
    place.locator("input[name=files]").set_input_files([photo])
    expect(place.get_by_test_id("file-row")).to_have_attribute("data-state", "ready")
    place.get_by_role("checkbox").check()
    expect(place.get_by_test_id("will-wait")).to_be_visible()
    reading_id = send(tenant, "held")
    expect(tenant.part("held")).to_be_visible()

    staff.open("/held-readings")
    staff.page.locator(f"#held-{reading_id}").click()
    one = staff.part("held-reading").filter(has_text=power.number)
    expect(one.locator("[data-code=HIGH]")).to_be_visible()
    picture = one.locator("img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("async node => { await node.decode(); return node.naturalWidth }") > 0
    expect(one.get_by_test_id("held-chart").get_by_test_id("held-mark")).to_be_visible()
    staff.settle()
    decide(staff, reading_id)

    tenant.open("/meters/use")
    expect(tenant.part("use-of").last.get_by_test_id("chart")).to_be_visible()
    expect(month).not_to_contain_text(tenant.text("meter_use_gap"))
    periods = tenant.get(f"/meters/{POWER}/consumption?from={month_of_today(tenant)}")["periods"]
    assert float(periods[-1]["now"]["use"]) > 0
    # Electricity is shown in whole kilowatt-hours, half of one upwards.
    expect(month).to_contain_text(str(int(float(periods[-1]["now"]["use"]) + 0.5)))


def used(site: Site) -> Locator:
    """The months of electricity, which is the last medium."""
    return site.part("use-of").last.get_by_test_id("month")


def month_of_today(site: Site) -> str:
    """The rest of the query for the running month."""
    today: str = site.page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Europe/Warsaw'})")
    return f"{today[:8]}01&to={today}"


def test_a_file_is_tried_its_wrong_rows_are_taken_along_and_the_rest_imported(visit: Visit) -> None:
    staff = visit(STAFF_PL, locale="pl")
    good, wild = (numbered(staff, number) for number in FILED)
    today = month_of_today(staff)[-10:]
    rows = [
        f"{good.number};{today};{good.typed((good.low + good.high) // 2)}",
        f"{wild.number};{today};{wild.typed(wild.last + 6 * wild.usual)}",
        f"PL-X-0000;{today};12,5",
    ]
    staff.open("/reading-imports")
    file = payload("odczyty.csv", "\r\n".join(["meter_number;date;value1", *rows, ""]).encode())
    staff.page.locator("input[type=file]").set_input_files([file])
    staff.press("reading_import_check")
    assert done(staff) == {"rows": 3, "accepted": 1, "held": 1, "duplicates": 0, "refused": 1}
    assert numbered(staff, good.number).last == good.last, "a dry run has kept something"

    expect(staff.part("import-error")).to_have_count(2)
    with staff.page.expect_download() as download:
        staff.press("reading_rows_download")
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == ["held", "refused"]
    assert [line.split(";")[3] for line in lines[1:]] == [wild.number, "PL-X-0000"]

    staff.press("reading_import_real")
    expect(staff.page.get_by_role("link", name=staff.text("reading_import_decide"))).to_be_visible(timeout=PATIENCE_MS)
    assert done(staff) == {"rows": 3, "accepted": 1, "held": 1, "duplicates": 0, "refused": 1}
    assert numbered(staff, good.number).last == (good.low + good.high) // 2


def done(staff: Site) -> dict[str, int]:
    """What an import came to, at its end."""
    expect(staff.part("import-state")).to_have_attribute("data-state", "done", timeout=PATIENCE_MS)
    return {name: staff.number(name) for name in ("rows", "accepted", "held", "duplicates", "refused")}


def test_a_house_meter_stands_beside_the_sum_of_its_units(visit: Visit) -> None:
    staff = visit(STAFF_PL, locale="pl")
    (house,) = staff.get(f"/meters?number={HOUSE}")["items"]
    staff.open(f"/meters/{house['meter_id']}")
    staff.follow("reading_balance")
    staff.open(f"{staff.path}?month={house['last']['date'][:7]}")
    expect(staff.part("balance")).to_have_attribute("data-outside", "false")
    expect(staff.part("balance")).to_contain_text(staff.text("reading_balance_inside"))
    expect(staff.part("balance-part")).to_have_count(7)


def test_what_is_typed_without_a_connection_is_sent_later(visit: Visit) -> None:
    owner = visit(OWNER_PL, locale="pl", width=NARROW)
    owner.open("/meters")
    meter_id = str(owner.part("meter").first.get_attribute("data-meter"))
    cold = counter(owner, meter_id)
    value = cold.typed((cold.low + cold.high) // 2)
    owner.watch.allow_lost_connections()
    owner.page.context.set_offline(True)
    field = card(owner, meter_id).locator(".counter-input")
    field.fill(value)
    expect(owner.part("offline")).to_be_visible()
    owner.part("send-readings").click()
    expect(owner.part("error-summary")).to_contain_text(owner.text("meter_offline"))

    # Back from the cellar, perhaps hours later: the value is still there.
    owner.page.context.set_offline(False)
    owner.reload()
    expect(field).to_have_value(value)
    expect(card(owner, meter_id).get_by_test_id("said")).to_have_attribute("data-status", "accepted")
    send(owner, "accepted")
    owner.reload()
    expect(card(owner, meter_id).get_by_test_id("last")).to_contain_text(value)
    expect(field).to_have_value("")
