"""A meter comes into being: its head, the first event of its stream, and the pointers by which it is found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from meters.codec import pack_device
from meters.keeping import Keeping
from meters.readings import Circumstances
from meters.rules.counters import FormatError, format_value, parse_use, parse_value
from meters.rules.stream import EMPTY
from meters.rules.thresholds import thresholds
from meters.rules.vocabulary import Device, Medium
from meters.store import METER_SK, MeterItem, NumberItem, child_pointer, meter_pk, number_pk, pointer_of
from shared.errors import Conflict, DomainError, FieldProblem
from shared.ids import derived_id
from shared.tables import UnitOfWork

MOST_OPERATIONS: Final = 5
"""That installing one meter stages."""
_MILLI: Final = 10**6
"""A thousandth of a unit in billionths."""


@dataclass(frozen=True)
class Installation:
    """A meter that hangs from `day` on. `opening` are texts as the counter shows them; `meter_id` empty: it follows from the number."""

    number: str
    medium: Medium
    device: Device
    day: date
    opening: tuple[str, ...]
    community_id: str
    unit_id: str | None = None
    parent_id: str | None = None
    place: str = ""
    verified_until: date | None = None
    seal: str = ""
    meter_id: str = ""
    actor: str = "system"
    channel: str = "staff"


def id_of(organisation_id: str, installation: Installation) -> str:
    """The meter's id: the one that it came with, or the one that always belongs to its first counter's number."""
    return installation.meter_id or derived_id("mtr", organisation_id, installation.number)


def stage_installation(uow: UnitOfWork, installation: Installation, today: date) -> Keeping:
    """Stage a new meter, at most MOST_OPERATIONS operations; what is to be said of it is the caller's.

    Raises `invalid_device`, or Conflict `number_taken` at the commit.
    """
    values = shown_values(installation.device, installation.opening, "opening")
    organisation_id = uow.organisation_id
    meter_id = id_of(organisation_id, installation)
    meter = MeterItem(
        pk=meter_pk(organisation_id, meter_id),
        sk=METER_SK,
        meter_id=meter_id,
        number=installation.number,
        medium=installation.medium,
        place=installation.place,
        unit_id=installation.unit_id,
        community_id=installation.community_id,
        parent_id=installation.parent_id,
        events=0,
        since_checkpoint=0,
        held=0,
    )
    meter.state = EMPTY
    taking = Keeping(meter, Circumstances(today, thresholds()[installation.medium]))
    taking.record(
        "installed",
        installation.day,
        values=values,
        device=pack_device(installation.device),
        number=installation.number,
        verified_until=installation.verified_until.isoformat() if installation.verified_until else None,
        seal=installation.seal or None,
        actor=installation.actor,
        channel=installation.channel,
    )
    taking.finish(uow)
    number = NumberItem(
        pk=number_pk(organisation_id, installation.number),
        sk=METER_SK,
        meter_id=meter_id,
        since=installation.day.isoformat(),
    )
    uow.create(number, otherwise=Conflict("number_taken"))
    uow.put(pointer_of(meter))
    if meter.parent_id:
        uow.put(child_pointer(meter, meter.parent_id))
    return taking


def shown_values(device: Device, texts: Iterable[str], field: str) -> list[str]:
    """Values as the counter shows them. Raises `invalid_device` where they are not its values, one for each register."""
    texts = list(texts)
    if len(texts) != device.registers:
        raise DomainError("invalid_device", problems=(FieldProblem(field, "invalid_device"),))
    shown = []
    for at, text in enumerate(texts):
        try:
            shown.append(format_value(parse_value(text, device), device))
        except FormatError as error:
            problem = FieldProblem(f"{field}.{at}", "invalid_device", {"fault": error.fault})
            raise DomainError("invalid_device", problems=(problem,)) from error
    return shown


def device_from(
    digits: int,
    decimals: int,
    registers: int,
    *,
    multiplier: str = "1",
    max_flow: str | None = None,
    field: str = "device",
) -> Device:
    """A counter's kind from decimal texts. Raises `invalid_device`."""
    try:
        flow = parse_use(max_flow) if max_flow else None
        return Device(digits, decimals, registers, parse_use(multiplier) // _MILLI, flow)
    except ValueError as error:
        raise DomainError("invalid_device", problems=(FieldProblem(field, "invalid_device"),)) from error


def device_texts(device: Device) -> dict[str, Any]:
    """A counter's kind with decimal texts."""
    return {
        "digits": device.digits,
        "decimals": device.decimals,
        "registers": device.registers,
        "multiplier": _plain(device.multiplier_milli, 1000),
        "max_flow": None if device.max_flow is None else _plain(device.max_flow, 10**9),
    }


def _plain(amount: int, unit: int) -> str:
    whole, part = divmod(amount, unit)
    digits = str(part).zfill(len(str(unit)) - 1).rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)
