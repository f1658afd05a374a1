"""What goes wrong between us, the channels and the people (D6): reports that overtake, odd addresses, shared browsers, newcomers."""

import re
from datetime import UTC, datetime, timedelta

from notifications import store

from shared import clock
from tests.unit.notifications.conftest import ORG
from tests.unit.notifications.test_delivering import post  # noqa: F401 - the fixture

SES_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


# ------------------------------------------------------------------ what channels say
def test_what_a_mail_refers_to_is_a_tag_that_ses_takes(post):  # noqa: F811
    post.deliver(post.tell())
    ((tag,),) = [call.arguments["EmailTags"] for channel, _, call in post.sent if channel == "email"]
    assert SES_TAG.fullmatch(tag["Value"])


# ------------------------------------------------------------------ people
def test_who_comes_later_hears_nothing_of_those_before_him(world):
    today = clock.today("Europe/Warsaw")
    (left, come), parties = (today - timedelta(days=40), today + timedelta(days=9)), []
    for person, begins, ends in (("per_fred", "2015-01-01", left), ("per_anna", left, today), ("per_olek", come, None)):
        parties.append({"person_id": person, "role": "tenant", "starts_on": str(begins), "ends_on": ends and str(ends)})
    contract = store.ContractItem(pk="x", sk="CONTRACT", parties=parties)
    assert contract.people_on(today) == ["per_anna"]
    assert contract.people_on(today + timedelta(days=5)) == ["per_anna"], "who has left last"
    assert contract.people_on(come) == ["per_olek"]
    contract.parties = parties[2:]
    assert contract.people_on(today) == ["per_olek"], "of what begins only, those who come are told"


def test_many_notices_are_read_by_the_hundred_and_the_count_is_true(world):
    stamp, pk = clock.stamp(datetime(2026, 11, 1, tzinfo=UTC)), store.person_pk(ORG, "per_anna")
    with store.NoticeItem.batch_write() as batch:
        for number in range(250):
            one = f"ntc_{number:04}"
            item = store.NoticeItem(pk, f"NOTICE#{one}", notice_id=one, person_id="per_anna", kind="staff_unmatched")
            item.created_at, item.expires = stamp, clock.timestamp() + 1000
            item.gsi1pk, item.gsi1sk = f"ORG#{ORG}#UNREAD#per_anna", one
            batch.save(item)
    assert world.read(world.anna, "ntc_0003") == world.inbox(world.anna)["unread"] == 100
    assert [world.read(world.anna) for _ in range(3)] == [100, 51, 0]
    assert world.inbox(world.anna)["unread"] == 0
