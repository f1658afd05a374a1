"""Contracts, units, people and own contact data, as tenants and staff see them."""

import pytest
from registry import import_plan, service_organisations, store
from registry.app import app, consumers, register_organisation

from shared.errors import Conflict
from shared.events.catalog import BalanceChanged
from tests.support import call, event_message, outbox, profile, sign_in
from tests.unit.registry.helpers import COMMUNITY, CONTRACT, OCCUPANCY, PERSON, UNIT, files, load, packed, said, staff

ORGANISATION = "org_test"


def identity(kind, reference, organisation_id=ORGANISATION):
    return import_plan.thing_id(kind, organisation_id, reference)


ANNA, JAN = identity("person", "P1"), identity("person", "P2")
LEASE, FLAT = identity("contract", "K1"), identity("contract", "K2")


def tenant(*more):
    return sign_in(ORGANISATION, ANNA, ("tenant", "contract", LEASE), ("tenant", "unit", identity("unit", "U1")), *more)


def get(path, token, query=None, **parameters):
    return call(app, "GET", path, token=token, path=parameters or None, query=query)


def balance(amount, version, contract_id=LEASE):
    event = BalanceChanged(
        contract_id=contract_id, ledger_version=version, balance=amount, due=max(amount, 0), credit=max(-amount, 0),
        overdue_from=None, currency="PLN",
    )  # fmt: skip
    consumers.consume(event_message(event, ORGANISATION, f"evt_b{version}_{amount}"))


def numbers(answer):
    return [item["number"] for item in answer[1]["items"]]


def test_a_tenant_sees_his_contract(loaded):
    status, body = get("/contracts", tenant())
    assert status == 200
    assert body["items"] == [
        {
            "contract_id": LEASE, "number": "N/2015/0001", "type": "lease", "starts_on": "2015-03-01", "ends_on": None,
            "landlord": "Dom sp. z o.o.", "value": 120000, "currency": "PLN", "current_debt": 0,
            "adviser": {"name": "Ewa Lis", "email": "ewa@demo.example", "phone": "+48600100200"},
            "unit": {"unit_id": identity("unit", "U1"), "label": "m. 12", "address": "ul. Prosta 1, 00-001 Warszawa"},
            "community": {"community_id": identity("community", "C1"), "name": "Wspólnota Prosta 1"},
            "holders": None,
        }
    ]  # fmt: skip


def test_the_contract_shows_unit_references_and_no_other_holder(loaded):
    status, body = get("/contracts/{contract_id}", tenant(), contract_id=LEASE)
    assert status == 200
    assert body["unit"]["floor_area_m2"] == "48.60"
    assert body["payment_references"] == [{"kind": "mass_payment_id", "value": "XX000000000001"}]
    assert body["holders"] is None
    staff_view = get("/contracts/{contract_id}", staff(), contract_id=LEASE)[1]
    assert [(h["person_id"], h["name"]) for h in staff_view["holders"]] == [(ANNA, "Anna Żółkiewska")]


def test_somebody_elses_contract_unit_and_person_are_not_there(loaded):
    token = tenant()
    assert get("/contracts/{contract_id}", token, contract_id=FLAT)[0] == 404
    assert get("/units/{unit_id}", token, unit_id=identity("unit", "U2"))[0] == 404
    assert get("/people/{person_id}", token, person_id=JAN)[0] == 403
    stranger = staff("org_other")
    assert get("/contracts/{contract_id}", stranger, contract_id=LEASE)[0] == 404
    assert get("/units/{unit_id}", stranger, unit_id=identity("unit", "U1"))[0] == 404
    assert get("/people/{person_id}", stranger, person_id=ANNA)[0] == 404
    assert get("/people", stranger)[1]["items"] == []
    assert get("/contracts", stranger)[1]["items"] == []
    assert get("/contracts", stranger, {"q": "N/2015"})[1]["items"] == []


def test_the_current_debt_is_what_the_ledger_last_said(loaded):
    balance(4500, 2)
    balance(9900, 1)
    assert get("/contracts", tenant())[1]["items"][0]["current_debt"] == 4500
    balance(-300, 3)
    assert get("/contracts", tenant())[1]["items"][0]["current_debt"] == 0


def test_a_unit_shows_only_the_contracts_that_the_caller_may_see(loaded):
    unit_id = identity("unit", "U1")
    next_one = {
        **CONTRACT,
        "contract_ref": "K9",
        "number": "N/2026/9",
        "starts_on": "2026-07-01",
        "mass_payment_id": "",
    }
    held = {**OCCUPANCY, "person_ref": "P2", "contract_ref": "K9", "starts_on": "2026-07-01"}
    load(
        loaded,
        packed(files(contracts=[*files()["contracts.csv"], next_one], occupancies=[*files()["occupancies.csv"], held])),
    )
    status, body = get("/units/{unit_id}", tenant(), unit_id=unit_id)
    assert status == 200
    assert (body["property"], body["state"], body["community"]["name"]) == ("Prosta 1", "good", "Wspólnota Prosta 1")
    assert [c["number"] for c in body["contracts"]] == ["N/2015/0001"]
    everything = get("/units/{unit_id}", staff(), unit_id=unit_id)[1]
    assert [c["number"] for c in everything["contracts"]] == ["N/2026/9", "N/2015/0001"]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", ["D/3", "N/2015/0001", "W/2"]),
        ("n/2015", ["N/2015/0001"]),
        ("zolk", ["N/2015/0001"]),
        ("ANNA ŻÓŁ", ["N/2015/0001"]),
        ("kowalski", ["W/2"]),
        ("zielen", ["D/3"]),
        ("lis", []),
        ("2015", []),
    ],
)
def test_staff_search_contracts_by_the_beginning_of_number_or_holder(loaded, q, expected):
    assert numbers(get("/contracts", staff(), {"q": q})) == expected


