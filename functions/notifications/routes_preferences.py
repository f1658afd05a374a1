"""Routes of how people want to be told."""

from notifications import examples_preferences as examples
from notifications import schemas_preferences as schemas
from notifications import service_preferences
from notifications.base import app
from shared.access import ANYONE_SIGNED_IN
from shared.http import SELF, Call


@app.endpoint(
    "GET", "/notifications/preferences", returns=schemas.PreferencesResponse, access=SELF, roles=ANYONE_SIGNED_IN,
    example=examples.PREFERENCES,
)  # fmt: skip
def get_notification_preferences(call: Call) -> schemas.PreferencesResponse:
    """How the caller wants to be told, and of what there is to tell him."""
    return service_preferences.get_preferences(call.me)


@app.endpoint(
    "PATCH", "/notifications/preferences", body=schemas.PreferencesChange, returns=schemas.PreferencesResponse,
    access=SELF, roles=ANYONE_SIGNED_IN, example=examples.CHANGE,
    errors=("cannot_be_muted", "unknown_kind", "unknown_time_zone"),
)  # fmt: skip
def patch_notification_preferences(call: Call, body: schemas.PreferencesChange) -> schemas.PreferencesResponse:
    """Change how the caller wants to be told."""
    return service_preferences.change_preferences(call.uow, call.me, body)
