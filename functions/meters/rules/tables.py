"""Tables that people send: CSV as spreadsheets and meter-reading programs write it, and workbooks (XLSX). Line by line, never whole."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zlib import error as ZlibError  # noqa: N812 - an exception's name

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_UNPACKED: Final = 64 * 1024 * 1024
"""Of all parts of a workbook together: an archive may unpack to far more than it weighs."""
MAX_ROWS: Final = 1_000_000
_MAX_PARTS: Final = 2_000
_ZIP_MAGIC: Final = b"PK\x03\x04"
_DELIMITERS: Final = (";", "\t", ",")
_NAMED: Final = re.compile(r"sep=([;,\t])", re.IGNORECASE)
"""A first line by which spreadsheets are told what stands between the cells."""
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_SNIFFED: Final = 4096

Line = tuple[int, list[str]]
"""A line's number (the first is 1; of a cell with line breaks the last) and its cells, trimmed."""

CUT_OFF: Final = "\0"
"""Stands before the cells of a last line in which the file may have been cut off; no cell of a file holds this character."""


class TableError(ValueError):
    """The content is no table that is taken: `unreadable_file`, `too_many_rows`, `file_too_large`. `line` 0: the file as a whole."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


def read_table(content: bytes) -> Iterator[Line]:
    """The lines of a CSV file or of a workbook's first sheet that hold anything. Raises TableError, also on the way."""
    if len(content) > MAX_BYTES:
        raise TableError("file_too_large")
    lines = _sheet(content) if content.startswith(_ZIP_MAGIC) else _whole(_csv(content), content)
    taken = 0
    for line, cells in lines:
        if not any(cells):
            continue
        taken += 1
        if taken > MAX_ROWS + 1:
            raise TableError("too_many_rows", line)
        yield line, cells


def _csv(content: bytes) -> Iterator[Line]:
    encoding = _encoding(content)
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    try:
        head = stream.read(_SNIFFED).partition("\n")[0]
        stream.seek(0)
        named = _NAMED.fullmatch(head.rstrip("\r"))
        # Ties go to the semicolon: where it is used, commas stand in the numbers.
        delimiter = named[1] if named else max(_DELIMITERS, key=head.count)
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        if named:
            next(reader)
        for cells in reader:
            yield reader.line_num, [_plain(cell) for cell in cells]
    except (csv.Error, UnicodeDecodeError) as error:
        raise TableError("unreadable_file") from error


def _whole(lines: Iterator[Line], content: bytes) -> Iterator[Line]:
    """The lines; the last one marked with CUT_OFF where no line break ends it.

    A transfer may have broken off anywhere in it, and what is left of a number is a number too: `12,6` of `12,618`, `1` of `126`, `A1` of
    `A12`. Nothing in the line tells it from a whole one.
    """
    is_ended = content.rstrip(b"\0").endswith((b"\n", b"\r"))
    held: Line | None = None
    for line in lines:
        if held:
            yield held
        held = line
    if held:
        yield held if is_ended or not any(held[1]) else (held[0], [CUT_OFF, *held[1]])


def _encoding(content: bytes) -> str:
    """UTF-8 where it is; else what spreadsheets of this part of Europe write without asking."""
    if content.startswith(_WIDE):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1250"
    return "utf-8-sig"


def _sheet(content: bytes) -> Iterator[Line]:
    # Most files are CSV; the reader of workbooks takes a while to import.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_parts(content)
    try:
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)) as book:
            yield from _cells(book.worksheets[0].iter_rows(values_only=True))
    except (
        zipfile.BadZipFile, ZlibError, InvalidFileException, EOFError, OSError, KeyError, IndexError, ValueError, TypeError,
        AttributeError, SyntaxError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        if isinstance(error, TableError):
            raise
        # What is no workbook fails in as many ways as there are parts of one; an XML fault is a SyntaxError.
        raise TableError("unreadable_file") from error


def _check_parts(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise TableError("unreadable_file") from error
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TableError("file_too_large")


def _cells(rows: Iterable[tuple[Any, ...]]) -> Iterator[Line]:
    for number, row in enumerate(rows, 1):
        yield number, [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as somebody would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        plain = f"{Decimal(repr(cell)):f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else _plain(str(cell))


def _plain(text: str) -> str:
    """Trimmed, also of the no-break spaces that spreadsheets put between thousands and around numbers."""
    return text.replace("\u00a0", " ").replace("\x00", " ").strip()
