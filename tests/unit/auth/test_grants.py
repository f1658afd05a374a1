"""Grants from contracts and mandates, in whatever order and however often the messages come."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from auth.app import consumers
from auth.store import Slug
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import access
from shared.access import Principal
from shared.errors import NotFound
from shared.events.catalog import (
    ContractEnded,
    ContractStarted,
    MandateEnded,
    MandateStarted,
    OrganisationChanged,
    OrganisationRegistered,
    Party,
)
from shared.ids import new_id
from tests.cloud import start_empty
from tests.support import event_message, outbox, profile

ORGANISATION = "org_test"
START = datetime(2026, 1, 1, tzinfo=UTC)


def message(event, minute=0, organisation_id=ORGANISATION):
    made = event_message(event, organisation_id, event_id=new_id("evt"))
    made["detail"]["metadata"]["occurred_at"] = (START + timedelta(minutes=minute)).isoformat()
    return made


def started(*parties, contract_id="con_1", unit_id="unt_1", ends_on=None):
    return ContractStarted(
        contract_id=contract_id, number="N/1", type="lease", unit_id=unit_id, community_id="com_1", currency="PLN",
        starts_on=date(2015, 3, 1), ends_on=ends_on, parties=list(parties), payment_references=[],
    )  # fmt: skip


def party(person_id="per_1", starts_on="2015-03-01", ends_on=None):
    return Party.model_validate({"person_id": person_id, "role": "tenant", "starts_on": starts_on, "ends_on": ends_on})


def held(person_id="per_1"):
    return {(g.scope, g.scope_id, str(g.starts_on), str(g.ends_on)) for g in access.grants(ORGANISATION, person_id)}


def sees(person_id, day, **thing):
    grants = tuple(g for g in access.grants(ORGANISATION, person_id) if g.holds_on(day))
    return Principal(person_id, ORGANISATION, grants).may_see(**thing)


def test_an_occupancy_opens_contract_unit_and_community(cloud):
    consumers.consume(message(started(party(ends_on="2020-06-30"))))
    assert held() == {
        ("contract", "con_1", "2015-03-01", "None"),
        ("unit", "unt_1", "2015-03-01", "2020-06-30"),
        ("community", "com_1", "2015-03-01", "2020-06-30"),
    }
    assert [kind for kind, _ in outbox("ACCESS_TABLE")] == ["AccessGranted"]


def test_a_former_tenant_keeps_the_account_and_loses_the_unit(cloud):
    consumers.consume(message(started(party(ends_on="2020-06-30"))))
    consumers.consume(message(started(party("per_2", "2020-07-01"), contract_id="con_2")))
    today = date(2026, 1, 1)
    assert sees("per_1", today, contract_id="con_1")
    assert not sees("per_1", today, unit_id="unt_1")
    assert not sees("per_1", today, contract_id="con_2")
    assert sees("per_2", today, unit_id="unt_1")
    assert not sees("per_2", today, contract_id="con_1")


def test_a_party_that_is_no_longer_named_loses_everything(cloud):
    consumers.consume(message(started(party(), party("per_2"))))
    consumers.consume(message(started(party("per_2")), 1))
    assert held("per_1") == set()
    assert len(held("per_2")) == 3
    revoked = [data for kind, data in outbox("ACCESS_TABLE") if kind == "AccessRevoked"]
    assert revoked == [{"person_id": "per_1", "role": "tenant", "scope": "contract", "scope_id": "con_1"}]


def test_who_comes_back_has_two_periods(cloud):
    consumers.consume(message(started(party(ends_on="2016-01-31"), party(starts_on="2018-01-01"))))
    assert ("unit", "unt_1", "2015-03-01", "2016-01-31") in held()
    assert ("unit", "unt_1", "2018-01-01", "None") in held()
    assert ("contract", "con_1", "2015-03-01", "None") in held()


def test_the_same_message_twice_is_one_effect(cloud):
    twice = message(started(party()))
    consumers.consume(twice)
    consumers.consume(twice)
    assert len([kind for kind, _ in outbox("ACCESS_TABLE")]) == 1


ENDING = [
    (started(party()), 0),
    (started(party(ends_on="2025-12-31"), ends_on=date(2025, 12, 31)), 1),
    (ContractEnded(contract_id="con_1", ends_on=date(2025, 12, 31)), 1),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_end_holds_in_whatever_order_it_is_heard(cloud, order):
    for index in order:
        consumers.consume(message(*ENDING[index]))
    assert held() == {
        ("contract", "con_1", "2015-03-01", "None"),
        ("unit", "unt_1", "2015-03-01", "2025-12-31"),
        ("community", "com_1", "2015-03-01", "2025-12-31"),
    }


def test_the_end_alone_shortens_what_stands(cloud):
    consumers.consume(message(started(party())))
    consumers.consume(message(ContractEnded(contract_id="con_1", ends_on=date(2025, 12, 31)), 1))
    assert ("unit", "unt_1", "2015-03-01", "2025-12-31") in held()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from(["per_1", "per_2", "per_3"]), unique=True, max_size=3), min_size=2, max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_newest_state_wins_in_any_order(cloud, states, random):
    messages = [message(started(*(party(p) for p in people)), minute) for minute, people in enumerate(states)]
    random.shuffle(messages)
    start_empty()
    for each in messages:
        consumers.consume(each)
    assert {p for p in ("per_1", "per_2", "per_3") if held(p)} == set(states[-1])


def test_the_largest_contract_is_replaced_in_one_transaction(cloud):
    consumers.consume(message(started(*(party(f"per_a{n}") for n in range(12)))))
    consumers.consume(message(started(*(party(f"per_b{n}") for n in range(12))), 1))
    assert held("per_a0") == set()
    assert len(held("per_b11")) == 3


def mandate(ends_on=None):
    return MandateStarted(
        mandate_id="mdt_1", person_id="per_1", role="board_member", community_id="com_1",
        starts_on=date(2024, 1, 1), ends_on=ends_on,
    )  # fmt: skip


def test_a_mandate_opens_the_community_from_and_until(cloud):
    consumers.consume(message(mandate()))
    assert held() == {("community", "com_1", "2024-01-01", "None")}
    ended = MandateEnded(
        mandate_id="mdt_1", person_id="per_1", role="board_member", community_id="com_1", ends_on=date(2025, 1, 31)
    )
    consumers.consume(message(ended, 1))
    assert held() == {("community", "com_1", "2024-01-01", "2025-01-31")}


def test_profiles_are_kept_for_everybody_and_the_newest_counts(cloud):
    old, new = profile(name="Old"), profile(name="New", slug="renamed")
    consumers.consume(message(OrganisationChanged(profile=new), 1))
    consumers.consume(message(OrganisationRegistered(profile=old), 0))
    assert access.organisation(ORGANISATION).name == "New"
    assert Slug.get("SLUG#renamed", "SLUG").organisation_id == ORGANISATION
    consumers.consume(message(OrganisationChanged(profile=old), 2))
    assert access.organisation(ORGANISATION).name == "Old"
    with pytest.raises(Slug.DoesNotExist):
        Slug.get("SLUG#renamed", "SLUG")


def test_grants_stay_inside_their_organisation(cloud):
    consumers.consume(message(started(party()), organisation_id="org_other"))
    assert held() == set()
    with pytest.raises(NotFound):
        access.organisation("org_other")
