"""What other tests have begun: a digest whose hour has come meanwhile."""

import httpx
import pytest

from tests.integration.inbox import letters, told
from tests.tenancy import Tenancy
from tests.world import World

pytestmark = pytest.mark.world


def test_a_digest_is_one_mail_and_the_log_of_each_notice_says_so(
    world: World, house: Tenancy, collected: httpx.Client
) -> None:
    world.wait_until(lambda: all(one["deliveries"] for one in told(collected, "charge_posted")), 100)
    (letter,) = letters(world, house)
    assert [letter.count(f"Nowa opłata: {purpose}") > 0 for purpose in ("czynsz", "woda")] == [True, True], letter
    person_id = house.people[house.holder(0)]
    for client, path in ((collected, "/notifications"), (house.staff, f"/people/{person_id}/notifications")):
        for one in told(client, "charge_posted", path):
            assert [(each["channel"], each["digest"]) for each in one["deliveries"]] == [("email", True)]
