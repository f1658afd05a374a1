"""What the check makes of files: pictures, films, documents, and what it refuses."""

import io

import pytest
from botocore.exceptions import ClientError
from PIL import Image
from uploads import pictures, rules_content

from tests.unit.uploads.checking import BUCKET, FOLDER, KEY, READING_KEY, checked, folder_of, stored
from tests.unit.uploads.media import EICAR, PLACE, box, exif, pdf, picture, png_claiming, track, webm

FILM = box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", track(b"vide")) + box(b"mdat", b"pictures and sound")


class TestPictures:
    @pytest.mark.parametrize(
        ("form", "media_type", "name"),
        [("JPEG", "image/jpeg", "a.jpg"), ("PNG", "image/png", "a.png"), ("WEBP", "image/webp", "a.webp")],
    )
    def test_a_picture_is_written_anew(self, bucket, form, media_type, name):
        found = checked(bucket, picture(form), name)
        kept = stored(bucket, "file")
        content = kept["Body"].read()
        assert found == {
            "state": "ready", "code": None, "name": name, "type": media_type, "size": len(content),
            "width": 64, "height": 48, "thumbnail": True,
        }  # fmt: skip
        assert kept["ContentType"] == media_type
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.size) == (form, (64, 48))
            assert image.convert("RGB").getpixel((4, 24))[0] > 200

    def test_the_place_is_gone(self, bucket):
        original = picture(exif=exif(), comment=b"taken at home", icc_profile=b"profile" * 20)
        with Image.open(io.BytesIO(original)) as image:
            assert image.getexif().get_ifd(0x8825)[2] == (52.0, 13.0, 47.0)
        checked(bucket, original)
        for name in ("file", "thumbnail.jpg"):
            content = stored(bucket, name)["Body"].read()
            assert b"Exif" not in content
            assert b"Telephone Maker" not in content
            assert b"taken at home" not in content
            with Image.open(io.BytesIO(content)) as image:
                assert not image.getexif()
                assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)

    @pytest.mark.parametrize("form", ["PNG", "WEBP"])
    def test_the_place_is_gone_from_other_pictures(self, bucket, form):
        original = picture(form, exif=exif())
        assert b"Telephone Maker" in original
        checked(bucket, original)
        assert b"Telephone Maker" not in stored(bucket, "file")["Body"].read()

    @pytest.mark.parametrize(
        ("orientation", "red"),
        [(1, "left"), (2, "right"), (3, "right"), (4, "left"), (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
    )
    def test_it_is_turned_upright(self, bucket, orientation, red):
        found = checked(bucket, picture(exif=exif(tag274=orientation)))
        sideways = orientation > 4
        assert (found["width"], found["height"]) == ((48, 64) if sideways else (64, 48))
        with Image.open(stored(bucket, "file")["Body"]) as image:
            width, height = image.size
            spots = {
                "left": (3, height // 2), "right": (width - 4, height // 2),
                "top": (width // 2, 3), "bottom": (width // 2, height - 4),
            }  # fmt: skip
            assert [spot for spot, at in spots.items() if image.getpixel(at)[0] > 200][0:1] == [red]

    def test_a_large_one_is_made_smaller(self, bucket):
        found = checked(bucket, picture(size=(4000, 1000)))
        assert (found["width"], found["height"]) == (2560, 640)
        with Image.open(stored(bucket, "thumbnail.jpg")["Body"]) as thumbnail:
            assert thumbnail.size == (480, 120)

    def test_transparency_stays_and_its_thumbnail_is_white(self, bucket):
        buffer = io.BytesIO()
        Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(buffer, "PNG")
        checked(bucket, buffer.getvalue())
        with Image.open(stored(bucket, "file")["Body"]) as image:
            assert image.getpixel((5, 5))[3] == 0
        with Image.open(stored(bucket, "thumbnail.jpg")["Body"]) as thumbnail:
            assert min(thumbnail.getpixel((5, 5))) > 250

    @pytest.mark.parametrize("mode", ["L", "CMYK"])
    def test_other_colours(self, bucket, mode):
        assert checked(bucket, picture(mode=mode))["state"] == "ready"

    def test_a_palette(self, bucket):
        assert checked(bucket, picture("PNG", mode="P"))["state"] == "ready"

    def test_what_hangs_on_a_picture_falls_off(self, bucket):
        """A picture that is a page and an archive as well is only a picture afterwards."""
        more = b"<html><script>alert(1)</script></html>" + b"PK\x03\x04archive"
        assert checked(bucket, picture() + more)["state"] == "ready"
        content = stored(bucket, "file")["Body"].read()
        assert b"script" not in content
        assert b"archive" not in content

    def test_pixels_are_counted_before_they_are_decoded(self, bucket, monkeypatch):
        monkeypatch.setattr(pictures.Image.Image, "load", lambda _self: pytest.fail("decoded"))
        with pytest.raises(Exception, match="upload_too_many_pixels"):
            pictures.remake(io.BytesIO(png_claiming(8001, 8000)), rules_content.PNG)


class TestFilms:
    @pytest.mark.parametrize(
        ("brand", "media_type", "name"), [(b"mp42", "video/mp4", "a.mp4"), (b"qt  ", "video/quicktime", "a.mov")]
    )
    def test_the_place_is_gone_and_nothing_else(self, bucket, brand, media_type, name):
        private = box(b"udta", box(b"\xa9xyz", PLACE))
        start = box(b"ftyp", brand + bytes(4))
        before, after = track(b"vide"), box(b"mdat", b"pictures and sound" * 100, long=True)
        film = start + box(b"moov", box(b"mvhd", bytes(100)) + before + private) + after
        found = checked(bucket, film, name)
        kept = stored(bucket, "file")["Body"].read()
        assert (found["state"], found["type"], found["size"], found["thumbnail"]) == (
            "ready",
            media_type,
            len(film),
            False,
        )
        assert PLACE not in kept
        assert kept == film.replace(private, box(b"free", bytes(len(private) - 8)))

    def test_pdf_and_webm_stay_as_they_are(self, bucket):
        for content, name, media_type in ((pdf(), "a.pdf", "application/pdf"), (webm(), "a.webm", "video/webm")):
            bucket.delete_object(Bucket=BUCKET, Key=f"{FOLDER}/result.json")
            bucket.delete_object(Bucket=BUCKET, Key=f"{FOLDER}/file")
            found = checked(bucket, content, name)
            assert (found["type"], stored(bucket, "file")["Body"].read()) == (media_type, content)


class TestReadings:
    """A photograph of a counter goes the way of a ticket's picture, and nothing else goes with it."""

    def test_a_picture_is_written_anew_without_its_place(self, bucket):
        found = checked(bucket, picture(exif=exif(), size=(3000, 600)), "Licznik.jpg", READING_KEY)
        assert (found["state"], found["name"], found["width"], found["thumbnail"]) == (
            "ready",
            "Licznik.jpg",
            2560,
            True,
        )
        for name in ("file", "thumbnail.jpg"):
            kept = stored(bucket, name, READING_KEY)
            assert b"Exif" not in kept["Body"].read()
            key = folder_of(READING_KEY) + f"/{name}"
            assert bucket.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"] == [{"Key": "claimed", "Value": "no"}]
        keys = [each["Key"] for each in bucket.list_objects_v2(Bucket=BUCKET)["Contents"]]
        assert len(keys) == 3
        assert all(key.startswith(folder_of(READING_KEY)) for key in keys)

    @pytest.mark.parametrize("content", [pdf(), FILM, webm()], ids=["pdf", "film", "webm"])
    def test_only_pictures_are_taken(self, bucket, content):
        assert checked(bucket, content)["state"] == "ready", "a ticket takes it"
        found = checked(bucket, content, "counter.jpg", READING_KEY)
        assert (found["state"], found["code"]) == ("refused", "upload_content_refused")
        assert stored(bucket, "file", READING_KEY) is None


REFUSED = {
    "empty": (b"", "upload_empty"),
    "a page named .jpg": (b"<!doctype html><script>alert(1)</script>", "upload_content_refused"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "upload_content_refused"),
    "zip": (b"PK\x03\x04" + bytes(100), "upload_content_refused"),
    "program": (b"MZ" + bytes(100), "upload_content_refused"),
    "gif": (b"GIF89a" + bytes(100), "upload_content_refused"),
    "heic": (box(b"ftyp", b"heic" + bytes(4)) + box(b"mdat", bytes(50)), "upload_content_refused"),
    "sound": (box(b"ftyp", b"M4A " + bytes(4)) + box(b"mdat", bytes(50)), "upload_content_refused"),
    "matroska": (webm(b"matroska"), "upload_content_refused"),
    "cut-off jpeg": (picture(size=(600, 600), quality=95)[:3000], "upload_damaged"),
    "cut-off png": (picture("PNG", size=(600, 600))[:-40], "upload_damaged"),
    "cut-off webp": (picture("WEBP", size=(600, 600), lossless=True)[:-40], "upload_damaged"),
    "jpeg's first bytes and a page": (b"\xff\xd8\xff\xe0<html><script>alert(1)</script>", "upload_damaged"),
    "png of too many pixels": (png_claiming(20_000, 20_000), "upload_too_many_pixels"),
    "png of far too many pixels": (png_claiming(2**31 - 1, 2**31 - 1), "upload_too_many_pixels"),
    "png that lies about its pixels": (png_claiming(5000, 5000), "upload_damaged"),
    "cut-off pdf": (pdf()[:40], "upload_damaged"),
    "cut-off film": (FILM[:-5], "upload_damaged"),
    "film without pictures": (box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", b""), "upload_damaged"),
    "virus in a picture": (picture() + EICAR, "upload_infected"),
    "virus in a png": (picture("PNG") + EICAR, "upload_infected"),
    "virus in a webp": (picture("WEBP") + EICAR, "upload_infected"),
    "virus in a pdf": (pdf(EICAR), "upload_infected"),
    "virus in a film": (FILM + box(b"mdat", EICAR), "upload_infected"),
    "virus in a quicktime film": (FILM.replace(b"isom", b"qt  ") + box(b"mdat", EICAR), "upload_infected"),
    "virus in a webm": (webm() + EICAR, "upload_infected"),
    "the test file itself": (EICAR, "upload_content_refused"),
    "virus over the border of two blocks": (pdf(bytes(1024 * 1024 - 80) + EICAR), "upload_infected"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(bucket, case):
    content, code = REFUSED[case]
    found = checked(bucket, content)
    assert (found["state"], found["code"], found["thumbnail"]) == ("refused", code, False)
    assert stored(bucket, "file") is None
    with pytest.raises(ClientError, match="404"):
        bucket.head_object(Bucket=BUCKET, Key=KEY)


def test_larger_than_its_kind_may_be(bucket):
    assert checked(bucket, pdf(bytes(25 * 1024 * 1024)))["code"] == "upload_too_large"


def test_larger_than_anything_may_be_is_not_even_read(bucket, monkeypatch):
    monkeypatch.setattr(rules_content, "MOST_BYTES", 100)
    monkeypatch.setattr(rules_content, "kind_of", lambda *_given: pytest.fail("read"))
    assert checked(bucket, picture())["code"] == "upload_too_large"
