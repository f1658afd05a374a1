"""Everything that people are told: of what nature it is, by which ways it travels, and what its words are made of."""

from enum import StrEnum
from typing import Final, NamedTuple


class Channel(StrEnum):
    """A way to a person outside the portal. The inbox is none of them: every notice is in it."""

    EMAIL = "email"
    PUSH = "push"
    TELEGRAM = "telegram"
    VIBER = "viber"
    WHATSAPP = "whatsapp"
    SMS = "sms"


class Nature(StrEnum):
    """Why somebody is told. `news` and `reminder` are refused with one click; `statutory` goes out at any hour, and nobody can mute it."""

    STATUTORY = "statutory"
    TRANSACTIONAL = "transactional"
    REMINDER = "reminder"
    NEWS = "news"


class Audience(StrEnum):
    """Who is told: those who have a part in the contract, one person by what he did, or the staff."""

    PARTIES = "parties"
    PERSON = "person"
    STAFF = "staff"


REFUSABLE: Final = frozenset({Nature.REMINDER, Nature.NEWS})
MESSENGERS: Final = (Channel.PUSH, Channel.TELEGRAM, Channel.VIBER, Channel.WHATSAPP)
_WRITTEN: Final = ((Channel.EMAIL,),)
_QUICK: Final = (MESSENGERS, (Channel.EMAIL,), (Channel.SMS,))
_BOTH: Final = ((Channel.EMAIL, *MESSENGERS),)
_LETTER: Final = ((Channel.EMAIL, Channel.PUSH, Channel.TELEGRAM, Channel.VIBER),)
_EVERY: Final = ((Channel.EMAIL, *MESSENGERS, Channel.SMS),)


class Kind(NamedTuple):
    """`ladder`: the first step that reaches the person is enough; on a step, every channel that he has is used.

    `values` names what the words are made of: `amount` with `currency` in minor units, `days` (0 is today) and `meters` counts,
    `day` and `last` dates as ISO 8601, `at` a local time of the organisation as ISO 8601 with its offset, the others codes or plain text;
    `text` has paragraphs.
    `page` is where on the site it leads; what stands in braces is in the notice's `about`. `by_reference`: the values are no part of the
    notice; they are those of the news that it is about, and are read when it is shown or sent.
    """

    nature: Nature
    ladder: tuple[tuple[Channel, ...], ...]
    values: tuple[str, ...]
    page: str
    to: Audience = Audience.PARTIES
    urgent: bool = False
    by_reference: bool = False

    @property
    def kept(self) -> tuple[str, ...]:
        """The values that are kept in a notice."""
        return () if self.by_reference else self.values


_MONEY: Final = ("amount", "currency")
_ACCOUNT: Final = "/accounts/{contract_id}"
_PAY: Final = "/accounts/{contract_id}/pay"
_PAYMENT: Final = "/payments/{payment_id}"
_METER: Final = "/meters/{meter_id}"
_TICKET: Final = "/tickets/{ticket_id}"

