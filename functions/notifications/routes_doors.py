"""Routes of channels: a person's own addresses, what administrators set up, what the staff see of both."""

from notifications import examples_doors as examples
from notifications import schemas_doors as schemas
from notifications import service_channels, service_desk, service_links
from notifications.base import app
from shared.access import ADMINISTRATORS_ONLY, ANYONE_SIGNED_IN, STAFF_ONLY
from shared.http import LOOKUP, ORGANISATION, SELF, Call

_LINKING = ("address_missing", "channel_not_offered", "channel_unavailable", "invalid_address", "too_many_codes")


# ------------------------------------------------------------------ a person's own addresses
@app.endpoint(
    "GET", "/notifications/channels", returns=schemas.ChannelsResponse, access=SELF, roles=ANYONE_SIGNED_IN,
    example=examples.CHANNELS,
)  # fmt: skip
def get_notification_channels(call: Call) -> schemas.ChannelsResponse:
    """The channels that the organisation uses, with the caller's own addresses."""
    channels = service_links.get_channels(call.me.organisation_id, call.me.person_id)
    return call.with_etag(schemas.ChannelsResponse(channels=channels))


@app.endpoint(
    "POST", "/notifications/channels/{channel}/link", body=schemas.LinkRequest, returns=schemas.LinkResponse,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.LINK, errors=_LINKING,
)  # fmt: skip
def post_channel_link(call: Call, channel: str, body: schemas.LinkRequest) -> schemas.LinkResponse:
    """Begin to link an address of the caller: by a one-time address, by a code, or by the browser's subscription."""
    return service_links.link(call.uow, call.me, service_channels.named(channel), body)


@app.endpoint(
    "POST", "/notifications/channels/{channel}/confirmation", body=schemas.ConfirmationRequest, returns=None,
    access=LOOKUP, roles=ANYONE_SIGNED_IN, example=examples.CONFIRMATION, errors=("wrong_link_code",), status=204,
)  # fmt: skip
def post_channel_confirmation(call: Call, channel: str, body: schemas.ConfirmationRequest) -> None:
    """Enter the code that was sent to an address: it is linked."""
    service_links.confirm(call.uow, call.me, service_channels.named(channel), body.code)


@app.endpoint(
    "DELETE", "/notifications/channels/{channel}", query=schemas.UnlinkQuery, returns=None, access=LOOKUP,
    roles=ANYONE_SIGNED_IN, status=204,
)  # fmt: skip
def delete_channel_link(call: Call, channel: str) -> None:
    """Unlink an address of the caller, or all of the channel."""
    service_links.unlink(call.uow, call.me, service_channels.named(channel), call.query.link_id)


# ------------------------------------------------------------------ what administrators set up
@app.endpoint(
    "GET", "/notification-channels", returns=schemas.ChannelSettingsResponse, access=ORGANISATION,
    roles=ADMINISTRATORS_ONLY, example=examples.SETTINGS,
)  # fmt: skip
def get_channel_settings(call: Call) -> schemas.ChannelSettingsResponse:
    """All channels with what is set of each; secrets are never shown."""
    return schemas.ChannelSettingsResponse(channels=service_channels.list_settings(call.me.organisation_id))


@app.endpoint(
    "PUT", "/notification-channels/{channel}", body=schemas.ChannelSettingsRequest, returns=schemas.ChannelSettings,
    access=ORGANISATION, roles=ADMINISTRATORS_ONLY, example=examples.SET_CHANNEL, errors=("invalid_channel_setting",),
)  # fmt: skip
def put_channel_settings(call: Call, channel: str, body: schemas.ChannelSettingsRequest) -> schemas.ChannelSettings:
    """Set a channel up; a new secret leaves the former one live until it is ended."""
    return service_channels.set_channel(call.uow, service_channels.named(channel), body)


