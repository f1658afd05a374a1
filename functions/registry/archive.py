"""Reading the ZIP of a portfolio: only the files we know, only as large as we take, only as many rows. Pure, on bytes."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

Columns = Mapping[str, tuple[str, ...]]
"""The header of each file that may be in the ZIP."""

MAX_FILES: Final = 20
MAX_TEXT_BYTES: Final = 96 * 1024 * 1024
"""Unpacked, all files together: about three times a portfolio of 200,000 rows."""
MAX_ROWS: Final = 200_000
MAX_ERRORS: Final = 500
"""More errors help nobody, and an item of the table holds 400 kB."""
_PIECE: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1


@dataclass(frozen=True)
class Problem:
    """What is wrong: file, line (the header is 1, 0 is the file as a whole), column, permanent code."""

    file: str
    line: int
    field: str
    code: str


@dataclass
class Problems:
    """The problems found so far, the first MAX_ERRORS of them."""

    items: list[Problem] = field(default_factory=list)
    more: bool = False

    def add(self, file: str, line: int, column: str, code: str) -> None:
        if len(self.items) >= MAX_ERRORS:
            self.more = True
            return
        self.items.append(Problem(file, line, column, code))

    def __bool__(self) -> bool:
        return bool(self.items)


@dataclass(frozen=True)
class RawRow:
    """A line of a file as it stands: its number and its fields by column."""

    line: int
    fields: dict[str, str]


def read_archive(
    data: bytes, columns: Columns, optional: frozenset[str], problems: Problems
) -> dict[str, list[RawRow]]:
    """The rows of each known file of a ZIP; what is wrong goes to `problems`.

    Sizes are counted while unpacking: what a ZIP says about itself may be a lie.
    """
    texts = _unpack(data, columns, problems)
    if problems:
        return {}
    for name in columns:
        if name not in texts and name not in optional:
            problems.add(name, 0, "", "file_missing")
    rows = {name: list(_rows(name, texts.get(name, ""), columns[name], problems)) for name in columns if name in texts}
    if sum(len(found) for found in rows.values()) > MAX_ROWS:
        problems.add("", 0, "", "too_many_rows")
    return {name: rows.get(name, []) for name in columns}


def _unpack(data: bytes, columns: Columns, problems: Problems) -> dict[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpack_entries(archive, columns, problems)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        problems.add("", 0, "", "not_a_zip")
    except Exception as error:
        # zlib.error and lzma.LZMAError have no common base; a damaged entry is the sender's, not ours.
        if type(error).__module__ not in ("zlib", "_lzma", "lzma"):
            raise
        problems.add("", 0, "", "not_a_zip")
    return {}


def _unpack_entries(archive: zipfile.ZipFile, columns: Columns, problems: Problems) -> dict[str, str]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        problems.add("", 0, "", "zip_too_large")
        return {}
    texts: dict[str, str] = {}
    room = MAX_TEXT_BYTES
    for entry in entries:
        name = entry.filename.rsplit("/", 1)[-1]
        if name not in columns:
            problems.add(name[:80], 0, "", "file_unknown")
        elif name in texts:
            problems.add(name, 0, "", "file_duplicate")
        elif entry.flag_bits & _ENCRYPTED:
            problems.add(name, 0, "", "zip_encrypted")
        else:
            raw = _read(archive, entry, room)
            if raw is None:
                problems.add("", 0, "", "zip_too_large")
                return {}
            room -= len(raw)
            texts[name] = _decode(name, raw, problems)
    return texts


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes | None:
    """The entry's bytes, or None where they are more than there is room for; stops unpacking right there."""
    pieces, size = [], 0
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > room:
                return None
            pieces.append(piece)
    return b"".join(pieces)


def _decode(name: str, raw: bytes, problems: Problems) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(name, raw[: error.start].count(b"\n") + 1, "", "file_not_utf8")
        return ""


def _rows(name: str, text: str, columns: tuple[str, ...], problems: Problems) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, None)
        if header is None or tuple(column.strip() for column in header) != columns:
            problems.add(name, 1, "", "columns_wrong")
            return
        # A quoted field may hold a line break: a row is named by the line that it begins on.
        begins = reader.line_num + 1
        for fields in reader:
            line, begins = begins, reader.line_num + 1
            if not fields:
                continue
            if len(fields) != len(columns):
                problems.add(name, line, "", "row_malformed")
                continue
            yield RawRow(line, dict(zip(columns, fields, strict=True)))
    except csv.Error:
        problems.add(name, reader.line_num, "", "row_malformed")
