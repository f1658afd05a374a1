"""Pictures and films made for the tests."""

import io
import struct
import zlib

from PIL import Image

PLACE = b"+52.2297+021.0122/"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(form="JPEG", size=(64, 48), mode="RGB", **options):
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, form, **options)
    return buffer.getvalue()


def exif(**more):
    """EXIF with the place where it was taken, in degrees, minutes and seconds."""
    data = Image.Exif()
    data[0x010F] = "Telephone Maker"
    gps = data.get_ifd(0x8825)
    gps.update({1: "N", 2: (52.0, 13.0, 47.0), 3: "E", 4: (21.0, 0.0, 44.0)})
    for tag, value in more.items():
        data[int(tag.removeprefix("tag"))] = value
    return data.tobytes()


def box(kind, content=b"", *, long=False):
    if long:
        return struct.pack(">I4sQ", 1, kind, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, kind) + content


def handler(kind):
    return box(b"hdlr", bytes(4) + b"mhlr" + kind + bytes(12) + b"\0")


def track(kind, *more, offsets=(), sizes=()):
    """A track with one sample in each chunk."""
    tables = [
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stsz", struct.pack(">III", 0, 0, len(sizes)) + b"".join(struct.pack(">I", size) for size in sizes)),
        box(b"stco", struct.pack(">II", 0, len(offsets)) + b"".join(struct.pack(">I", at) for at in offsets)),
    ]
    media = box(b"mdia", box(b"mdhd", bytes(24)) + handler(kind) + box(b"minf", box(b"stbl", b"".join(tables))))
    return box(b"trak", box(b"tkhd", bytes(84)) + media + b"".join(more))


def png_claiming(width, height):
    """A PNG that says it has so many pixels and has hardly any."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def pdf(content=b""):
    return b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n" + content + b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def webm(doc_type=b"webm"):
    return (
        b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82"
        + bytes([0x80 | len(doc_type)])
        + doc_type
        + b"\x18\x53\x80\x67"
        + bytes(60)
    )
