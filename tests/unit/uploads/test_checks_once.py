"""The check is done once, whatever is sent, killed or asked twice; and who learns how it stands."""

import json

import pytest
from uploads import app, checks

from shared import files
from shared.events.consumer import MAX_RECEIVES
from tests import support
from tests.cloud import aws_client
from tests.unit.uploads.checking import (
    BUCKET,
    FOLDER,
    KEY,
    ORG,
    PERSON,
    READING_KEY,
    arrive,
    checked,
    notify,
    result,
    stored,
)
from tests.unit.uploads.media import exif, picture


class TestOnce:
    def test_checked_objects_wait_to_be_claimed(self, bucket):
        checked(bucket, picture())
        for name in ("file", "thumbnail.jpg", "result.json"):
            tags = bucket.get_object_tagging(Bucket=BUCKET, Key=f"{FOLDER}/{name}")["TagSet"]
            assert tags == [{"Key": "claimed", "Value": "no"}]

    def test_the_original_goes_when_it_is_checked(self, bucket):
        checked(bucket, picture(exif=exif()))
        keys = [each["Key"] for each in bucket.list_objects_v2(Bucket=BUCKET)["Contents"]]
        assert sorted(keys) == [f"{FOLDER}/{name}" for name in ("file", "result.json", "thumbnail.jpg")]

    def test_the_result_comes_last(self, bucket, monkeypatch):
        written = []
        call = files.s3()._make_api_call

        def noting(operation, given):
            if operation == "PutObject":
                written.append(given["Key"].rpartition("/")[2])
            return call(operation, given)

        monkeypatch.setattr(files.s3(), "_make_api_call", noting)
        checked(bucket, picture())
        assert written == ["file", "thumbnail.jpg", "result.json"]

    @pytest.mark.parametrize("stop", [1, 2, 3])
    def test_a_check_that_stopped_anywhere_is_finished_by_the_next(self, bucket, monkeypatch, stop):
        etag = arrive(bucket, picture())
        call, writes = files.s3()._make_api_call, []

        def stopping(operation, given):
            if operation == "PutObject":
                writes.append(given["Key"])
                if len(writes) == stop:
                    msg = "killed"
                    raise RuntimeError(msg)
            return call(operation, given)

        with monkeypatch.context() as patched:
            patched.setattr(files.s3(), "_make_api_call", stopping)
            assert notify(etag) == ["m1"]
        assert result(bucket) is None
        assert notify(etag, receives=2) == []
        assert (result(bucket)["state"], result(bucket)["width"]) == ("ready", 64)
        assert stored(bucket, "thumbnail.jpg") is not None

    def test_a_message_that_comes_twice_changes_nothing(self, bucket):
        etag = arrive(bucket, picture())
        notify(etag)
        bucket.put_object_tagging(
            Bucket=BUCKET, Key=f"{FOLDER}/file", Tagging={"TagSet": [{"Key": "claimed", "Value": "yes"}]}
        )
        assert notify(etag, receives=2) == []
        tags = bucket.get_object_tagging(Bucket=BUCKET, Key=f"{FOLDER}/file")["TagSet"]
        assert tags == [{"Key": "claimed", "Value": "yes"}]

    def test_a_file_put_in_the_place_of_a_checked_one_is_not_looked_at(self, bucket):
        first = checked(bucket, picture())
        kept = stored(bucket, "file")["ETag"]
        assert notify(arrive(bucket, picture("PNG"))) == []
        assert (result(bucket), stored(bucket, "file")["ETag"]) == (first, kept)

    def test_of_two_files_under_one_key_the_one_that_lies_there_is_checked(self, bucket):
        old = arrive(bucket, picture())
        new = arrive(bucket, picture("PNG"))
        assert notify(old) == []
        assert result(bucket) is None
        assert notify(new) == []
        assert result(bucket)["type"] == "image/png"

    def test_two_files_are_never_mixed(self, bucket, monkeypatch):
        """The check of the first was under way when the second replaced it, and the second's was quicker."""
        etag = arrive(bucket, picture())
        examine = checks._checked

        def interrupted(*given):
            made = examine(*given)
            monkeypatch.setattr(checks, "_checked", examine)
            assert notify(arrive(bucket, picture("PNG", size=(30, 30)))) == []
            return made

        monkeypatch.setattr(checks, "_checked", interrupted)
        assert notify(etag) == []
        found, kept = result(bucket), stored(bucket, "file")
        assert (found["type"], found["width"], kept["ContentType"]) == ("image/png", 30, "image/png")

    def test_who_waits_learns_of_a_check_that_never_ends(self, bucket, monkeypatch):
        etag = arrive(bucket, picture())

        def fall(*_given):
            msg = "a mistake of ours"
            raise RuntimeError(msg)

        monkeypatch.setattr(checks, "_checked", fall)
        for receives in range(1, MAX_RECEIVES):
            assert notify(etag, receives=receives) == ["m1"]
            assert result(bucket) is None
        assert notify(etag, receives=MAX_RECEIVES) == ["m1"]
        assert (result(bucket)["state"], result(bucket)["code"]) == ("refused", "upload_check_failed")

    def test_messages_without_files(self, bucket):
        """S3 tries the queue when it takes its name; and nobody's key is nobody's file."""
        test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET}
        record = {"messageId": "m1", "body": json.dumps(test), "attributes": {"ApproximateReceiveCount": "1"}}
        assert app.on_files({"Records": [record]}, None) == {"batchItemFailures": []}
        assert notify("e", key="incoming/other/file.jpg") == []
        assert notify("e", key=KEY.replace("/ticket/", "/ledger/")) == []