@app.endpoint(
    "DELETE", "/notification-channels/{channel}/former-secret", returns=schemas.ChannelSettings, access=ORGANISATION,
    roles=ADMINISTRATORS_ONLY, example=examples.END_FORMER,
)  # fmt: skip
def delete_former_channel_secret(call: Call, channel: str) -> schemas.ChannelSettings:
    """End the former secrets of a channel."""
    return service_channels.end_former_secret(call.uow, service_channels.named(channel))


@app.endpoint(
    "POST", "/notification-channels/{channel}/registration", returns=schemas.OutcomeResponse, access=ORGANISATION,
    roles=ADMINISTRATORS_ONLY, example=examples.OUTCOME, errors=("channel_not_offered",),
)  # fmt: skip
def post_channel_registration(call: Call, channel: str) -> schemas.OutcomeResponse:
    """Tell a channel where our webhook is."""
    return service_channels.register_webhook(call.me.organisation_id, service_channels.named(channel))


# ------------------------------------------------------------------ staff
@app.endpoint(
    "GET", "/people/{person_id}/channels", returns=schemas.PersonChannelsResponse, access=ORGANISATION,
    roles=STAFF_ONLY, example=examples.PERSON_CHANNELS,
)  # fmt: skip
def get_person_channels(call: Call, person_id: str) -> schemas.PersonChannelsResponse:
    """Where a person can be reached, and how he wants to be told."""
    return call.with_etag(service_desk.get_person_channels(call.me.organisation_id, person_id))


@app.endpoint(
    "GET", "/notification-channels/dead-addresses", returns=schemas.DeadAddressesResponse, access=ORGANISATION,
    roles=STAFF_ONLY, paged=True, example=examples.DEAD_ADDRESSES,
)  # fmt: skip
def get_dead_addresses(call: Call) -> schemas.DeadAddressesResponse:
    """Whose e-mail address or number in the register is dead, the last ones first."""
    items, last_key = service_desk.list_dead_addresses(call.me.organisation_id, call.cursor)
    return schemas.DeadAddressesResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/people/{person_id}/notifications", returns=schemas.DeliveryLogResponse, access=ORGANISATION,
    roles=STAFF_ONLY, paged=True, example=examples.LOG,
)  # fmt: skip
def get_person_notifications(call: Call, person_id: str) -> schemas.DeliveryLogResponse:
    """What a person was told, newest first, and what became of it on each channel."""
    items, last_key = service_desk.get_deliveries(call.me.organisation_id, person_id, call.cursor)
    return schemas.DeliveryLogResponse(items=items, next_cursor=call.next_cursor(last_key))


@app.endpoint(
    "GET", "/notification-templates", query=schemas.PreviewQuery, returns=schemas.TemplatesResponse,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.TEMPLATES,
)  # fmt: skip
def get_templates(call: Call) -> schemas.TemplatesResponse:
    """Every kind of notice: what it is about, why it is sent, to whom, and by which ways."""
    return schemas.TemplatesResponse(templates=service_desk.list_templates(call.me.organisation_id, call.query.locale))


@app.endpoint(
    "GET", "/notification-templates/{kind}", query=schemas.PreviewQuery, returns=schemas.PreviewResponse,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.PREVIEW,
)  # fmt: skip
def get_template(call: Call, kind: str) -> schemas.PreviewResponse:
    """A kind of notice in the words of a language, made of example values."""
    return service_desk.preview(call.me.organisation_id, kind, call.query.locale)


@app.endpoint(
    "POST", "/notification-templates/{kind}/test", body=schemas.TestSendRequest, returns=schemas.OutcomeResponse,
    access=ORGANISATION, roles=STAFF_ONLY, example=examples.TEST,
    errors=("address_missing", "channel_not_offered", "invalid_address", "too_many_codes"),
)  # fmt: skip
def post_template_test(call: Call, kind: str, body: schemas.TestSendRequest) -> schemas.OutcomeResponse:
    """Send a kind of notice with its example values to the caller's own e-mail address."""
    return service_desk.send_test(call.me, kind, body.locale)
