"""The customer's import files: the portfolio ZIP and the ledger ZIP."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date

from infra.demo.model import Address, Contract, Organisation, Person
from shared.money import format_plain

_WRITTEN: tuple[int, int, int, int, int, int] = (2026, 1, 1, 0, 0, 0)
"""Every file of a ZIP carries this time, so that the same world gives the same bytes."""
Row = tuple[str, ...]


def portfolio_zip(organisation: Organisation) -> bytes:
    """communities, units, people, contracts, occupancies and mandates."""
    currency = organisation.profile.currency
    return _zip(
        {
            "communities.csv": csv_text(
                "community_ref,name,street,postal_code,city,country",
                ((c.ref, c.name, *_place(c.address), c.address.country) for c in organisation.communities),
            ),
            "units.csv": csv_text(
                "unit_ref,community_ref,label,property,street,postal_code,city,floor_area_m2,state",
                (
                    (u.ref, u.community_ref, u.label, u.building, *_place(u.address), u.floor_area_m2, u.state)
                    for u in organisation.units
                ),
            ),
            "people.csv": csv_text(
                "person_ref,first_name,last_name,company,email,phone,street,postal_code,city,country,locale",
                (_person(person) for person in organisation.people),
            ),
            "contracts.csv": csv_text(
                "contract_ref,number,type,unit_ref,community_ref,landlord,starts_on,ends_on,value,currency,adviser_ref,"
                "mass_payment_id,virtual_account,kid,rf_reference",
                (_contract(contract, currency) for contract in organisation.contracts),
            ),
            "occupancies.csv": csv_text(
                "person_ref,contract_ref,role,starts_on,ends_on",
                (
                    (o.person_ref, o.contract_ref, o.role, _day(o.starts_on), _day(o.ends_on))
                    for o in organisation.occupancies
                ),
            ),
            "mandates.csv": csv_text(
                "person_ref,community_ref,role,starts_on,ends_on",
                ((m.person_ref, m.community_ref, "board_member", _day(m.starts_on), "") for m in organisation.mandates),
            ),
        }
    )


def ledger_zip(organisation: Organisation) -> bytes:
    """charges.csv: the opening history."""
    currency = organisation.profile.currency
    rows = (
        (
            charge.ref,
            charge.contract_number,
            _day(charge.dated),
            _day(charge.due_date),
            "bank",
            charge.purpose,
            format_plain(charge.amount, currency),
            charge.description,
        )
        for charge in organisation.charges
    )
    header = "charge_ref,contract_number,date,due_date,type,purpose,amount,description"
    return _zip({"charges.csv": csv_text(header, rows)})


def _person(person: Person) -> Row:
    return (
        person.ref,
        person.first_name,
        person.last_name,
        person.company,
        person.email,
        person.phone,
        *_place(person.address),
        person.address.country,
        person.locale,
    )


def _contract(contract: Contract, currency: str) -> Row:
    known = contract.references
    return (
        contract.ref,
        contract.number,
        contract.type,
        contract.unit_ref,
        contract.community_ref,
        contract.landlord,
        _day(contract.starts_on),
        _day(contract.ends_on),
        format_plain(contract.value, currency),
        currency,
        contract.adviser_ref,
        known.mass_payment_id,
        known.virtual_account,
        known.kid,
        known.rf,
    )


def _place(address: Address) -> Row:
    return address.street, address.postal_code, address.city


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def csv_text(header: str, rows: Iterable[Row]) -> str:
    """A file of rows under its header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue()


def _zip(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _WRITTEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return packed.getvalue()