class TestNames:
    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("Zdjęcie kuchni.JPG", "Zdjęcie kuchni.JPG"),
            ("photo.png", "photo.jpg"),
            ("photo.html", "photo.jpg"),
            ("photo", "photo.jpg"),
            (".html", ".html.jpg"),
            ("gpj.\u202egnp", "gpj.jpg"),
            ("фото\u0000 \n 1.jpeg", "фото 1.jpeg"),
            ("", "leak.jpg"),
        ],
    )
    def test_a_name_says_the_kind(self, bucket, name, kept):
        assert checked(bucket, picture(), name)["name"] == kept


class TestRoute:
    @pytest.fixture
    def bucket(self, cloud):
        return aws_client("s3")

    def ask(self, key, person=PERSON, organisation=ORG):
        support.put_organisation(support.profile(organisation))
        token = support.sign_in(organisation, person, ("tenant", "contract", "con_1"))
        return support.call(app.app, "POST", "/uploads/checks", token=token, body={"key": key})

    def test_its_owner_learns_how_it_stands(self, bucket):
        assert self.ask(KEY)[1] == {
            "state": "checking", "code": None, "type": None, "size": None, "width": None, "height": None,
        }  # fmt: skip
        checked(bucket, picture())
        status, body = self.ask(KEY)
        assert (status, body["state"], body["type"], body["width"]) == (200, "ready", "image/jpeg", 64)
        assert set(body) == {"state", "code", "type", "size", "width", "height"}

    def test_a_reading_is_another_file_than_a_ticket_s(self, bucket):
        checked(bucket, picture(), key=READING_KEY)
        assert self.ask(READING_KEY)[1]["state"] == "ready"
        assert self.ask(KEY)[1]["state"] == "checking"

    def test_a_refusal_says_why(self, bucket):
        checked(bucket, b"MZ")
        body = self.ask(KEY)[1]
        assert (body["state"], body["code"]) == ("refused", "upload_content_refused")

    @pytest.mark.parametrize(
        ("key", "person", "organisation"),
        [
            (KEY, "per_2", ORG),
            (KEY, PERSON, "org_other"),
            ("incoming/org/org_test/ticket/per_1/upl_1/x.jpg", PERSON, ORG),
            (KEY.replace("/ticket/", "/ledger/"), PERSON, ORG),
            ("org/org_test/ledger/upl_01J9Z3W5YB8Q2M4N6P8R0T2V4X/x.csv", PERSON, ORG),
            (f"{FOLDER}/result.json", PERSON, ORG),
            (KEY.replace("per_1", "per_1/../per_2"), PERSON, ORG),
            ("x", PERSON, ORG),
        ],
    )
    def test_for_everybody_else_there_is_no_such_file(self, bucket, key, person, organisation):
        checked(bucket, picture())
        status, body = self.ask(key, person, organisation)
        assert (status, body["code"]) == (404, "not_found")
