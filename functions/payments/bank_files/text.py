"""Bytes to text, as banks send it."""

from typing import Final

from payments.bank_files.model import BankFileError

_ENCODINGS: Final = ("utf-8-sig", "cp1250", "cp852")
"""Tried in this order. cp1250 has holes, so what is not it shows; cp852 takes every byte. Latin-1 letters of western Europe are
the same bytes in cp1250 as far as bank files use them."""


def decode(data: bytes, encodings: tuple[str, ...] = _ENCODINGS) -> str:
    """The file as text with single line feeds. Raises BankFileError `unknown_encoding`."""
    if b"\x00" in data:
        raise BankFileError("unknown_encoding", data[: data.index(b"\x00")].count(b"\n") + 1)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise BankFileError("unknown_encoding")
