"""A portfolio is checked as a whole: pure, without a table."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry import archive, columns, errors, import_plan, references
from registry.portfolio import MAX_OCCUPANCIES, read_portfolio

from tests.unit.registry import helpers
from tests.unit.registry.helpers import CONTRACT, MANDATE, OCCUPANCY, PERSON, UNIT, files, packed

CONTRACTS = files()["contracts.csv"]


def found(given_files):
    """What is wrong, as `file:line:field:code`."""
    data = given_files if isinstance(given_files, bytes) else packed(given_files)
    portfolio, problems = read_portfolio(data)
    assert (portfolio is None) == bool(problems.items)
    assert {problem.code for problem in problems.items} <= {*errors.CODES}
    return [f"{p.file}:{p.line}:{p.field}:{p.code}" for p in problems.items]


def test_a_good_portfolio_has_nothing_wrong():
    portfolio, problems = read_portfolio(packed(files()))
    assert problems.items == []
    assert portfolio.size == helpers.ROWS
    assert portfolio.by_key("units.csv")["U1"]["floor_area_m2"] == "48.60"
    assert portfolio.by_key("people.csv")["P1"]["phone"] == "+48600100200"


def test_mandates_may_be_left_out_and_nothing_else():
    without = files()
    del without["mandates.csv"]
    assert found(without) == []
    del without["people.csv"]
    assert found(without) == ["people.csv:0::file_missing"]


def changed(name, row, fields):
    """The good portfolio with one row of a file changed."""
    rows = [dict(r) for r in files()[f"{name}.csv"]]
    rows[row].update(fields)
    return files(**{name: rows})


@pytest.mark.parametrize(
    ("name", "row", "fields", "expected"),
    [
        ("people", 0, {"email": "no email"}, "people.csv:2:email:invalid_email"),
        ("people", 1, {"phone": "600100200"}, "people.csv:3:phone:invalid_phone"),
        ("people", 0, {"locale": "de"}, "people.csv:2:locale:invalid_locale"),
        ("people", 0, {"last_name": ""}, "people.csv:2:last_name:missing_name"),
        ("people", 0, {"country": "Polska"}, "people.csv:2:country:invalid_country"),
        ("people", 0, {"city": "x" * 81}, "people.csv:2:city:field_too_long"),
        ("people", 1, {"person_ref": "P1"}, "people.csv:3:person_ref:duplicate_key"),
        ("communities", 0, {"name": " "}, "communities.csv:2:name:field_missing"),
        ("units", 0, {"floor_area_m2": "48,6"}, "units.csv:2:floor_area_m2:invalid_number"),
        ("units", 1, {"community_ref": "C7"}, "units.csv:3:community_ref:unknown_reference"),
        ("contracts", 0, {"starts_on": "01.03.2015"}, "contracts.csv:2:starts_on:invalid_date"),
        ("contracts", 0, {"starts_on": "2015-02-30"}, "contracts.csv:2:starts_on:invalid_date"),
        ("contracts", 0, {"starts_on": "20150301"}, "contracts.csv:2:starts_on:invalid_date"),
        ("contracts", 0, {"ends_on": "2014-03-01"}, "contracts.csv:2:ends_on:ends_before_start"),
        ("contracts", 0, {"type": "rent"}, "contracts.csv:2:type:invalid_choice"),
        ("contracts", 0, {"value": "1200,00"}, "contracts.csv:2:value:invalid_amount"),
        ("contracts", 0, {"value": "1200.005"}, "contracts.csv:2:value:invalid_amount"),
        ("contracts", 0, {"value": "-1"}, "contracts.csv:2:value:invalid_amount"),
        ("contracts", 0, {"currency": "zł"}, "contracts.csv:2:currency:invalid_currency"),
        ("contracts", 0, {"adviser_ref": "P77"}, "contracts.csv:2:adviser_ref:unknown_reference"),
        ("contracts", 0, {"unit_ref": ""}, "contracts.csv:2:unit_ref:unit_required"),
        ("contracts", 2, {"unit_ref": "U1"}, "contracts.csv:4:unit_ref:unit_not_allowed"),
        ("contracts", 1, {"number": "N/2015/0001"}, "contracts.csv:3:number:duplicate_number"),
        ("contracts", 1, {"mass_payment_id": "XX000000000001"}, "contracts.csv:3:mass_payment_id:duplicate_reference"),
        ("contracts", 0, {"mass_payment_id": "XX-1"}, "contracts.csv:2:mass_payment_id:invalid_mass_payment_id"),
        ("contracts", 0, {"virtual_account": "PL29114010810000267002001003"}, "contracts.csv:2:virtual_account:invalid_virtual_account"),
        ("contracts", 0, {"kid": "2345677"}, "contracts.csv:2:kid:invalid_kid"),
        ("contracts", 0, {"rf_reference": "RF19539007547034"}, "contracts.csv:2:rf_reference:invalid_rf_reference"),
        ("occupancies", 0, {"contract_ref": "K7"}, "occupancies.csv:2:contract_ref:unknown_reference"),
        ("occupancies", 0, {"role": "owner"}, "occupancies.csv:2:role:role_mismatch"),
        ("occupancies", 0, {"starts_on": "2015-02-28"}, "occupancies.csv:2:starts_on:outside_contract"),
        ("occupancies", 0, {"ends_on": "2015-02-28"}, "occupancies.csv:2:ends_on:ends_before_start"),
        ("mandates", 0, {"community_ref": "C9"}, "mandates.csv:2:community_ref:unknown_reference"),
        ("mandates", 0, {"role": "chair"}, "mandates.csv:2:role:invalid_choice"),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named(name, row, fields, expected):
    # A wrong row may make others wrong that hang on it; they are named too.
    assert expected in found(changed(name, row, fields))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("virtual_account", "PL29 1140 1081 0000 2670 0200 1002"),
        ("virtual_account", "29114010810000267002001002"),
        ("virtual_account", "86011117947"),
        ("kid", "2345676"),
        ("kid", "12345678903"),
        ("rf_reference", "RF18 5390 0754 7034"),
    ],
)
def test_right_references_are_taken_without_spaces(column, value):
    portfolio, problems = read_portfolio(packed(changed("contracts", 0, {column: value})))
    assert problems.items == []
    assert portfolio.by_key("contracts.csv")["K1"][column] == value.replace(" ", "")


@given(st.text("0123456789", min_size=3, max_size=24))
def test_a_kid_with_a_mod_11_digit_is_one_and_with_another_digit_is_not_mod_11(payload):
    check = references.mod11(payload)
    assert references.is_kid(payload + check)
    assert [d for d in "0123456789-" if references.mod11(payload) == d] == [check]


def test_a_community_that_is_not_the_units_is_refused():
    second = {**helpers.COMMUNITY, "community_ref": "C2"}
    wrong = files(
        communities=[helpers.COMMUNITY, second], contracts=[{**CONTRACT, "community_ref": "C2"}, *CONTRACTS[1:]]
    )
    assert found(wrong) == ["contracts.csv:2:community_ref:community_mismatch"]


def test_the_same_row_twice_is_refused():
    assert found(files(mandates=[MANDATE, MANDATE])) == ["mandates.csv:3::duplicate_row"]


def test_a_successor_needs_a_contract_of_his_own():
    """One account must not pass from one tenant to the next (B7)."""
    left = {**OCCUPANCY, "ends_on": "2020-06-30"}
    next_one = {**OCCUPANCY, "person_ref": "P2", "starts_on": "2020-07-01"}
    others = files()["occupancies.csv"][1:]
    assert found(files(occupancies=[left, next_one, *others])) == [
        "occupancies.csv:3:contract_ref:successor_needs_own_contract"
    ]
    joined = {**next_one, "starts_on": "2020-06-30"}
    assert found(files(occupancies=[left, joined, *others])) == []


def test_too_many_occupancies_are_refused():
    people = [{**PERSON, "person_ref": f"T{n}", "email": ""} for n in range(MAX_OCCUPANCIES + 1)]
    many = [{**OCCUPANCY, "person_ref": p["person_ref"]} for p in people]
    given_files = files(people=[*files()["people.csv"], *people], occupancies=[*many, *files()["occupancies.csv"][1:]])
    codes = {line.rsplit(":", 1)[-1] for line in found(given_files)}
    assert codes == {"too_many_occupancies"}


def test_every_wrong_row_is_named_not_only_the_first():
    rows = [{**UNIT, "unit_ref": f"U{n}", "floor_area_m2": "wide"} for n in range(3)]
    assert [line.split(":")[1] for line in found(files(units=rows))] == ["2", "3", "4"]


def test_there_is_an_end_to_the_list_of_errors():
    rows = [{**UNIT, "unit_ref": f"U{n}", "floor_area_m2": "wide"} for n in range(archive.MAX_ERRORS + 5)]
    _, problems = read_portfolio(packed(files(units=rows)))
    assert len(problems.items) == archive.MAX_ERRORS
    assert problems.more


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("units.csv", "unit_ref,label\nU1,x\n", "units.csv:1::columns_wrong"),
        ("units.csv", "", "units.csv:1::columns_wrong"),
        ("units.csv", b"\xff\xfe", "units.csv:1::file_not_utf8"),
        ("notes.txt", "hello", "notes.txt:0::file_unknown"),
        ("units.csv", helpers.text("units.csv", [UNIT]) + "U9,C1\n", "units.csv:3::row_malformed"),
        ("units.csv", helpers.text("units.csv", [UNIT]) + '"U9\n', "units.csv:3::row_malformed"),
    ],
)
def test_broken_files_are_named(name, content, expected):
    assert found({**files(), name: content})[0] == expected


def test_a_byte_order_mark_and_quoted_line_breaks_are_taken():
    broken_line = [{**UNIT, "state": "good,\nnew windows"}, {**UNIT, "unit_ref": "U2", "floor_area_m2": "wide"}]
    assert found(files(units=broken_line)) == ["units.csv:4:floor_area_m2:invalid_number"]
    with_mark = {**files(), "communities.csv": "\ufeff" + helpers.text("communities.csv", [helpers.COMMUNITY])}
    assert found(with_mark) == []


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + b"\x00" * 40, packed(files())[:-30]])
def test_what_is_no_zip_is_refused(data):
    assert found(data) == [":0::not_a_zip"]


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=4))
def test_a_damaged_zip_never_breaks_the_reader(position, noise):
    data = bytearray(GOOD)
    at = position % len(data)
    data[at : at + len(noise)] = noise
    read_portfolio(bytes(data))


GOOD = packed(files())


def test_a_zip_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MAX_TEXT_BYTES", 4 * 1024 * 1024)
    assert found({**files(), "units.csv": b"0" * (5 * 1024 * 1024)}) == [":0::zip_too_large"]


def test_a_zip_that_lies_about_its_sizes_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MAX_TEXT_BYTES", 100_000)
    data = packed({**files(), "units.csv": b"0" * 5_000_000})
    lying = data.replace((5_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != data
    assert found(lying) in ([":0::zip_too_large"], [":0::not_a_zip"])


def test_too_many_files_and_the_same_file_twice_are_refused():
    assert found({**files(), **{f"n{n}.csv": "" for n in range(30)}}) == [":0::zip_too_large"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as twice:
        for name, rows in files().items():
            twice.writestr(name, helpers.text(name, rows))
        twice.writestr("more/units.csv", helpers.text("units.csv", [UNIT]))
    assert found(out.getvalue()) == ["units.csv:0::file_duplicate"]


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ROWS", helpers.ROWS - 1)
    assert found(files()) == [":0::too_many_rows"]


def test_every_chunk_fits_one_transaction():
    people = [{**PERSON, "person_ref": f"T{n}", "email": ""} for n in range(130)]
    units = [{**UNIT, "unit_ref": f"U{n}"} for n in range(130)]
    portfolio, problems = read_portfolio(packed(files(people=[*files()["people.csv"], *people], units=units)))
    assert problems.items == []
    chunks = import_plan.chunks("org_test", portfolio)
    assert max(len(chunk) for chunk in chunks) <= import_plan.ROWS
    assert max(sum(import_plan._ITEMS[work["kind"]] for work in chunk) for chunk in chunks) <= import_plan.ROOM
    assert sum(work["rows"] for chunk in chunks for work in chunk) == portfolio.size


def test_ids_belong_to_the_organisation():
    assert import_plan.thing_id("person", "org_a", "P1") == import_plan.thing_id("person", "org_a", "P1")
    assert import_plan.thing_id("person", "org_a", "P1") != import_plan.thing_id("person", "org_b", "P1")


def test_columns_are_those_of_the_documentation():
    from pathlib import Path

    page = (Path(__file__).parents[3] / "docs" / "imports.md").read_text("utf-8")
    for name, header in columns.HEADERS.items():
        assert f"`{name}`" in page
        assert [column for column in header if f"`{column}`" not in page] == []
    assert [code for code in errors.IMPORT_CODES if f"`{code}`" not in page] == []
