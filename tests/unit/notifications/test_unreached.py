"""What the staff hear of people who cannot be reached (D6): by name, once, and no flood where everything breaks down."""

from datetime import timedelta

import pytest
from notifications import service_delivering
from notifications.channels.model import Answer
from notifications.kinds import Channel
from notifications.service_alarms import NAMED

from tests.unit.notifications.test_adversity import bounced, told
from tests.unit.notifications.test_delivering import BLOCKED, BUSY, KilledError, post  # noqa: F401 - the fixture

ENDING = {"kind": "contract_ending", "number": "U/1", "days": 30, "day": "2026-12-20"}
OUTAGE = {"kind": "incident_opened", "about": {"incident_id": "inc_1"}, "at": "2026-11-20T12:00+01:00"}
REFUSED = Answer(400, code="MessageRejected")


def alarms():
    return [(one["about"]["person_id"], one["what"]) for one in told("staff_unreached")]


@pytest.mark.parametrize("what", [ENDING, OUTAGE])
def test_what_must_reach_who_has_no_address_is_told_to_the_staff_once(post, what):  # noqa: F811
    notice_id = post.tell(person_id="per_olek", **what)
    for _ in range(2):
        post.deliver(notice_id, "per_olek")
    assert set(alarms()) == {("per_olek", f"staff_unreached/{notice_id}")}, "who says the same again is not heard"


def test_what_may_be_refused_is_not(post):  # noqa: F811
    post.deliver(post.tell(person_id="per_olek"), "per_olek")
    post.answers = {"email": REFUSED, "telegram": BLOCKED}
    post.deliver(post.tell())
    assert (post.channels(), alarms()) == (["email", "telegram"], [])


def test_one_way_that_is_left_is_enough_until_it_fails_too(post):  # noqa: F811
    post.answers["telegram"] = BUSY
    notice_id = post.tell(**ENDING)
    post.deliver(notice_id)
    mail = post.sent[0][2].arguments["EmailTags"][0]["Value"]
    post.now += timedelta(minutes=2)
    post.answers["telegram"] = BLOCKED
    post.deliver(notice_id)
    assert (post.log(notice_id)[-1], alarms()) == (("telegram", "gone"), [])
    bounced(mail, "anna@example.org")
    post.deliver(notice_id)
    assert alarms() == [("per_anna", f"staff_unreached/{notice_id}")]


def test_what_may_have_arrived_is_no_alarm(post):  # noqa: F811
    post.answers = {"email": Answer(0, code="no_answer"), "telegram": BLOCKED}
    post.deliver(post.tell(**ENDING))
    assert alarms() == []


def test_who_is_killed_after_the_last_outcome_has_the_staff_told_by_the_next(post, monkeypatch):  # noqa: F811
    post.answers["email"] = REFUSED
    post.card("per_olek", email="olek@example.org")
    notice_id = post.tell(person_id="per_olek", **ENDING)

    def killed(*_arguments):
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(service_delivering, "tell_staff_of", killed)
        with pytest.raises(KilledError):
            post.deliver(notice_id, "per_olek")
    post.deliver(notice_id, "per_olek")
    assert alarms() == [("per_olek", f"staff_unreached/{notice_id}")]
    assert post.log(notice_id, "per_olek") == [("email", "refused")]


def test_the_first_of_an_hour_are_named_and_the_others_are_one(post):  # noqa: F811
    for number in range(NAMED + 3):
        person_id = f"per_{number:02}"
        post.do(
            lambda uow, who=person_id: service_delivering.switch_off(uow, who, Channel.EMAIL, f"{who}@x.pl", "bounce")
        )
        post.deliver(post.tell(person_id=person_id, **ENDING), person_id)
    for kind in ("staff_channel_failed", "staff_unreached"):
        assert [one["about"]["person_id"] for one in told(kind)] == [f"per_{number:02}" for number in range(NAMED)]
    assert {one["what"] for one in told("staff_more_unreached")} == {"staff_more_unreached/2026-11-20T11"}
    post.now += timedelta(hours=1)
    post.deliver(post.tell(person_id="per_olek", **ENDING), "per_olek")
    assert alarms()[-1][0] == "per_olek"
