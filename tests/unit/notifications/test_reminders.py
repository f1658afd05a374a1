"""Reminders (D6) over the events that they live on: who is told what on which day, once, also when runs die, and at what pace."""

from datetime import date, timedelta

import pytest
import time_machine
from auth.store import Account
from notifications import service_delivering, store_reminders
from notifications.app import app, run_reminders
from notifications.store import VARIABLE, NoticeItem

from shared.access import ADMINISTRATOR
from shared.events.catalog import BalanceChanged, ContractStarted
from shared.events.meters import ReadingWindowOpened, VerificationsChanged
from shared.events.notifications import NotificationQueued, TellingDue
from tests.support import call, outbox, sign_in
from tests.unit.notifications.conftest import ORG, World

DUE = date(2026, 10, 25)  # the night before it, clocks go back
POLICY = {
    "due": [7, 3, 0],
    "overdue": [3, 14, 30],
    "ending": [90, 30],
    "closing": [2],
    "verification": [90, 30],
    "per_second": 10,
}


class Reminded(World):
    """The same people, with charges."""

    def __init__(self):
        super().__init__()
        self.versions, self.due = {}, {}

    def post(self, charge_id="chg_1", due=DUE):
        self.due[charge_id] = due

    def balance(self, contract_id="ctr_1", version=None, **open_items):
        self.versions[contract_id] = version or self.versions.get(contract_id, 0) + 1
        self.hear(
            BalanceChanged(
                contract_id=contract_id,
                ledger_version=self.versions[contract_id],
                balance=sum(open_items.values()),
                due=0,
                credit=0,
                overdue_from=None,
                currency="PLN",
                open_items=open_items,
                due_dates={charge_id: self.due[charge_id] for charge_id in open_items},
            )
        )

    def begin(self, contract_id, *people, ends_on=None, type_="lease", left=None, **metadata):
        """A contract of these people."""
        event = ContractStarted(
            contract_id=contract_id,
            number=f"U/{contract_id}",
            type=type_,
            unit_id="unt_1",
            community_id="com_1",
            currency="PLN",
            starts_on="2015-03-01",
            ends_on=ends_on,
            parties=[
                {"person_id": person, "role": "tenant", "starts_on": "2015-03-01", "ends_on": left} for person in people
            ],
            payment_references=[],
        )
        self.hear(event, **metadata)

    def notices(self, person_id="per_anna"):
        """(kind, values) of what a person was told, the oldest first."""
        found = NoticeItem.query(f"ORG#{ORG}#PERSON#{person_id}", NoticeItem.sk.startswith("NOTICE#"))
        return [(item.kind, item.values) for item in found]


@pytest.fixture
def world(cloud):
    with time_machine.travel("2026-10-01T12:00:00Z", tick=True):
        yield Reminded()


def run(moment, hour="09:30"):
    with time_machine.travel(f"{moment}T{hour}:00Z", tick=True):
        return run_reminders({}, None)["told"]


def many(world, people):
    for number in range(people):
        world.begin(f"ctr_{number}", f"per_{number}")
        world.post(f"chg_{number}")
        world.balance(f"ctr_{number}", **{f"chg_{number}": 100})


