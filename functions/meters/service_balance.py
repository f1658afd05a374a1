"""A house meter against the sum of what hangs behind it."""

from meters import store, store_places
from meters.rules.counters import use_text
from meters.rules.expected import known_use
from meters.rules.stream import State
from meters.rules.sums import compare
from meters.rules.vocabulary import UNITS
from meters.schemas_staff import BalancePart, BalanceQuery, BalanceResponse
from meters.service_consumption import period
from meters.store_settings import settings_of
from meters.visibility import find_visible
from shared.access import Principal
from shared.errors import NotFound


def get_balance(me: Principal, meter_id: str, query: BalanceQuery) -> BalanceResponse:
    """The use of a house meter and of each meter behind it over the same days, from the month ends kept with their heads.

    For staff and the board: uses of all the flats are no neighbour's business. Raises NotFound, `invalid_period`.
    """
    seen = find_visible(me, meter_id)
    if seen.meter.unit_id is not None and not me.is_staff:
        raise NotFound
    start, end = period(query.from_, query.to)
    children = store.load_meters(me.organisation_id, store.children_of(me.organisation_id, meter_id))
    units = store_places.load_units(me.organisation_id, [child.unit_id for child in children.values()])

    def use_of(state: State) -> int | None:
        registers = range(state.device.registers if state.device else 0)
        uses = [known_use(state, register, start, end) for register in registers]
        known = [use for use in uses if use is not None]
        return sum(known) if uses and len(known) == len(uses) else None

    uses = {child_id: use_of(child.state) for child_id, child in children.items()}
    house, known = use_of(seen.state), [use for use in uses.values() if use is not None]
    limits = settings_of(me.organisation_id).limits[seen.meter.medium]  # type: ignore[index]
    unknown = len(uses) - len(known)
    made = compare(house or 0, known, limits)
    # With a part unknown the sum says nothing about what got lost.
    comparable = house is not None and not unknown
    return BalanceResponse(
        meter_id=meter_id,
        unit=UNITS[seen.meter.medium],  # type: ignore[index]
        first=query.from_,
        last=query.to,
        house=None if house is None else use_text(house),
        units=use_text(made.units),
        expected=use_text(made.expected),
        difference=use_text(made.difference) if comparable else None,
        tolerance=use_text(made.tolerance) if comparable else None,
        is_outside=comparable and made.is_outside,
        unknown=unknown,
        parts=[
            BalancePart(
                meter_id=child_id,
                number=child.number,
                unit_id=child.unit_id,
                unit_label=_label(units, child.unit_id),
                use=None if uses[child_id] is None else use_text(uses[child_id] or 0),
            )
            for child_id, child in sorted(children.items(), key=lambda pair: str(pair[1].number))
        ],
    )


def _label(units: dict[str, store_places.UnitItem], unit_id: str | None) -> str | None:
    unit = units.get(unit_id or "")
    return unit.label if unit else None
