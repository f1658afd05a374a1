# ruff: noqa: E501 - tables, and texts in the country's own language
"""Norway: a manager in Bergen with a housing cooperative (borettslag) and a condominium (sameie)."""

from datetime import date

from infra.demo.check_digits import norwegian_account
from infra.demo.country import Agreement, Country, Stray, WrongReference
from infra.demo.meter_model import Metering
from infra.demo.rows import Rows
from shared.ids import derived_id
from shared.organisations import BankAccount, OrganisationProfile, PasswordRules, Theme

_rows = Rows("NO", "nb")
_OFFICE = "Strandgaten 40 | 5013 | Bergen"
_FJELL = _rows.community("fjellsiden", "Fjellsiden Borettslag", "Skansemyren 8 | 5019 | Bergen")
_VAGEN = _rows.community("vagen", "Sameiet Vågen Terrasse", "Nordnesgaten 22 | 5005 | Bergen")
_UNITS = (
    *_rows.units(
        _FJELL, "Skansemyren 8", "{}", "Skansemyren 8, leil. {}",
        [("H0101", "54.00", "god"), ("H0102", "71.00", "god"), ("H0201", "54.00", "oppusset"), ("H0202", "71.00", "god"),
         ("H0301", "54.00", "god"), ("H0302", "71.00", "bør oppusses")],
    ),
    *_rows.units(
        _VAGEN, "Nordnesgaten 22", "{}", "Nordnesgaten 22, leil. {}",
        [("H0101", "48.00", "god"), ("H0102", "83.00", "god"), ("H0201", "48.00", "god"), ("H0202", "83.00", "oppusset"),
         ("H0301", "96.00", "god"), ("P12", "12.50", "god")],
    ),
)  # fmt: skip
_HOMES = {unit.ref: unit.address for unit in _UNITS}
_PEOPLE = (
    *(
        _rows.person(ref, name, mailbox, phone, _HOMES[home])
        for ref, name, mailbox, phone, home in (
            ("hansen", "Ingrid|Hansen", "tenant", "+4790010201", "fjellsiden-h0101"),
            ("johansen", "Lars|Johansen", "lars.johansen", "+4790010202", "fjellsiden-h0102"),
            ("olsen", "Kari|Olsen", "kari.olsen", "+4790010203", "fjellsiden-h0201"),
            ("larsen", "Per|Larsen", "per.larsen", "+4790010204", "fjellsiden-h0202"),
            ("andersen", "Silje|Andersen", "silje.andersen", "+4790010205", "vagen-h0301"),
            ("pedersen", "Ole|Pedersen", "ole.pedersen", "+4790010206", "fjellsiden-h0301"),
            ("nilsen", "Astrid|Nilsen", "astrid.nilsen", "+4790010207", "fjellsiden-h0302"),
            ("kristiansen", "Knut|Kristiansen", "knut.kristiansen", "+4790010208", "vagen-h0101"),
            ("jensen", "Liv|Jensen", "liv.jensen", "+4790010209", "vagen-h0102"),
            ("karlsen", "Bjørn|Karlsen", "bjorn.karlsen", "+4790010210", "vagen-h0201"),
            ("berg", "Marit|Berg", "marit.berg", "+4790010211", "vagen-h0202"),
            ("haugen", "Tor|Haugen", "tor.haugen", "+4790010212", "vagen-h0301"),
            ("haugens", "Solveig|Haugen", "solveig.haugen", "+4790010213", "vagen-h0301"),
            ("moen", "Jørgen|Moen", "jorgen.moen", "+4790010214", "vagen-h0101"),
        )
    ),
    _rows.firm(
        "vaktmester", "Vestland Vaktmesterservice AS", "Arne|Lien", "+4755010101", "Damsgårdsveien 90 | 5058 | Bergen"
    ),
    _rows.employee("Hilde|Strand", "staff", "+4755010102", _OFFICE),
    _rows.employee("Geir|Bakke", "admin", "+4755010103", _OFFICE),
)
_SMALL = {"common_costs": 318_000, "instalment": 184_000, "internet": 49_900}
_LARGE = {"common_costs": 412_000, "instalment": 246_000, "internet": 49_900}
_FLAT = {"common_costs": 289_500, "heating": 76_000, "internet": 44_900}
_LET = {"rent": 1_350_000, "heating": 76_000}
_PARKING = {"parking": 45_000}
_AGREEMENTS = (
    Agreement("k01", "LK-2021-0101", "lease", "fjellsiden-h0101", ("hansen",), date(2021, 8, 1), "standing_order", _LET, 17_112_000),
    Agreement("k02", "AN-2012-0102", "ownership", "fjellsiden-h0102", ("johansen",), date(2012, 6, 15), "punctual", _LARGE, 345_000_000),
    Agreement("k03", "AN-2016-0201", "ownership", "fjellsiden-h0201", ("olsen",), date(2016, 3, 1), "late", _SMALL, 279_000_000),
    Agreement("k04", "AN-2009-0202", "ownership", "fjellsiden-h0202", ("larsen",), date(2009, 11, 2), "part_payer", _LARGE, 345_000_000),
    Agreement("k05", "LK-2023-0301", "lease", "fjellsiden-h0301", ("andersen",), date(2023, 1, 1), "left_in_debt", _LET, 17_112_000, ends=7),
    Agreement("k06", "LK-2026-0301", "lease", "fjellsiden-h0301", ("pedersen",), 8, "punctual", _LET, 17_112_000),
    Agreement("k07", "AN-2014-0302", "ownership", "fjellsiden-h0302", ("nilsen",), date(2014, 9, 12), "stopped", _LARGE, 345_000_000),
    Agreement("k08", "SE-2018-0101", "ownership", "vagen-h0101", ("kristiansen", "moen"), date(2018, 5, 1), "punctual", _FLAT, 310_000_000),
    Agreement("k09", "SE-2018-0102", "ownership", "vagen-h0102", ("jensen",), date(2018, 5, 1), "quarterly", _FLAT, 495_000_000),
    Agreement("k10", "SE-2019-0201", "ownership", "vagen-h0201", ("karlsen",), date(2019, 10, 1), "paid_twice", _FLAT, 310_000_000),
    Agreement("k11", "SE-2020-0202", "ownership", "vagen-h0202", ("berg",), date(2020, 2, 14), "some_open", _FLAT, 495_000_000),
    Agreement("k12", "SE-2018-0301", "ownership", "vagen-h0301", ("haugen", "haugens"), date(2018, 6, 20), "punctual", _FLAT, 570_000_000, forgets_reference=True),
    Agreement("k13", "PL-2018-0012", "lease", "vagen-p12", ("kristiansen",), date(2018, 5, 1), "last_open", _PARKING, 540_000),
)  # fmt: skip