KINDS: Final[dict[str, Kind]] = {
    # Money. `days`: until the due date, or since it; `day`: the due date, or the day on which money moved.
    "charge_posted": Kind(Nature.TRANSACTIONAL, _WRITTEN, (*_MONEY, "purpose", "day"), _ACCOUNT),
    "payment_due": Kind(Nature.REMINDER, _QUICK, (*_MONEY, "days", "day"), _PAY),
    "payment_overdue": Kind(Nature.TRANSACTIONAL, _EVERY, (*_MONEY, "days", "day"), _PAY),
    "payment_settled": Kind(Nature.TRANSACTIONAL, _BOTH, (*_MONEY, "day"), _ACCOUNT),
    "receipt_ready": Kind(Nature.TRANSACTIONAL, _BOTH, (*_MONEY, "day"), _PAYMENT),
    "payment_failed": Kind(Nature.TRANSACTIONAL, _BOTH, (), _PAYMENT),
    "payment_refunded": Kind(Nature.TRANSACTIONAL, _BOTH, (*_MONEY, "day", "cause"), _PAYMENT),
    "payment_doubled": Kind(Nature.TRANSACTIONAL, _BOTH, _MONEY, _ACCOUNT),
    # Meters. `last`: the last day of the window; `day`: of the reading, or of the new counter.
    "window_opened": Kind(Nature.REMINDER, _QUICK, ("medium", "last"), "/meters"),
    "window_closing": Kind(Nature.REMINDER, _QUICK, ("medium", "last", "days"), "/meters"),
    "reading_held": Kind(Nature.TRANSACTIONAL, _BOTH, ("day",), _METER),
    "reading_accepted": Kind(Nature.TRANSACTIONAL, _BOTH, ("day",), _METER),
    "reading_rejected": Kind(Nature.TRANSACTIONAL, _BOTH, ("day",), _METER),
    "meter_replaced": Kind(Nature.TRANSACTIONAL, _WRITTEN, ("number", "day"), _METER),
    # Reports and faults. `status`: the one that residents see; `wanted`: what they are asked for.
    "ticket_opened": Kind(Nature.TRANSACTIONAL, _BOTH, ("number",), _TICKET, Audience.PERSON),
    "ticket_changed": Kind(Nature.TRANSACTIONAL, _BOTH, ("status",), _TICKET, Audience.PERSON),
    "ticket_asked": Kind(Nature.TRANSACTIONAL, _BOTH, ("number", "wanted"), _TICKET, Audience.PERSON),
    "ticket_answered": Kind(Nature.TRANSACTIONAL, _BOTH, (), _TICKET, Audience.PERSON),
    # Residents see what is known of a fault where they would report it.
    "incident_opened": Kind(Nature.TRANSACTIONAL, _EVERY, ("at",), "/tickets/new", urgent=True),
    "work_planned": Kind(Nature.TRANSACTIONAL, _BOTH, ("at",), "/tickets/new"),
    # The contract and the access. `number`: the contract's; `device`: browser and system, or nothing where they are unknown.
    "contract_ending": Kind(Nature.STATUTORY, _EVERY, ("number", "days", "day"), "/contracts/{contract_id}"),
    # Also to messengers: where somebody else has set another e-mail address, they alone lead to the person himself.
    "contact_changed": Kind(Nature.STATUTORY, _BOTH, (), "/own-data", Audience.PERSON),
    "new_sign_in": Kind(Nature.STATUTORY, _WRITTEN, ("at", "device"), "/own-data/password", Audience.PERSON),
    "access_granted": Kind(Nature.TRANSACTIONAL, _WRITTEN, ("role",), "/", Audience.PERSON),
    # What the staff have written. Not by WhatsApp, which takes nothing but words that were approved before.
    "newsletter": Kind(Nature.NEWS, _LETTER, ("title", "start", "text"), "/news/{news_id}", by_reference=True),
    # For the staff. `staff_unmatched` is said once for a bank statement, `staff_reading_held` once a day, `staff_verification_expiring`
    # for all meters of a day: it counts them, names the first `numbers`, and leads to the first of them.
    "staff_unmatched": Kind(Nature.REMINDER, _WRITTEN, (), "/unmatched-transfers", Audience.STAFF),
    "staff_payment_refunded": Kind(Nature.REMINDER, _WRITTEN, (*_MONEY, "day", "cause"), _PAYMENT, Audience.STAFF),
    "staff_payment_doubled": Kind(Nature.REMINDER, _WRITTEN, _MONEY, _PAYMENT, Audience.STAFF),
    "staff_ticket_overdue": Kind(Nature.REMINDER, _BOTH, ("at",), _TICKET, Audience.STAFF),
    "staff_reading_held": Kind(Nature.REMINDER, _WRITTEN, (), "/held-readings", Audience.STAFF),
    "staff_verification_expiring": Kind(
        Nature.REMINDER, _WRITTEN, ("meters", "numbers", "days", "day"), _METER, Audience.STAFF
    ),
    "staff_channel_failed": Kind(Nature.REMINDER, _WRITTEN, ("channel",), "/people/{person_id}", Audience.STAFF),
    "staff_unreached": Kind(Nature.REMINDER, _WRITTEN, (), "/people/{person_id}", Audience.STAFF),
    "staff_more_unreached": Kind(Nature.REMINDER, _WRITTEN, (), "/dead-addresses", Audience.STAFF),
}
