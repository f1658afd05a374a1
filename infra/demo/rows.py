"""Short ways to write a country's data down: one line for a person, a unit or a community."""

from collections.abc import Iterable
from typing import Literal

from infra.demo.model import Address, Community, Person, Unit

DOMAIN = "demo.example"


class Rows:
    """Makes rows of one country."""

    def __init__(self, country: str, locale: str) -> None:
        self.country, self.locale = country, locale

    def address(self, text: str) -> Address:
        """`street | postal code | city`."""
        street, postal_code, city = (part.strip() for part in text.split("|"))
        return Address(street, postal_code, city, self.country)

    def community(self, ref: str, name: str, address: str) -> Community:
        return Community(ref, name, self.address(address))

    def units(
        self, community: Community, building: str, label: str, street: str, homes: Iterable[tuple[str, str, str]]
    ) -> tuple[Unit, ...]:
        """Homes are (number, floor area in m2, state); `{}` in label and street is the number."""
        place = community.address
        return tuple(
            Unit(
                ref=f"{community.ref}-{number.lower()}",
                community_ref=community.ref,
                label=label.format(number),
                building=building,
                address=Address(street.format(number), place.postal_code, place.city, place.country),
                floor_area_m2=area,
                state=state,
            )
            for number, area, state in homes
        )

    def person(self, ref: str, name: str, mailbox: str, phone: str, home: Address) -> Person:
        """`name` is `first|last`; `mailbox` is what stands before `.<country>@`."""
        first, last = name.split("|")
        return Person(ref, first, last, "", self.email(mailbox), phone, home, self.locale)

    def firm(self, ref: str, name: str, contact: str, phone: str, address: str) -> Person:
        """The supplier: a firm with the person who speaks for it."""
        first, last = contact.split("|")
        return Person(ref, first, last, name, self.email("supplier"), phone, self.address(address), self.locale)

    def employee(self, name: str, role: Literal["staff", "admin"], phone: str, address: str) -> Person:
        """Somebody of the manager's own office; the role is the mailbox too."""
        first, last = name.split("|")
        power: Literal["staff", "administrator"] = "administrator" if role == "admin" else "staff"
        return Person(role, first, last, "", self.email(role), phone, self.address(address), self.locale, (power,))

    def email(self, mailbox: str) -> str:
        """An address of the demo world: `tenant.pl@demo.example`."""
        return f"{mailbox}.{self.country.lower()}@{DOMAIN}"
