"""Readings in the running portal: entered, photographed, brought in by the thousand, estimated; each function with its own role."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from PIL import Image

from tests import reports
from tests.queues import Queues
from tests.tenancy import Tenancy, pages
from tests.unit.uploads.media import PLACE
from tests.world import World

pytestmark = pytest.mark.world

DAILY = 130
"""Litres a day in the flats here."""
OPENING = 100_000
MONTH = timedelta(days=31)
TODAY = date.today()
START = TODAY - 4 * MONTH
SHAPE = {"reading_id", "status", "findings", "consumption"}
FINDING = {"code", "severity", "register", "message_params", "suggestion"}
AT_ONCE = 100


@dataclass(frozen=True)
class Flat:
    """A flat, its tenant, its number among the organisation's."""

    tenancy: Tenancy
    unit_id: str
    tenant: httpx.Client

    def meter(self, name: str) -> str:
        """A water meter that hangs there since four months and was read a month ago."""
        meter = {
            "number": f"{name}-{self.tenancy.mark}", "medium": "cold_water", "unit_id": self.unit_id,
            "device": {"digits": 5, "decimals": 3, "max_flow": "3.125"}, "date": START.isoformat(), "opening": [shown(OPENING)],
        }  # fmt: skip
        made = posted(self.tenancy.staff, "/meters", 201, meter)
        for months in (1, 2, 3):
            read(self.tenancy.staff, made["meter_id"], START + months * MONTH, OPENING + months * MONTH.days * DAILY)
        return str(made["meter_id"])


def shown(litres: int) -> str:
    """A value as the counter shows it."""
    return f"{litres // 1000:05d}.{litres % 1000:03d}"


