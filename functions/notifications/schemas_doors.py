"""The wire of channels: linking an address, what an administrator sets up, the delivery log, templates."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from notifications.schemas import Notice
from notifications.schemas_preferences import PreferencesResponse
from shared.wire import Asked, Wire

ChannelName = Literal["email", "push", "telegram", "viber", "whatsapp", "sms"]
NatureName = Literal["statutory", "transactional", "reminder", "news"]
LocaleName = Literal["pl", "uk", "nb", "fr", "en"]
_Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_=-]{1,200}$")]


# ------------------------------------------------------------------ a person's own addresses
class ChannelAddress(Wire):
    """A person's address on a channel, as much of it as tells it from his others."""

    link_id: str
    shown: str
    state: Literal["on", "off"]
    code: str = Field(description="Why it is off: the channel's own code, or `unlinked`.")
    since: datetime


class ChannelOffer(Wire):
    """A channel that the organisation uses. `way`: how an address comes to it.

    `card`: from the register; `link`: by a one-time address, shown as a QR code; `code`: a code is sent there and entered here;
    `subscription`: the browser gives it, for the `public_key`.
    """

    channel: ChannelName
    way: Literal["card", "link", "code", "subscription"]
    public_key: str | None = Field(description="Of push: the application server's key, base64url.")
    addresses: list[ChannelAddress]


class ChannelsResponse(Wire):
    channels: list[ChannelOffer]


class SubscriptionKeys(Asked):
    p256dh: _Key
    auth: _Key


class Subscription(Asked):
    """A push subscription, as the browser gives it."""

    endpoint: Annotated[str, Field(max_length=1000, pattern=r"^https?://[\x21-\x7e]+$")]
    keys: SubscriptionKeys


class LinkRequest(Asked):
    """`phone`: of WhatsApp, where to send a code, E.164; without it, to the number of the register. `subscription`: of push only."""

    phone: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")] | None = None
    subscription: Subscription | None = None


class QrCode(Wire):
    """A QR code as the path of an SVG picture of `size` by `size`, the quiet zone included: black on white."""

    size: int
    path: str


class LinkResponse(Wire):
    """`waiting`: open `url`, or its QR code, on the telephone; `code_sent`: enter the code; `linked`: nothing is left to do.

    `link_id`: of what is linked, so that a browser that somebody signs out of can unlink itself.
    """

    state: Literal["waiting", "code_sent", "linked"]
    link_id: str | None = None
    url: str | None = None
    qr: QrCode | None = None
    expires_at: datetime | None = None


class ConfirmationRequest(Asked):
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class UnlinkQuery(Asked):
    """Which address is unlinked; without it, all of the channel."""

    link_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None


# ------------------------------------------------------------------ what an administrator sets up
class ChannelField(Wire):
    name: str
    secret: bool
    required: bool
    default: str
    pattern: str


class ChannelSettings(Wire):
    """A channel as the organisation has it. Secrets are never shown, only whether they are set."""

    channel: ChannelName
    enabled: bool
    fields: list[ChannelField]
    settings: dict[str, str]
    secrets_set: list[str]
    former_secret_lives: bool
    webhook_url: str
    refused: int = Field(description="Messages of the last 24 hours that no live secret vouched for.")
    version: int


class ChannelSettingsResponse(Wire):
    channels: list[ChannelSettings]


class ChannelSettingsRequest(Asked):
    """`secrets` names only those that change; the former ones stay live until they are ended."""

    enabled: bool
    settings: dict[str, str] = Field(default_factory=dict, max_length=20)
    secrets: dict[str, str] = Field(default_factory=dict, max_length=10, repr=False)
    version: int = Field(ge=0)


class OutcomeResponse(Wire):
    """What a channel answered: `sent` is what one hopes for. `code` is the channel's own."""

    state: Literal["sent", "again", "gone", "refused", "unsure"]
    code: str


# ------------------------------------------------------------------ staff
class PersonChannelsResponse(Wire):
    """The channels that the organisation uses with a person's addresses, and how he wants to be told: he alone changes it.

    Of e-mail and SMS the register has the address: e-mail is used unless one stands here that is off, SMS once he has confirmed it.
    """

    channels: list[ChannelOffer]
    preferences: PreferencesResponse


class DeadAddress(Wire):
    """An e-mail address or number of the register at which nothing arrives; `code` is the channel's own."""

    person_id: str
    name: str
    channel: ChannelName
    shown: str
    code: str
    since: datetime


class DeadAddressesResponse(Wire):
    items: list[DeadAddress]
    next_cursor: str | None


class DeliveryLogResponse(Wire):
    items: list[Notice]
    next_cursor: str | None


class Template(Wire):
    """A kind of notice: why it is sent, to whom, and by which steps; the first that reaches the person is enough."""

    kind: str
    subject: str = Field(description="Of an example, in the words of the language that was asked for.")
    nature: NatureName
    to: Literal["parties", "person", "staff"]
    urgent: bool
    may_be_muted: bool
    ladder: list[list[ChannelName]]
    values: list[str]


class TemplatesResponse(Wire):
    templates: list[Template]


class PreviewQuery(Asked):
    locale: LocaleName | None = Field(default=None, description="Without it, the organisation's.")


class SmsText(Wire):
    """A notice as an SMS, as the organisation has them written: words and link. `parts` of it are paid for."""

    text: str
    encoding: Literal["GSM", "UCS-2"]
    parts: int


class PreviewResponse(Wire):
    """A kind in the words of a language, made of example values. `short` and `link` are what messengers show."""

    kind: str
    locale: LocaleName
    subject: str
    text: str
    html: str
    short: str
    link: str
    sms: SmsText


class TestSendRequest(Asked):
    locale: LocaleName | None = Field(default=None, description="Without it, the organisation's.")
