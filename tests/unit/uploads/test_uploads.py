"""POST /uploads: who may, what is taken, and that the form holds the file to it."""

import base64
import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uploads import app, rules
from uploads.rules import POLICIES, Purpose, media_type, safe_name

from shared.errors import DomainError
from tests import support

ORG = "org_test"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def token(cloud):
    support.put_organisation(support.profile(ORG))
    return support.sign_in(ORG, "per_1", ("staff", "organisation", ORG))


def post(token, **changes):
    body = {"name": "mbank.sta", "size": 901, "type": "", "purpose": "bank_statement"} | changes
    return support.call(app.app, "POST", "/uploads", token=token, body=body)


def test_the_form_takes_this_file_only(token):
    status, body = post(token, name="Wyciąg styczeń.sta")
    assert status == 201
    assert body["key"].startswith(f"org/{ORG}/bank_statement/upl_")
    assert body["key"].endswith("/Wyciag_styczen.sta")
    assert body["fields"]["key"] == body["key"]
    assert body["url"] == "https://lokum-test-uploads.s3.eu-central-1.amazonaws.com/"
    conditions = json.loads(base64.b64decode(body["fields"]["policy"]))["conditions"]
    assert ["content-length-range", 1, 901] in conditions
    assert {"Content-Type": "application/octet-stream"} in conditions
    assert {"key": body["key"]} in conditions


def test_every_upload_has_a_key_of_its_own(token):
    assert post(token)[1]["key"] != post(token)[1]["key"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"size": 20 * 1024 * 1024 + 1}, 413, "upload_too_large"),
        ({"name": "virus.exe", "type": "application/x-msdownload"}, 422, "upload_type_refused"),
        ({"name": "virus.exe"}, 422, "upload_type_refused"),
        ({"name": "noextension"}, 422, "upload_type_refused"),
        ({"purpose": "portfolio"}, 422, "upload_type_refused"),
        ({"purpose": "avatar"}, 422, "invalid_body"),
        ({"size": 0}, 422, "invalid_body"),
        ({"name": ""}, 422, "invalid_body"),
        ({"purpose": "ticket", "name": "a.heic", "type": "image/heic"}, 422, "upload_type_refused"),
        ({"purpose": "ticket", "name": "a.svg", "type": "image/svg+xml"}, 422, "upload_type_refused"),
        ({"purpose": "ticket", "name": "a.zip", "type": "application/zip"}, 422, "upload_type_refused"),
        ({"purpose": "reading", "name": "a.pdf", "type": "application/pdf"}, 422, "upload_type_refused"),
        ({"purpose": "reading", "name": "a.mp4", "type": "video/mp4"}, 422, "upload_type_refused"),
        ({"purpose": "reading", "name": "a.webp", "size": 25 * 1024 * 1024 + 1}, 413, "upload_too_large"),
        ({"purpose": "meters", "name": "a.xls", "type": "application/vnd.ms-excel"}, 422, "upload_type_refused"),
        (
            {"purpose": "ticket", "name": "a.jpg", "type": "image/jpeg", "size": 25 * 1024 * 1024 + 1},
            413,
            "upload_too_large",
        ),
        (
            {"purpose": "ticket", "name": "a.mp4", "type": "video/mp4", "size": 100 * 1024 * 1024 + 1},
            413,
            "upload_too_large",
        ),
    ],
)
def test_refusals(token, changes, status, code):
    answer, body = post(token, **changes)
    assert (answer, body["code"]) == (status, code)
    assert body["errors"]


def test_people_who_are_not_staff_may_send_what_is_checked_only(token):
    tenant = support.sign_in(ORG, "per_2", ("tenant", "contract", "con_1"))
    open_to_all = {Purpose.TICKET, Purpose.READING}
    for purpose in Purpose:
        name = f"x.{min(POLICIES[purpose].extensions)}"
        status, body = post(tenant, purpose=purpose, name=name)
        assert (status, body.get("code")) == ((201, None) if purpose in open_to_all else (403, "forbidden")), purpose
        key = post(token, purpose=purpose, name=name)[1]["key"]
        expected = f"incoming/org/{ORG}/{purpose}/per_1/" if purpose in open_to_all else f"org/{ORG}/{purpose}/upl_"
        assert key.startswith(expected)
    assert post(None)[0] == 401


def test_a_form_for_a_ticket_says_whose_the_file_is_and_keeps_its_name(token):
    name = "Zdjęcie\u202e kuchni " + "ł" * 150 + ".JPG"
    _, body = post(token, purpose="ticket", name=name, size=100, type="image/jpeg")
    assert re.fullmatch(rf"incoming/org/{ORG}/ticket/per_1/upl_[0-9A-Z]{{26}}/Zdjecie_kuchni_?\.JPG", body["key"])
    conditions = json.loads(base64.b64decode(body["fields"]["policy"]))["conditions"]
    kept = body["fields"]["x-amz-meta-name"]
    assert {"x-amz-meta-name": kept} in conditions
    assert ["content-length-range", 1, 100] in conditions
    assert kept.isascii()
    assert len(kept) < 2048
    assert unquote(kept) == f"{name[:96]}.JPG"


def test_videos_may_be_larger_than_pictures(token):
    assert post(token, purpose="ticket", name="a.mov", type="video/quicktime", size=100 * 1024 * 1024)[0] == 201


@pytest.mark.parametrize(
    ("purpose", "name", "given_type", "taken"),
    [
        (Purpose.BANK_STATEMENT, "camt.xml", "text/xml", "text/xml"),
        (Purpose.BANK_STATEMENT, "OCR.DAT", "application/x-unknown", "application/octet-stream"),
        (Purpose.BANK_STATEMENT, "a.txt", "text/plain; charset=utf-8", "text/plain"),
        (Purpose.PORTFOLIO, "all.zip", "application/zip", "application/zip"),
        (Purpose.LEDGER, "charges.csv", "application/vnd.ms-excel", "application/octet-stream"),
        (Purpose.METERS, "heat.csv", "application/vnd.ms-excel", "application/octet-stream"),
        (Purpose.METERS, "heat.XLSX", SHEET, SHEET),
        (Purpose.METERS, "heat.txt", "text/plain", "text/plain"),
        (Purpose.READING, "counter.png", "image/png", "image/png"),
        (Purpose.READING, "counter.webp", "", "application/octet-stream"),
    ],
)
def test_types_by_name_or_media_type(purpose, name, given_type, taken):
    assert media_type(purpose, name, 10, given_type) == taken


def test_every_purpose_has_a_policy():
    assert set(POLICIES) == set(Purpose)
    for purpose, policy in POLICIES.items():
        with pytest.raises(DomainError):
            media_type(purpose, f"x.{min(policy.extensions)}", policy.max_bytes + 1, "")


@given(st.text(max_size=300))
def test_names_are_made_safe(name):
    safe = safe_name(name)
    assert 0 < len(safe) <= 80
    assert safe[0] not in "._-"
    assert rules.re.fullmatch(r"[A-Za-z0-9._-]+", safe)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\plik.sta", "plik.sta"),
        ("виписка.xml", "file.xml"),
        ("", "file"),
        ("a b.sta", "a_b.sta"),
        (".hidden", "file.hidden"),
        ("x" * 200 + ".sta", "x" * 70 + ".sta"),
    ],
)
def test_names(name, safe):
    assert safe_name(name) == safe
