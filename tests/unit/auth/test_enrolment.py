"""Enrolment: who may let whom sign in, and that a repeat changes nothing."""

from auth import cognito, store
from auth.app import app

from shared import access
from tests.support import call, outbox, sign_in
from tests.unit.auth.helpers import EMAIL, ORGANISATION, PASSWORD, PERSON, attempt, enrol, person


def post(token, *people):
    body = {"people": [p.model_dump() for p in people]}
    status, answer = call(app, "POST", "/auth/enrolments", token=token, body=body)
    return status, [item["state"] for item in answer["items"]] if status == 201 else answer


def administrator():
    return sign_in(ORGANISATION, "per_admin", ("administrator", "organisation", ORGANISATION))


def staff():
    return sign_in(ORGANISATION, "per_staff", ("staff", "organisation", ORGANISATION))


def roles_of(person_id):
    return {grant.role for grant in access.grants(ORGANISATION, person_id)}


def test_enrolled_people_cannot_sign_in_before_they_set_a_password(pool):
    assert post(staff(), person()) == (201, ["enrolled"])
    user = pool.admin_get_user(UserPoolId=pool.list_user_pools(MaxResults=1)["UserPools"][0]["Id"], Username=EMAIL)
    assert user["UserStatus"] == "CONFIRMED"
    assert attempt()["statusCode"] == 401
    assert ("PersonInvited", {"person_id": PERSON}) in outbox("ACCESS_TABLE")


def test_enrolling_again_changes_nothing_and_keeps_the_password(anna):
    before = len(outbox("ACCESS_TABLE"))
    assert post(staff(), person()) == (201, ["unchanged"])
    assert len(outbox("ACCESS_TABLE")) == before
    assert attempt()["statusCode"] == 200


def test_a_new_name_is_kept_without_touching_the_password(anna):
    assert post(staff(), person(first_name="Hanna", locale="uk")) == (201, ["changed"])
    assert attempt()["statusCode"] == 200
    assert store.find_account(ORGANISATION, PERSON).first_name == "Hanna"


def test_only_an_administrator_gives_roles_in_the_organisation(pool):
    assert post(staff(), person(roles=["staff"])) == (201, ["forbidden"])
    assert roles_of(PERSON) == set()
    assert post(administrator(), person(roles=["staff", "administrator"])) == (201, ["enrolled"])
    assert roles_of(PERSON) == {"staff", "administrator"}
    granted = [data["role"] for kind, data in outbox("ACCESS_TABLE") if kind == "AccessGranted"]
    assert sorted(granted) == ["administrator", "staff"]


def test_enrolling_without_roles_takes_none_away(pool):
    enrol(person(roles=["staff"]))
    assert post(administrator(), person()) == (201, ["unchanged"])
    assert roles_of(PERSON) == {"staff"}


def test_staff_cannot_take_over_an_administrators_sign_in(pool):
    enrol(person(roles=["administrator"]))
    assert post(staff(), person(email="attacker@demo.example")) == (201, ["forbidden"])
    assert store.find_sign_in("attacker@demo.example") is None


def test_an_email_belongs_to_one_person_everywhere(anna):
    assert enrol(person("per_other")) == ["email_taken"]
    assert enrol(person(), organisation_id="org_other") == ["email_taken"]
    assert attempt()["statusCode"] == 200


def test_a_new_email_has_to_prove_itself_and_ends_the_sessions(anna):
    assert attempt()["statusCode"] == 200
    assert enrol(person(email="anna.new@demo.example")) == ["changed"]
    assert store.person_sessions(ORGANISATION, PERSON) == []
    assert attempt()["statusCode"] == 401
    assert attempt(email="anna.new@demo.example")["statusCode"] == 401
    cognito.set_password("anna.new@demo.example", PASSWORD)
    assert attempt(email="anna.new@demo.example")["statusCode"] == 200


def test_who_gets_a_used_email_does_not_inherit_its_password(anna):
    enrol(person(email="anna.new@demo.example"))
    assert enrol(person("per_other", email=EMAIL, first_name="Olga")) == ["enrolled"]
    assert attempt()["statusCode"] == 401


def test_an_enrolment_cut_short_goes_on_at_the_repeat(pool):
    cognito.make_user(EMAIL, "pl")
    assert enrol(person()) == ["enrolled"]
    cognito.set_password(EMAIL, PASSWORD)
    assert attempt()["statusCode"] == 200


def test_rows_that_contradict_each_other_are_refused(pool):
    status, body = post(staff(), person(), person("per_b"), person("per_c", email="no email"))
    assert (status, body["code"]) == (422, "invalid_body")
    assert {(e["field"], e["code"]) for e in body["errors"]} == {
        ("people.1", "duplicate_person"),
        ("people.2.email", "invalid_email"),
    }


def test_the_largest_enrolment_fits_one_transaction(pool):
    people = [person(f"per_{n}", email=f"p{n}@demo.example", roles=["staff", "administrator"]) for n in range(12)]
    assert post(administrator(), *people) == (201, ["enrolled"] * 12)
    assert post(administrator(), *people, person("per_x", email="x@demo.example"))[0] == 422


def colleagues(token):
    status, answer = call(app, "GET", "/colleagues", token=token)
    return status, [(item["person_id"], item["last_name"], item["roles"]) for item in answer.get("items", [])]


def test_colleagues_are_those_with_a_role_by_name_and_of_this_organisation_only(pool):
    enrol(person())
    enrol(person("per_z", email="z@demo.example", last_name="Zajac", roles=["staff"]))
    enrol(person("per_b", email="b@demo.example", last_name="Bak", roles=["staff", "administrator"]))
    enrol(person("per_o", email="o@demo.example", roles=["staff"]), organisation_id="org_other")
    assert colleagues(staff()) == (
        200,
        [("per_b", "Bak", ["administrator", "staff"]), ("per_z", "Zajac", ["staff"])],
    )


def test_a_role_given_later_and_a_new_name_show_among_colleagues(pool):
    enrol(person())
    assert colleagues(staff())[1] == []
    enrol(person(roles=["staff"]))
    enrol(person(last_name="Wilk"))
    assert colleagues(staff())[1] == [(PERSON, "Wilk", ["staff"])]


def test_only_staff_see_their_colleagues(pool):
    token = sign_in(ORGANISATION, "per_tenant", ("tenant", "contract", "con_1"))
    assert colleagues(token)[0] == 403


def test_an_account_from_before_the_list_comes_onto_it_when_enrolled_again(pool):
    enrol(person(roles=["staff"]))
    account = store.find_account(ORGANISATION, PERSON)
    account.roles = account.gsi1pk = account.gsi1sk = None
    account.save()
    assert colleagues(staff())[1] == []
    assert post(administrator(), person(roles=["staff"])) == (201, ["changed"])
    assert colleagues(staff())[1] == [(PERSON, "Nowak", ["staff"])]
