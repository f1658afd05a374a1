"""Codes of the uploads context."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "upload_too_large": "The file is larger than its purpose allows; errors[] gives the limit in bytes.",
    "upload_type_refused": "The file's type or name is not one that its purpose takes.",
}
