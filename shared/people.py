"""How a person is reached and addressed: read from the register, which alone keeps it, so that what is erased there is gone everywhere.

The second table that a context reads besides its own, after `shared.access`; `registry` writes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pynamodb.attributes import UnicodeAttribute

from shared.tables import Base, table_name


class PersonItem(Base):
    """pk `ORG#<org>#PERSON#<person>`, sk `PERSON`: what of it is read here."""

    class Meta:
        table_name = table_name("REGISTRY_TABLE")

    person_id = UnicodeAttribute()
    first_name = UnicodeAttribute()
    last_name = UnicodeAttribute()
    company = UnicodeAttribute()
    email = UnicodeAttribute()
    phone = UnicodeAttribute()
    locale = UnicodeAttribute()


@dataclass(frozen=True)
class Card:
    """A person's name, language, and addresses; those may be empty. `phone` is E.164."""

    person_id: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    locale: str


def cards(organisation_id: str, person_ids: Iterable[str]) -> dict[str, Card]:
    """The cards of those who are in the register, by person."""
    keys = [(f"ORG#{organisation_id}#PERSON#{one}", "PERSON") for one in sorted(set(person_ids))]
    return {item.person_id: _card(item) for item in PersonItem.batch_get(keys)} if keys else {}


def _card(item: PersonItem) -> Card:
    name = item.company or f"{item.first_name} {item.last_name}".strip()
    return Card(item.person_id, name, item.email, item.phone, item.locale)
