"""Codes of the uploads context; those of the check stand in its result, and in what is refused because of it."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "upload_check_failed": "The check could not be brought to an end; send the file again.",
    "upload_content_refused": "The file's content is not of a kind that its purpose takes, whatever its name says.",
    "upload_damaged": "The file is cut off or damaged.",
    "upload_empty": "The file is empty.",
    "upload_infected": "The file holds what a virus scanner reports.",
    "upload_too_large": "The file is larger than its purpose allows; errors[] gives the limit in bytes.",
    "upload_too_many_pixels": "The picture has more pixels than we take.",
    "upload_type_refused": "The file's type or name is not one that its purpose takes.",
}
