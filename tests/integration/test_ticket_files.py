"""Files for tickets in the running portal: bucket, queue and check as they are wired, roles enforced."""

import io

import httpx
import pytest
from PIL import Image

from tests.tenancy import Tenancy
from tests.unit.uploads.media import EICAR, exif, pdf, picture
from tests.world import World

pytestmark = pytest.mark.world


def hand_in(world: World, client: httpx.Client, name: str, body: bytes, kind: str) -> tuple[str, dict]:
    """The key, and how the check ended."""
    key = world.upload(client, "ticket", name, body, kind)

    def ended() -> dict | None:
        answer = client.post("/uploads/checks", json={"key": key})
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.json()["state"] != "checking" else None

    return key, world.wait_until(ended, 60)


def folder(key: str) -> str:
    return key.replace("incoming/", "checked/", 1).rpartition("/")[0]


def test_a_photograph_is_ready_within_seconds_and_tells_no_place(world: World, tenancy: Tenancy) -> None:
    key, found = hand_in(
        world, tenancy.staff, "Łazienka.jpg", picture(size=(3000, 2000), exif=exif(tag274=6)), "image/jpeg"
    )
    assert (found["state"], found["width"], found["height"]) == ("ready", 1707, 2560)
    bucket, s3 = world.deployment.outputs["UploadsBucket"], world.deployment.client("s3")
    kept = s3.get_object(Bucket=bucket, Key=f"{folder(key)}/file")["Body"].read()
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
    assert s3.list_objects_v2(Bucket=bucket, Prefix=key)["KeyCount"] == 0, "the original is gone"


def test_a_refused_file_leaves_nothing_but_the_reason(world: World, tenancy: Tenancy) -> None:
    key, found = hand_in(world, tenancy.staff, "rachunek.pdf", pdf(EICAR), "application/pdf")
    assert (found["state"], found["code"]) == ("refused", "upload_infected")
    listed = world.deployment.client("s3").list_objects_v2(
        Bucket=world.deployment.outputs["UploadsBucket"], Prefix=folder(key)
    )
    assert [each["Key"].rpartition("/")[2] for each in listed["Contents"]] == ["result.json"]


def test_a_form_used_twice_changes_nothing(world: World, tenancy: Tenancy) -> None:
    body = picture()
    wanted = {"name": "a.jpg", "size": len(body) + 5000, "type": "image/jpeg", "purpose": "ticket"}
    form = tenancy.staff.post("/uploads", json=wanted).json()

    def send(content: bytes) -> int:
        with httpx.Client(trust_env=False, timeout=60) as bucket:
            files = {"file": ("a.jpg", content, "image/jpeg")}
            return bucket.post(form["url"], data=form["fields"], files=files).status_code

    def state() -> dict:
        return tenancy.staff.post("/uploads/checks", json={"key": form["key"]}).json()

    assert send(body) in {200, 201, 204}
    first = world.wait_until(lambda: state() if state()["state"] == "ready" else None, 60)
    assert send(picture("PNG", size=(20, 20))) in {200, 201, 204}
    bucket, s3 = world.deployment.outputs["UploadsBucket"], world.deployment.client("s3")
    world.wait_until(lambda: s3.list_objects_v2(Bucket=bucket, Prefix=form["key"])["KeyCount"] == 0, 60)
    assert state() == first
    assert s3.head_object(Bucket=bucket, Key=f"{folder(form['key'])}/file")["ContentType"] == "image/jpeg"


def test_a_form_takes_no_larger_file(tenancy: Tenancy) -> None:
    wanted = {"name": "a.jpg", "size": 10, "type": "image/jpeg", "purpose": "ticket"}
    form = tenancy.staff.post("/uploads", json=wanted).json()
    with httpx.Client(trust_env=False, timeout=60) as bucket:
        answer = bucket.post(form["url"], data=form["fields"], files={"file": ("a.jpg", bytes(11), "image/jpeg")})
    assert answer.status_code == 400
    assert "EntityTooLarge" in answer.text


def test_nobody_else_learns_of_a_file(world: World, tenancy: Tenancy, neighbour: Tenancy) -> None:
    key, _ = hand_in(world, tenancy.staff, "a.jpg", picture(), "image/jpeg")
    assert neighbour.staff.post("/uploads/checks", json={"key": key}).status_code == 404
