"""Presigned uploads: files go from the browser to the bucket, never through a function."""

from typing import Final
from urllib.parse import quote

from shared import files
from shared.access import Principal
from shared.errors import DomainError, NotFound
from shared.ids import new_id
from uploads import rules
from uploads.places import RESULT, incoming_key, place_of
from uploads.schemas import CheckResponse, UploadRequest, UploadResponse

_SECONDS: Final = 900
_NAME_LENGTH: Final = 100
"""Of the original name: percent-encoded it has to go into the 2 kB of an object's metadata."""


def prepare_upload(me: Principal, request: UploadRequest) -> UploadResponse:
    """A form that takes exactly this file for a quarter of an hour.

    The key says whose it is and for what: files of staff lie under the organisation and the purpose, those that are checked under
    the person too, where they wait for it. Raises DomainError `upload_too_large` or `upload_type_refused`, and `forbidden` for
    people who are not staff and a purpose whose files are not checked.
    """
    is_checked = rules.POLICIES[request.purpose].is_checked
    if not is_checked and not me.is_staff:
        raise DomainError("forbidden", 403)
    media_type = rules.media_type(request.purpose, request.name, request.size, request.type)
    upload_id, name = new_id("upl"), rules.safe_name(request.name)
    fields = {"Content-Type": media_type}
    if is_checked:
        key = incoming_key(me.organisation_id, request.purpose, me.person_id, upload_id, name)
        fields["x-amz-meta-name"] = quote(rules.shortened(request.name, _NAME_LENGTH), safe="")
    else:
        key = f"org/{me.organisation_id}/{request.purpose}/{upload_id}/{name}"
    form = files.s3().generate_presigned_post(
        files.bucket(),
        key,
        Fields=dict(fields),
        Conditions=[*({field: value} for field, value in fields.items()), ["content-length-range", 1, request.size]],
        ExpiresIn=_SECONDS,
    )
    return UploadResponse(key=key, url=form["url"], fields=form["fields"])


def get_check(me: Principal, key: str) -> CheckResponse:
    """How the check of one's own file stands. Raises NotFound for a key that was never given to this person."""
    place = place_of(key)
    if place is None or (place.organisation_id, place.person_id) != (me.organisation_id, me.person_id):
        raise NotFound
    result = files.read_json(place.at(RESULT))
    return CheckResponse.model_validate(result) if result else CheckResponse(state="checking")