def test_a_contract_of_a_couple_is_found_once(loaded):
    husband = {**PERSON, "person_ref": "P4", "first_name": "Adam"}
    load(
        loaded,
        packed(
            files(
                people=[*files()["people.csv"], husband],
                occupancies=[*files()["occupancies.csv"], {**OCCUPANCY, "person_ref": "P4"}],
            )
        ),
    )
    assert numbers(get("/contracts", staff(), {"q": "zolkiewska"})) == ["N/2015/0001"]
    assert [i["first_name"] for i in get("/people", staff(), {"q": "zolkiewska"})[1]["items"]] == ["Adam", "Anna"]


def test_lists_are_paged_and_cursors_belong_to_list_person_and_query(bus, monkeypatch):
    page, count = 5, 8
    monkeypatch.setattr(store, "PAGE", page)
    people = [{**PERSON, "person_ref": f"T{n:03}", "last_name": f"Nowak{n:03}", "email": ""} for n in range(count)]
    contracts = [
        {**CONTRACT, "contract_ref": f"L{n}", "number": f"L/{n:03}", "mass_payment_id": "", "adviser_ref": ""}
        for n in range(count)
    ]
    held = [{**OCCUPANCY, "person_ref": f"T{n:03}", "contract_ref": f"L{n}"} for n in range(count)]
    load(bus, packed(files(units=[UNIT], people=people, contracts=contracts, occupancies=held, mandates=[])))
    token = staff()
    for path, query, field in (
        ("/contracts", {}, "number"),
        ("/contracts", {"q": "nowak"}, "number"),
        ("/people", {}, "last_name"),
        ("/people", {"q": "nowak"}, "last_name"),
    ):
        first = get(path, token, query)[1]
        second = get(path, token, {**query, "cursor": first["next_cursor"]})[1]
        seen = [item[field] for item in first["items"] + second["items"]]
        assert len(first["items"]) == page
        assert seen == sorted(set(seen))
        assert len(seen) == count
        assert second["next_cursor"] is None
        other = {"cursor": first["next_cursor"], "q": "other"}
        assert get(path, token, other)[1]["code"] == "invalid_cursor"
    own = [("tenant", "contract", identity("contract", f"L{n}")) for n in range(count)]
    holder = sign_in(ORGANISATION, "per_many", *own)
    first = get("/contracts", holder)[1]
    second = get("/contracts", holder, {"cursor": first["next_cursor"]})[1]
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (page, count - page, None)
    assert len({item["contract_id"] for item in first["items"] + second["items"]}) == count


def test_the_register_shows_a_person_with_occupancies_and_mandates(loaded):
    status, body = get("/people/{person_id}", staff(), person_id=JAN)
    assert status == 200
    assert [(c["contract_id"], c["role"], c["unit"]["label"]) for c in body["contracts"]] == [(FLAT, "owner", "m. 13")]
    assert [(m["community"]["name"], m["starts_on"]) for m in body["mandates"]] == [
        ("Wspólnota Prosta 1", "2024-01-01")
    ]
    assert [item["name"] for item in get("/people", staff())[1]["items"]] == [
        "Jan Kowalski", "Ewa Lis", "Zieleń s.c.", "Anna Żółkiewska",
    ]  # fmt: skip


def patch(token, **body):
    return call(app, "PATCH", "/me/contact", token=token, body=body)


def test_a_changed_contact_is_in_the_register_at_once(loaded):
    token = tenant()
    status, body = patch(
        token, last_name="Wiśniewska", phone="0048 500 500 500", address={"country": "pl", "city": "Łódź"}
    )
    assert status == 200
    assert (body["phone"], body["address"]["city"], body["address"]["country"]) == ("+48500500500", "Łódź", "PL")
    assert body == get("/me/contact", token)[1]
    seen = get("/people/{person_id}", staff(), person_id=ANNA)[1]
    assert (seen["name"], seen["phone"], seen["address"]["city"]) == ("Anna Wiśniewska", "+48500500500", "Łódź")
    assert [i["person_id"] for i in get("/people", staff(), {"q": "wisn"})[1]["items"]] == [ANNA]
    assert get("/people", staff(), {"q": "zolk"})[1]["items"] == []
    assert said("ContactChanged") == [{"person_id": ANNA, "fields": ["city", "last_name", "phone"]}]
    assert "Wiśniewska" not in str(outbox("REGISTRY_TABLE"))
    loaded.run()
    assert numbers(get("/contracts", staff(), {"q": "wisn"})) == ["N/2015/0001"]
    assert numbers(get("/contracts", staff(), {"q": "zolk"})) == []


