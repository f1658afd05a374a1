"""A photograph for the demo tenant's leak, drawn: a pipe under a sink, drops, a puddle."""

import io

from PIL import Image, ImageDraw

_SIZE = (1280, 960)
_WALL, _FLOOR, _STEEL, _DARK, _WATER = "#d9d2c5", "#8a6f52", "#b8bcc2", "#7b8087", "#5b8fc7"


def leak_photo() -> bytes:
    """A JPEG, the same each time."""
    image = Image.new("RGB", _SIZE, _WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 720, 1280, 960), _FLOOR)
    draw.rectangle((260, 60, 1020, 150), _STEEL)
    draw.rectangle((600, 150, 680, 420), _STEEL, _DARK, 6)
    draw.arc((600, 340, 860, 600), 0, 180, _DARK, 14)
    draw.rectangle((780, 300, 860, 480), _STEEL, _DARK, 6)
    draw.rectangle((860, 300, 1280, 370), _STEEL, _DARK, 6)
    draw.rectangle((580, 410, 700, 450), _DARK)
    for top in (480, 560, 640):
        draw.ellipse((628, top, 652, top + 40), _WATER)
    draw.ellipse((440, 760, 880, 880), _WATER)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
