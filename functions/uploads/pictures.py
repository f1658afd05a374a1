"""Pictures, decoded and written anew with Pillow: what comes out holds pixels and nothing else that came in."""

import io
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from PIL import Image

from shared.errors import DomainError
from uploads.rules_content import Kind

MAX_PIXELS: Final = 64_000_000
"""Of a picture that we decode: a good telephone's 48 million pass; in memory it is 256 MB, and the same again for a moment."""
MAX_SIDE: Final = 2560
"""Pixels of the longer side of what is kept."""
THUMBNAIL_SIDE: Final = 480
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each value of EXIF's orientation."""
_WRITTEN: Final[dict[str, dict[str, Any]]] = {
    "JPEG": {"quality": 85, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 85},
}


@dataclass(frozen=True)
class Picture:
    """A picture written anew, of the same kind as it came, and its thumbnail, a JPEG. Width and height in pixels."""

    content: bytes
    width: int
    height: int
    thumbnail: bytes


def remake(file: BinaryIO, kind: Kind) -> Picture:
    """Decode a picture, turn it upright, shrink it to `MAX_SIDE`, and write it without any metadata.

    Raises DomainError `upload_too_many_pixels`, before anything is decoded, or `upload_damaged`.
    """
    file.seek(0)
    try:
        image = _upright(file, kind)
        small = _flat(image)
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
        return Picture(_written(image, kind.name), image.width, image.height, _written(small, "JPEG"))
    except (DomainError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise DomainError("upload_too_many_pixels") from error
    except Exception as error:  # whatever a decoder stumbles over is the file's doing
        raise DomainError("upload_damaged") from error


def _upright(file: BinaryIO, kind: Kind) -> Image.Image:
    with Image.open(file, formats=[kind.name]) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise DomainError("upload_too_many_pixels")
        turn = _TURNS.get(_orientation(opened))
        # A JPEG can be decoded at a half, a quarter or an eighth of its size, which saves time and memory.
        opened.draft(None, (MAX_SIDE, MAX_SIDE))
        opened.load()
        image: Image.Image = opened
        if image.mode not in {"L", "RGB", "RGBA"}:
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        image.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=2.0)
        plain = image.transpose(turn) if turn is not None else image.copy()
    # Comments, profiles and the like stand here, and the writers would take some of them over.
    plain.info.clear()
    return plain


def _orientation(image: Image.Image) -> int:
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - broken metadata does not make the picture a broken one, and it goes anyway
        return 1
    return found if isinstance(found, int) else 1


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency, on white, as a JPEG has none."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def _written(image: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **_WRITTEN[form])
    return buffer.getvalue()