def test_an_old_name_finds_no_contract_even_before_the_index_follows(loaded):
    patch(tenant(), last_name="Wiśniewska")
    assert numbers(get("/contracts", staff(), {"q": "zolk"})) == []


def test_sending_the_same_again_says_nothing(loaded):
    token = tenant()
    before = get("/me/contact", token)[1]
    assert patch(token, phone=before["phone"]) == (200, before)
    assert said("ContactChanged") == []


def test_a_change_upon_an_old_reading_is_refused(loaded):
    token = tenant()
    version = get("/me/contact", token)[1]["version"]
    assert patch(token, phone="+48500500500", version=version)[0] == 200
    status, body = patch(token, phone="+48500500501", version=version)
    assert (status, body["code"]) == (409, "contact_changed_meanwhile")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"email": "nobody"}, "email", "invalid_email"),
        ({"phone": "12"}, "phone", "invalid_phone"),
        ({"last_name": " "}, "last_name", "missing_name"),
        ({"address": {"country": "1A"}}, "address.country", "invalid_country"),
        ({"first_name": "x" * 101}, "first_name", "string_too_long"),
        ({"company": "Firm"}, "company", "extra_forbidden"),
    ],
)
def test_wrong_contact_data_are_refused_by_field(loaded, change, field, code):
    status, body = patch(tenant(), **change)
    assert status == 422
    assert {(e["field"], e["code"]) for e in body["errors"]} == {(field, code)}
    assert said("ContactChanged") == []


def test_contact_data_are_the_callers_own(loaded):
    patch(tenant(), phone="+48500500500")
    assert get("/people/{person_id}", staff(), person_id=JAN)[1]["phone"] == "+48600100200"
    appointed = sign_in(ORGANISATION, "per_unknown", ("administrator", "organisation", ORGANISATION))
    assert get("/me/contact", appointed)[0] == 404


def test_an_operator_registers_an_organisation_once(bus):
    given = profile("org_new").model_dump(mode="json")
    assert register_organisation(given, None) == given
    assert register_organisation(given, None) == given
    register_organisation({**given, "name": "Renamed", "slug": "renamed"}, None)
    assert [kind for kind, _ in outbox("REGISTRY_TABLE")] == ["OrganisationRegistered", "OrganisationChanged"]
    with pytest.raises(Conflict, match="slug_taken"):
        register_organisation(profile("org_third", slug="renamed").model_dump(mode="json"), None)
    service_organisations.register_organisation(profile("org_third", slug=given["slug"]))


def test_a_bad_profile_is_refused(bus):
    with pytest.raises(ValueError, match="slug"):
        register_organisation({**profile("org_new").model_dump(mode="json"), "slug": "No Slug!"}, None)
    with pytest.raises(ValueError, match="posix/Europe/Warsaw"):
        service_organisations.register_organisation(profile("org_new", time_zone="posix/Europe/Warsaw"))
    assert outbox("REGISTRY_TABLE") == []


def test_people_are_named_by_their_ids_and_only_to_their_own_staff(loaded):
    asked = {"ids": f"{JAN},per_nobody, {ANNA},,{JAN}"}
    status, body = get("/people/names", staff(), asked)
    assert status == 200
    assert body["items"] == [
        {"person_id": JAN, "name": "Jan Kowalski"},
        {"person_id": ANNA, "name": "Anna Żółkiewska"},
    ]
    assert get("/people/names", staff("org_other"), asked)[1]["items"] == []
    assert get("/people/names", tenant(), asked)[0] == 403


def test_at_most_fifty_people_are_named_at_once(loaded):
    assert get("/people/names", staff(), {"ids": ",".join(["per_x"] * 50)})[0] == 200
    status, body = get("/people/names", staff(), {"ids": ",".join(["per_x"] * 51)})
    assert (status, body["errors"][0]["field"], body["errors"][0]["code"]) == (400, "ids", "too_long")
    assert get("/people/names", staff())[0] == 400


def test_staff_see_the_communities_by_name(bus, monkeypatch):
    more = [{**COMMUNITY, "community_ref": f"X{n}", "name": f"{letter} 1"} for n, letter in enumerate("CA")]
    load(bus, packed(files(communities=[*files()["communities.csv"], *more])))
    monkeypatch.setattr(store, "PAGE", 2)
    first = get("/communities", staff())[1]
    second = get("/communities", staff(), {"cursor": first["next_cursor"]})[1]
    names = [item["name"] for item in first["items"] + second["items"]]
    assert names == ["A 1", "C 1", "Wspólnota Prosta 1"]
    assert get("/communities", staff("org_other"))[1]["items"] == []
    assert get("/communities", tenant())[0] == 403
