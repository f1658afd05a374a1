"""Where a film was taken is made unreadable; sound and picture stay, byte for byte."""

import contextlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uploads.rules_movies import hide_place

from shared.errors import DomainError
from tests.unit.uploads.media import PLACE, box, handler, track

START = box(b"ftyp", b"isom" + bytes(4))
DATA = box(b"mdat", b"pictures and sound")


def hidden(film):
    file = io.BytesIO(film)
    count = hide_place(file, len(film))
    return count, file.getvalue()


@pytest.mark.parametrize(
    "private",
    [
        box(b"udta", box(b"\xa9xyz", PLACE)),
        box(b"udta", box(b"loci", PLACE)),
        box(b"meta", bytes(4) + handler(b"mdta") + box(b"ilst", PLACE)),
        box(b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac" + PLACE),
        box(b"udta", PLACE, long=True),
    ],
)
@pytest.mark.parametrize("inside", ["file", "moov", "trak"])
def test_boxes_that_may_hold_the_place(private, inside):
    film = {
        "file": START + private + box(b"moov", track(b"vide")) + DATA,
        "moov": START + box(b"moov", private + track(b"vide")) + DATA,
        "trak": START + DATA + box(b"moov", track(b"vide", private)),
    }[inside]
    count, kept = hidden(film)
    header = 16 if private[:4] == b"\0\0\0\1" else 8
    free = private[:4] + b"free" + private[8:header] + bytes(len(private) - header)
    assert (count, kept) == (1, film.replace(private, free))
    assert PLACE not in kept


def test_a_film_without_them_is_not_touched():
    film = START + box(b"moov", track(b"vide") + track(b"soun")) + DATA
    assert hidden(film) == (0, film)


def test_a_box_to_the_end_of_the_file():
    open_end = struct.pack(">I4s", 0, b"mdat") + b"pictures"
    film = START + box(b"moov", track(b"vide")) + open_end
    assert hidden(film) == (0, film)


def test_quicktime_may_end_a_list_with_zeros():
    film = START + box(b"moov", track(b"vide") + bytes(4)) + DATA
    assert hidden(film) == (0, film)


@pytest.mark.parametrize("kind", [b"meta", b"camm", b"sbtl", b"text"])
def test_a_track_that_says_the_way_goes_with_its_samples(kind):
    samples = [PLACE, PLACE + b"*", b"+52.2298+021.0123/"]
    where = len(START) + 8
    offsets, at = [], where + 8
    for sample in samples:
        offsets.append(at)
        at += len(sample) + 8
    content = b"PICTURE1" + b"".join(sample + b"PICTURE2" for sample in samples)
    way = track(kind, offsets=offsets, sizes=[len(sample) for sample in samples])
    film = START + box(b"mdat", content) + box(b"moov", track(b"vide") + way)
    count, kept = hidden(film)
    wiped = b"PICTURE1" + b"".join(bytes(len(sample)) + b"PICTURE2" for sample in samples)
    assert count == 1
    assert kept == START + box(b"mdat", wiped) + box(b"moov", track(b"vide") + box(b"free", bytes(len(way) - 8)))


def test_a_track_cannot_make_us_overwrite_anything_but_data():
    way = track(b"meta", offsets=[0, 4], sizes=[20, 20])
    film = START + DATA + box(b"moov", track(b"vide") + way)
    _, kept = hidden(film)
    assert kept[: len(START + DATA)] == START + DATA


@pytest.mark.parametrize(
    "film",
    [
        START,
        START + DATA,
        START + box(b"moov", track(b"vide")),
        START + box(b"moov", b"") + DATA[:-1],
        START + struct.pack(">I4s", 4, b"moov") + DATA,
        START + struct.pack(">I4sQ", 1, b"moov", 2**63) + DATA,
        START + struct.pack(">I4sI", 1, b"moov", 1),
        START + box(b"moov", struct.pack(">I4s", 100, b"trak")) + DATA,
        START + box(b"moov", b"".join(track(b"vide") for _ in range(51))) + DATA,
        START + box(b"moov", bytes(3) + b"x") + DATA,
        START + box(b"moov", box(b"free") * 50_001) + DATA,
    ],
)
def test_what_is_no_whole_film_is_refused(film):
    with pytest.raises(DomainError, match="upload_damaged"):
        hidden(film)


def test_boxes_in_boxes_in_boxes():
    nest = b""
    for _ in range(20):
        nest = box(b"trak", nest)
    with pytest.raises(DomainError, match="upload_damaged"):
        hidden(START + box(b"moov", nest) + DATA)


def test_samples_without_end():
    """Every sample lies over all others: zeroing them all would take for ever."""
    where = len(START) + 8
    way = track(b"meta", offsets=[where] * 2000, sizes=[18] * 2000)
    film = START + DATA + box(b"moov", way)
    with pytest.raises(DomainError, match="upload_damaged"):
        hidden(film)


@given(st.binary(max_size=300))
def test_any_bytes_end_in_an_answer(noise):
    film = START + box(b"moov", track(b"meta") + noise) + DATA
    kept = film
    with contextlib.suppress(DomainError):  # and nothing else
        _, kept = hidden(film)
    assert len(kept) == len(film)