def posted(client: httpx.Client, path: str, status: int, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def read(client: httpx.Client, meter_id: str, day: date, litres: int, *, status: int = 201, **more: Any) -> Any:
    """`POST /meters/{id}/readings`, which has to end like this."""
    body = {"date": day.isoformat(), "values": [shown(litres)], "confirmed": False, "photo": None, **more}
    return posted(client, f"/meters/{meter_id}/readings", status, body)


def of_day(client: httpx.Client, meter_id: str, day: date) -> list[dict[str, Any]]:
    return [entry for entry in pages(client, f"/meters/{meter_id}/readings") if entry["date"] == day.isoformat()]


NOW = OPENING + 4 * MONTH.days * DAILY
"""What a counter with nothing special about it shows today: 00116.120."""


@pytest.fixture(scope="module")
def flat(tenancy: Tenancy) -> Flat:
    number = tenancy.take()
    contract = tenancy.staff.get(f"/contracts/{tenancy.contract_id(number)}").json()
    return Flat(tenancy, contract["unit"]["unit_id"], tenancy.enrol(number))


def test_a_reading_is_judged_at_once_and_taken_once(flat: Flat) -> None:
    meter_id, tenant = flat.meter("W1"), flat.tenant
    swapped = {"date": TODAY.isoformat(), "values": ["00161.120"], "confirmed": False, "photo": None}
    looked = tenant.post(f"/meters/{meter_id}/checks", json=swapped)
    assert looked.status_code == 200, looked.text
    asked = posted(tenant, f"/meters/{meter_id}/readings", 422, swapped)
    assert asked["code"] == "reading_questioned"
    assert asked["findings"] == looked.json()["findings"]
    (slip,) = (each for each in asked["findings"] if each["code"] == "TRANSPOSED")
    assert set(slip) == FINDING
    assert slip["suggestion"]["values"] == [shown(NOW)]

    wrong = posted(tenant, f"/meters/{meter_id}/readings", 422, {**swapped, "values": ["116,12O"]})
    assert (wrong["code"], [each["code"] for each in wrong["findings"]]) == ("reading_rejected", ["FORMAT"])
    assert of_day(tenant, meter_id, TODAY) == []

    receipt = read(tenant, meter_id, TODAY, NOW)
    assert set(receipt) >= SHAPE
    assert (receipt["status"], receipt["consumption"]["uses"]) == ("accepted", ["4.030"])
    assert read(tenant, meter_id, TODAY, NOW)["reading_id"] == receipt["reading_id"]
    assert [entry["entry_id"] for entry in of_day(tenant, meter_id, TODAY)] == [receipt["reading_id"]]
    used = tenant.get(f"/meters/{meter_id}/consumption", params={"from": START.isoformat(), "to": TODAY.isoformat()})
    assert used.status_code == 200, used.text
    assert float(used.json()["total"]["now"]["use"]) == pytest.approx((NOW - OPENING) / 1000, abs=0.5)


def test_the_meter_of_another_flat_does_not_exist(flat: Flat, tenancy: Tenancy) -> None:
    meter_id, mate = flat.meter("W2"), tenancy.enrol(tenancy.take())
    body = {"date": TODAY.isoformat(), "values": [shown(NOW)]}
    answers = [
        mate.get(f"/meters/{meter_id}"),
        mate.get("/meters", params={"unit_id": flat.unit_id}),
        mate.get(f"/meters/{meter_id}/readings"),
        mate.post(f"/meters/{meter_id}/checks", json=body),
        mate.post(f"/meters/{meter_id}/readings", json=body),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not_found")] * len(answers)
    assert of_day(flat.tenant, meter_id, TODAY) == []


def test_a_doubtful_reading_waits_with_its_photograph_which_tells_no_place(
    world: World, flat: Flat, queues: Queues
) -> None:
    meter_id, staff, original = flat.meter("W3"), flat.tenancy.staff, reports.photo()
    assert PLACE in original
    key = world.upload(flat.tenant, "reading", "licznik.jpg", original, "image/jpeg")
    assert reports.checked(world, flat.tenant, key)["state"] == "ready"
    much = OPENING + (3 + 6) * MONTH.days * DAILY
    receipt = read(flat.tenant, meter_id, TODAY, much, confirmed=True, photo=key)
    assert (receipt["status"], {each["code"] for each in receipt["findings"]}) == ("held", {"HIGH"})

    (held,) = (each for each in pages(staff, "/held-readings") if each["reading_id"] == receipt["reading_id"])
    with httpx.Client(trust_env=False, timeout=60) as bucket:
        picture = bucket.get(held["photo"]["url"])
        small = bucket.get(held["photo"]["thumbnail_url"])
    assert (picture.status_code, small.status_code) == (200, 200)
    assert PLACE not in picture.content
    with Image.open(io.BytesIO(picture.content)) as image:
        assert not image.getexif()

    # The file is kept for good as soon as the reading is there: nobody has to decide first.
    folder = key.replace("incoming/", "checked/", 1).rpartition("/")[0]
    asked = {"Bucket": world.deployment.outputs["UploadsBucket"], "Key": f"{folder}/file"}
    claimed = [{"Key": "claimed", "Value": "yes"}]
    s3 = world.deployment.client("s3")
    world.wait_until(lambda: s3.get_object_tagging(**asked)["TagSet"] == claimed, 60)

    decided = posted(staff, f"/readings/{receipt['reading_id']}/decision", 201, {"decision": "accept"})
    assert (decided["reading_id"], decided["status"]) == (receipt["reading_id"], "accepted")
    assert flat.tenant.get(f"/meters/{meter_id}").json()["last"]["values"] == [shown(much)]
    assert not queues.dead()


def test_a_hundred_identical_submissions_at_once_are_one_reading(flat: Flat) -> None:
    meter_id = flat.meter("W4")

    def send(_index: int) -> httpx.Response:
        body = {"date": TODAY.isoformat(), "values": [shown(NOW)]}
        for _ in range(20):
            answer = flat.tenant.post(f"/meters/{meter_id}/readings", json=body, timeout=reports.PATIENCE)
            if answer.status_code not in reports.AGAIN:
                break
        return answer

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {201}, {answer.text for answer in answers}
    (reading_id,) = {answer.json()["reading_id"] for answer in answers}
    assert [(entry["entry_id"], entry["status"]) for entry in of_day(flat.tenant, meter_id, TODAY)] == [
        (reading_id, "accepted")
    ]
    told = [item for item in flat.tenancy.items("METERS") if reading_id in item.get("detail", "")]
    assert len(told) <= 1, "said more than once"


def test_a_batch_of_remote_values_changes_nothing_the_second_time(flat: Flat, queues: Queues) -> None:
    tenancy, day = flat.tenancy, (TODAY - timedelta(days=1)).isoformat()
    meters = [flat.meter(name) for name in ("R1", "R2")]
    last = NOW - DAILY
    rows = [
        {"meter_number": f"{name}-{tenancy.mark}", "time": f"{day}T{hour:02d}:00:00Z", "values": [shown(last - 100 + 5 * hour)]}
        for name in ("R1", "R2")
        for hour in range(3, 21)
    ]  # fmt: skip
    rows += [{"meter_number": f"none-{tenancy.mark}", "date": day, "values": ["1"]}]

    def send() -> dict[str, Any]:
        batch = tenancy.staff.post("/reading-batches", json={"channel": "remote", "readings": rows})
        return tenancy.finished("/reading-imports", batch)

    first = send()
    names = ("state", "rows", "accepted", "held", "duplicates", "refused")
    assert [first[name] for name in names] == ["done", len(rows), len(rows) - 1, 0, 0, 1]
    again = send()
    assert [again[name] for name in names] == ["done", len(rows), 0, 0, len(rows) - 1, 1]
    (problem,) = pages(tenancy.staff, f"/reading-imports/{first['import_id']}/problems")
    assert (problem["line"], problem["outcome"], problem["code"]) == (len(rows), "refused", "unknown_meter")
    for meter_id in meters:
        (entry,) = of_day(tenancy.staff, meter_id, date.fromisoformat(day))
        assert (entry["values"], entry["channel"]) == ([shown(last)], "remote")
    assert not queues.dead()


@pytest.fixture
def settings(neighbour: Tenancy) -> Iterator[Any]:
    """Sets the days on which the neighbours' water is read; none at the end."""

    def put(windows: dict[str, Any]) -> None:
        known = neighbour.staff.get("/meter-settings").json()
        body = {name: known[name] for name in ("thresholds", "estimation_policy", "version")}
        answer = neighbour.staff.put("/meter-settings", json={**body, "windows": windows})
        assert answer.status_code == 200, answer.text

    yield put
    put({})


def test_the_clock_opens_windows_once_and_has_estimated_what_nobody_read(
    world: World, neighbour: Tenancy, settings: Any, queues: Queues
) -> None:
    contract = neighbour.staff.get(f"/contracts/{neighbour.contract_id(0)}").json()
    flat = Flat(neighbour, contract["unit"]["unit_id"], neighbour.staff)
    meter_id = flat.meter("E1")

    def window() -> dict[str, Any]:
        (item,) = (each for each in neighbour.items("METERS") if each["sk"] == "WINDOW#cold_water")
        return item

    settings({"cold_water": {"first": 1, "last": 31}})
    assert world.deployment.invoke("MetersClockFunction", {})["opened"] == 1
    assert window()["opened"][:7] in {TODAY.isoformat()[:7], (TODAY + timedelta(days=1)).isoformat()[:7]}
    assert world.deployment.invoke("MetersClockFunction", {})["opened"] == 0

    # As if nobody had looked since a day before the last windows: what has closed meanwhile is made up for.
    settings({"cold_water": {"first": 1, "last": 1}})
    world.deployment.invoke("MetersClockFunction", {})
    table, item = world.deployment.resources["Data.MetersTable"], window()
    world.deployment.client("dynamodb").update_item(
        TableName=table,
        Key={"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}},
        UpdateExpression="SET closed = :day",
        ExpressionAttributeValues={":day": {"S": (TODAY - MONTH).isoformat()}},
    )
    assert world.deployment.invoke("MetersClockFunction", {})["closed"] == 1
    estimate = world.wait_until(lambda: neighbour.staff.get(f"/meters/{meter_id}").json()["estimate"], 90)
    assert (estimate["estimated"], estimate["date"][-2:]) == (True, "01")
    days = (date.fromisoformat(estimate["date"]) - START).days
    assert estimate["values"] == [shown(OPENING + days * DAILY)]
    assert not queues.dead()
