"""Checked uploads are taken for one purpose, by the person whom they were given to, and say what they are."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from shared import attachments
from shared.access import Principal
from shared.errors import DomainError
from tests.cloud import aws_client

BUCKET = "lokum-test-uploads"
ME = Principal("per_1", "org_1", ())
FOLDER = "org/org_1/reading/per_1/upl_1"
KEY = f"incoming/{FOLDER}/counter.jpg"


@pytest.fixture
def bucket(cloud):
    return aws_client("s3")


def put_result(bucket, folder=FOLDER, **changes):
    result = {"state": "ready", "code": None, "name": "Licznik 1.jpg", "type": "image/jpeg", "size": 9, "width": 8}
    content = {**result, "height": 6, "thumbnail": True, **changes}
    bucket.put_object(Bucket=BUCKET, Key=f"checked/{folder}/result.json", Body=json.dumps(content).encode())


def test_a_file_is_kept_and_shown(bucket):
    put_result(bucket)
    (kept,) = attachments.resolve(ME, "reading", [KEY, KEY], "photo")
    assert kept == {
        "attachment_id": "upl_1", "key": f"checked/{FOLDER}", "name": "Licznik 1.jpg", "type": "image/jpeg", "size": 9,
        "width": 8, "height": 6, "thumbnail": True,
    }  # fmt: skip
    assert attachments.object_keys([kept]) == [f"checked/{FOLDER}/file", f"checked/{FOLDER}/thumbnail.jpg"]
    assert attachments.object_keys([{**kept, "thumbnail": False}]) == [f"checked/{FOLDER}/file"]
    shown = attachments.shown(kept)
    address = urlsplit(shown.url)
    query = parse_qs(address.query)
    assert address.path == f"/checked/{FOLDER}/file"
    assert query["response-content-disposition"] == ["inline; filename*=UTF-8''Licznik%201.jpg"]
    assert int(query["X-Amz-Expires"][0]) > attachments.WINDOW
    assert urlsplit(shown.thumbnail_url).path == f"/checked/{FOLDER}/thumbnail.jpg"


@pytest.mark.parametrize(
    "key",
    [
        KEY.replace("/reading/", "/ticket/"),
        KEY.replace("per_1", "per_2"),
        KEY.replace("org_1", "org_2"),
        KEY.replace("per_1", "per_2/../per_1"),
        KEY.replace("incoming/", "checked/"),
        f"{KEY}\n",
        "",
    ],
)
def test_a_key_for_something_or_somebody_else_is_unknown(bucket, key):
    for folder in (FOLDER, FOLDER.replace("reading", "ticket"), FOLDER.replace("per_1", "per_2")):
        put_result(bucket, folder)
    with pytest.raises(DomainError) as refused:
        attachments.resolve(ME, "reading", [KEY, key], "photo")
    assert refused.value.code == "unknown_upload"
    assert [(each.field, each.code) for each in refused.value.problems] == [("photo", "unknown_upload")]


def test_the_field_that_named_it_is_said(bucket, monkeypatch):
    monkeypatch.setattr(attachments, "_PATIENCE", 0)
    with pytest.raises(DomainError) as waiting:
        attachments.resolve(ME, "reading", [KEY], "photo")
    put_result(bucket, state="refused", code="upload_damaged")
    with pytest.raises(DomainError) as refused:
        attachments.resolve(ME, "reading", [KEY], "photo")
    said = [
        (each.code, problem.field, problem.code) for each in (waiting.value, refused.value) for problem in each.problems
    ]
    assert said == [
        ("upload_not_ready", "photo", "upload_not_ready"),
        ("upload_refused", "photo", "upload_damaged"),
    ]


def test_a_lost_file_cannot_be_claimed(bucket):
    bucket.put_object(Bucket=BUCKET, Key=f"checked/{FOLDER}/file", Body=b"x", Tagging="claimed=no")
    attachments.claim([f"checked/{FOLDER}/file"])
    tags = bucket.get_object_tagging(Bucket=BUCKET, Key=f"checked/{FOLDER}/file")["TagSet"]
    assert tags == [{"Key": "claimed", "Value": "yes"}]
    with pytest.raises(bucket.exceptions.ClientError, match="NoSuchKey"):
        attachments.claim([f"checked/{FOLDER}/thumbnail.jpg"])
