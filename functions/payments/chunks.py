"""Chunks of an import: transfers as compact bytes, so that a file of 10,000 is written in one transaction."""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from payments.bank_files.model import Transfer

MAX_TRANSFERS: Final = 300
_MAX_BYTES: Final = 200_000
"""Before compression; an item may have 400 KB, and a transaction 4 MB."""


@dataclass(frozen=True, slots=True)
class Row:
    """A transfer on its way: with its own id and the organisation's account that it is of."""

    transfer_id: str
    account: str
    transfer: Transfer


def pack(rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows to chunks, always the same ones for the same rows."""
    chunk: list[str] = []
    size = 0
    for row in rows:
        text = json.dumps(asdict(row), default=_plain, ensure_ascii=False, separators=(",", ":"))
        if chunk and (len(chunk) == MAX_TRANSFERS or size + len(text) > _MAX_BYTES):
            yield _packed(chunk)
            chunk, size = [], 0
        chunk.append(text)
        size += len(text)
    if chunk:
        yield _packed(chunk)


def unpack(payload: bytes) -> list[Row]:
    """The rows of a chunk."""
    return [_row(value) for value in json.loads(zlib.decompress(payload))]


def _packed(chunk: list[str]) -> bytes:
    return zlib.compress(f"[{','.join(chunk)}]".encode())


def _row(value: dict[str, Any]) -> Row:
    given = value["transfer"]
    dates = {name: date.fromisoformat(given[name]) for name in ("booking_date", "value_date")}
    return Row(value["transfer_id"], value["account"], Transfer(**{**given, **dates}))


def _plain(value: date) -> str:
    return value.isoformat()