def days(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_one_charge_from_a_week_before_to_a_month_after(world):
    world.post()
    world.balance(chg_1=9900)
    around = {DUE + timedelta(days=stage + beside) for stage in (-7, -3, 0, 3, 14, 30) for beside in (-1, 0, 1)}
    told = {str(day): run(day) for day in sorted(around)}
    assert {day: people for day, people in told.items() if people} == dict.fromkeys(
        ("2026-10-18", "2026-10-22", "2026-10-25", "2026-10-28", "2026-11-08", "2026-11-24"), 2
    )
    values = {"amount": 9900, "currency": "PLN", "day": "2026-10-25"}
    assert world.notices() == [
        *(("payment_due", {**values, "days": number}) for number in (7, 3, 0)),
        *(("payment_overdue", {**values, "days": number}) for number in (3, 14, 30)),
    ]
    assert world.notices("per_olek") == world.notices()
    assert world.notices("per_fred") == []


def test_the_day_is_the_organisations_and_begins_at_nine(world):
    world.post(due=date(2026, 10, 31))
    world.balance(chg_1=9900)
    assert run("2026-10-24", "06:59") == 0  # 8:59 in Warsaw
    assert run("2026-10-24", "07:00") == 2
    assert run("2026-10-24", "07:15") == 0
    assert run("2026-10-28", "07:59") == 0  # in winter it is an hour less
    assert run("2026-10-28", "08:00") == 2


def test_in_any_order_once_and_late_words_are_dropped(world):
    world.post()
    world.balance(version=5, chg_1=9900)
    world.balance(version=4, chg_1=100_000)
    assert run("2026-10-22") == 2
    assert [values["amount"] for _, values in world.notices()] == [9900]
    world.balance(version=6)
    assert run("2026-10-25") == 0
    world.balance(version=7, chg_1=4000)  # its payment bounced
    assert run("2026-10-25", "15:00") == 2
    assert world.notices()[-1] == ("payment_due", {"amount": 4000, "currency": "PLN", "days": 0, "day": "2026-10-25"})


def test_paid_between_two_stages(world):
    world.post()
    world.balance(chg_1=9900)
    assert run("2026-10-18") == 2
    world.balance()
    assert sum(run(day) for day in days(DUE - timedelta(days=6), DUE + timedelta(days=40))) == 0
    world.balance(chg_1=9900)
    assert run("2026-10-18") == 0


def test_what_is_paid_while_its_reminder_waits_is_not_sent(world, monkeypatch):
    walked = []
    monkeypatch.setattr(service_delivering._Case, "walk", lambda case: walked.append(case.notice.values["day"]))
    world.post()
    world.post("chg_2", due=DUE - timedelta(days=10))
    world.balance(chg_1=9900, chg_2=5000)
    assert run("2026-10-18") == 4
    world.balance(chg_1=9900)
    with time_machine.travel("2026-10-18T12:00:00Z", tick=True):
        for item in NoticeItem.query(f"ORG#{ORG}#PERSON#per_anna", NoticeItem.sk.startswith("NOTICE#")):
            world.hear(NotificationQueued(person_id="per_anna", notice_id=item.notice_id))
    assert walked == ["2026-10-25"]


def test_after_an_outage_only_the_latest_stage(world):
    world.post()
    world.balance(chg_1=9900)
    assert run("2026-11-10") == 2
    assert [(kind, values["days"]) for kind, values in world.notices()] == [("payment_overdue", 16)]
    assert run("2026-11-11") == 0


def test_a_contract_that_ends(world):
    world.begin("ctr_9", "per_9", ends_on="2027-01-31")
    watched = [date(2026, 11, 1), *days(date(2026, 11, 2), date(2026, 11, 4)), date(2026, 12, 31), date(2027, 1, 1)]
    assert [str(day) for day in watched if run(day)] == ["2026-11-02", "2027-01-01"]
    assert world.notices("per_9") == [
        ("contract_ending", {"number": "U/ctr_9", "days": number, "day": "2027-01-31"}) for number in (90, 30)
    ]


def test_an_end_that_was_put_off(world):
    world.begin("ctr_9", "per_9", ends_on="2027-01-31", occurred_at="2026-10-01T10:00:00Z")
    assert run("2026-11-02") == 1
    world.begin("ctr_9", "per_9", ends_on="2027-12-31", occurred_at="2026-11-05T10:00:00Z")
    world.begin("ctr_9", "per_9", ends_on="2027-01-31", occurred_at="2026-11-04T10:00:00Z")  # an older word
    assert run("2027-01-01") == 0
    assert run("2027-10-02") == 1
    world.begin("ctr_9", "per_9", occurred_at="2027-10-03T10:00:00Z")
    assert run("2027-12-01") == 0


def test_homes_are_told_of_reading_windows(world, monkeypatch):
    monkeypatch.setattr(store_reminders, "PAGE", 1)
    people = [f"per_{number}" for number in range(12)]
    for person_id in people:
        world.begin(f"ctr_{person_id}", person_id)
    world.begin("ctr_second", "per_1")
    world.begin("ctr_gone", "per_gone", left="2020-01-31")
    world.begin("ctr_supply", "per_supply", type_="supply")
    window = ReadingWindowOpened(medium="cold_water", first=date(2026, 10, 25), last=date(2026, 10, 31))
    world.hear(window)
    world.hear(window)
    told = [run(day) > 0 for day in days(date(2026, 10, 24), date(2026, 11, 2))]
    assert told == [False, True, False, False, False, True, False, False, False, False]
    for person_id in (*people, "per_anna", "per_olek"):
        assert world.notices(person_id) == [
            ("window_opened", {"medium": "cold_water", "last": "2026-10-31"}),
            ("window_closing", {"medium": "cold_water", "last": "2026-10-31", "days": 2}),
        ]
    assert world.notices("per_gone") == world.notices("per_supply") == world.notices("per_fred") == []


class Verified:
    """Meters whose verification the staff are told of; `said` are the values of what Sara was told, the oldest first."""

    def __init__(self, world):
        self.world = world
        Account(f"ORG#{ORG}#PERSON#per_sara", "ACCOUNT", email="s@demo.example", first_name="Sara", last_name="Lis",
                locale="pl", roles=["staff"], gsi1pk=f"ORG#{ORG}#STAFF", gsi1sk="lis sara#per_sara").save()  # fmt: skip

    def hear(self, until, *numbers, **metadata):
        meters = [
            {"meter_id": f"mtr_{number.strip('A#')}", "number": number, "verified_until": until} for number in numbers
        ]
        self.world.hear(VerificationsChanged(meters=meters), **metadata)

    def run(self, moment):
        """The values of what was newly told that day."""
        known = len(self.world.notices("per_sara"))
        run(moment)
        for kind, data in outbox(VARIABLE):
            if kind == "TellingDue":
                self.world.hear(TellingDue.model_validate(data))
        told = self.world.notices("per_sara")[known:]
        assert {kind for kind, _ in told} <= {"staff_verification_expiring"}
        return [(values["meters"], values["numbers"], values["days"], values["day"]) for _, values in told]


def test_the_staff_hear_of_meters_to_verify_once_a_day_and_stage(world):
    meters = Verified(world)
    meters.hear("2027-01-31", *(f"W/{number:02}" for number in range(18)))
    meters.hear("2027-01-31", "A#1")
    meters.hear("2027-03-31", "B")
    assert meters.run("2026-11-01") == []
    names = "A#1, W/00, W/01, W/02, W/03, W/04, W/05, W/06, W/07, W/08, …"
    assert meters.run("2026-11-02") == [(19, names, 90, "2027-01-31")]
    assert meters.run("2026-11-03") == []
    meters.hear("2035-01-31", *(f"W/{number:02}" for number in range(18)), occurred_at="2026-11-05T10:00:00Z")
    meters.hear("2027-01-31", "W/03", occurred_at="2026-11-04T10:00:00Z")  # an older word
    meters.hear(None, "B", occurred_at="2026-11-05T10:00:00Z")
    assert meters.run("2027-01-01") == [(1, "A#1", 30, "2027-01-31")]
    assert meters.run("2027-02-01") == []


def test_what_need_not_be_verified_in_time_is_not_told(world):
    meters = Verified(world)
    meters.hear("2026-09-30", "OLD")
    meters.hear("2026-10-20", "SOON")  # its stages are past, the later one by ten days
    assert meters.run("2026-10-02") == [(1, "SOON", 18, "2026-10-20")]
    admin = sign_in(ORG, "per_admin", (ADMINISTRATOR, "organisation", ORG))
    meters.hear("2027-01-31", "W")
    body = {**POLICY, "verification": [120], "version": 0}
    assert call(app, "PUT", "/reminder-policy", token=admin, body=body)[0] == 200
    assert meters.run("2026-10-03") == [(1, "W", 120, "2027-01-31")]
    assert meters.run("2026-11-02") == []


def test_another_organisation_hears_nothing_of_it(world):
    world.post()
    world.balance(chg_1=9900)
    run("2026-10-18")
    assert [organisation_id for organisation_id, _ in store_reminders.clock_organisations()] == [ORG]
    assert not list(NoticeItem.query("ORG#org_other#PERSON#per_anna"))


# ------------------------------------------------------------------ the policy
def test_the_policy_is_the_administrators(world):
    admin = sign_in(ORG, "per_admin", (ADMINISTRATOR, "organisation", ORG))
    assert call(app, "GET", "/reminder-policy", token=world.sara) == (200, {**POLICY, "version": 0})
    assert call(app, "GET", "/reminder-policy", token=world.anna)[0] == 403
    changed = {**POLICY, "due": [1, 14, 1], "per_second": 20, "version": 0}
    assert call(app, "PUT", "/reminder-policy", token=world.sara, body=changed)[0] == 403
    status, answer = call(app, "PUT", "/reminder-policy", token=admin, body=changed)
    assert (status, answer["due"], answer["version"]) == (200, [14, 1], 1)
    assert call(app, "GET", "/reminder-policy", token=world.sara) == (200, answer)
    assert call(app, "PUT", "/reminder-policy", token=admin, body=changed)[0] == 409
    assert call(app, "GET", "/reminder-policy", token=world.fatma)[0] == 403
    for wrong in ({"due": [61]}, {"overdue": [0]}, {"per_second": 0}, {"ending": [1] * 6}):
        assert call(app, "PUT", "/reminder-policy", token=admin, body={**changed, **wrong})[0] == 422


def test_a_new_policy_holds_for_what_was_there_before(world):
    admin = sign_in(ORG, "per_admin", (ADMINISTRATOR, "organisation", ORG))
    many(world, 6)
    assert run("2026-10-15") == 0
    body = {**POLICY, "due": [10, 7], "version": 0}
    assert call(app, "PUT", "/reminder-policy", token=admin, body=body)[0] == 200
    assert run("2026-10-15", "12:00") == 6
    assert run("2026-10-15", "12:15") == 0
    assert run("2026-10-18") == 6
    assert run("2026-10-22") == 0