NORWAY = Country(
    profile=OrganisationProfile(
        organisation_id=derived_id("org", "demo-no"),
        slug="demo-no",
        name="Bryggen Boligforvaltning AS",
        country="NO",
        currency="NOK",
        locale="nb",
        time_zone="Europe/Oslo",
        theme=Theme(
            accent="#8a2b3a",
            header_address=["Strandgaten 40", "5013 Bergen"],
            email="post.no@demo.example",
            phone="+4755010100",
        ),
        password_rules=PasswordRules(least_length=10, digit=True, capital=False, small_letter=True),
        bank_accounts=[BankAccount(account=norwegian_account("3624", 501_234), currency="NOK")],
    ),
    landlord="Bryggen Boligforvaltning AS",
    communities=(_FJELL, _VAGEN),
    units=_UNITS,
    people=_PEOPLE,
    agreements=_AGREEMENTS,
    board={"kristiansen": "vagen"},
    descriptions={
        "rent": "Husleie {month}",
        "common_costs": "Felleskostnader {month}",
        "instalment": "Renter og avdrag på fellesgjeld {month}",
        "internet": "Kabel-TV og bredbånd {month}",
        "heating": "Fjernvarme, a konto {month}",
        "parking": "Leie av parkeringsplass {month}",
    },
    due_day=20,
    settlement="Avregning av fjernvarme",
    settled={"k06": 41_200, "k08": 37_650, "k09": 88_400, "k11": 52_900},
    title="FELLESKOSTNADER {month}",
    forgotten_title="FELLESKOSTNADER {month}",
    strays=(
        Stray(2, 231_500, "RANDI VIK", "LEIE FOR STUDENT"),
        Stray(8, 45_000, "EIRIK DAHL", "GARASJE"),
    ),
    wrong_reference=WrongReference(11, "k02", "k03", "Betalt med KID til en annen andel"),
    supplier_ref="vaktmester",
    supplier_agreement="LEV-2020-007",
    supplier_title="VAKTMESTERTJENESTER {month}",
    supplier_fee=1_875_000,
    opening_balance=24_310_200,
    metering=Metering(
        homes={
            "fjellsiden": ("cold_water", "electricity"),
            "vagen": ("cold_water", "hot_water", "heat"),
        },
        places={
            "cold_water": "bad",
            "hot_water": "bad",
            "heat": "fordelerskap",
            "gas": "kjøkken",
            "electricity": "sikringsskap",
        },
        basement="kjeller, vanninntak",
        replaced=("vagen-h0102", "heat"),
        estimated=("vagen-h0202", "hot_water"),
        rolled_over="fjellsiden-h0201",
        leaking="fjellsiden-h0102",
        unread=("fjellsiden-h0101", "electricity"),
        burst="vagen",
        electric_heating=True,
        window=(25, 5),
    ),
)
