# ruff: noqa: E501, RUF001 - tables, and texts in the country's own language
"""Poland: a manager in Kraków with a rented house and a housing community."""

from datetime import date

from infra.demo.country import Agreement, Country, Stray, WrongReference
from infra.demo.meter_model import Metering
from infra.demo.rows import Rows
from shared.ids import derived_id
from shared.organisations import BankAccount, OrganisationProfile, PasswordRules, Theme

_rows = Rows("PL", "pl")
_OFFICE = "ul. Krótka 7 | 30-702 | Kraków"
_LIPOWA = _rows.community("lipowa", "Dom Lipowa 12", "ul. Lipowa 12 | 30-702 | Kraków")
_SLONECZNE = _rows.community("sloneczne", "Wspólnota Mieszkaniowa os. Słoneczne 4", "os. Słoneczne 4 | 31-958 | Kraków")
_UNITS = (
    *_rows.units(
        _LIPOWA, "Lipowa 12", "m. {}", "ul. Lipowa 12/{}",
        [("1", "38.40", "po remoncie"), ("2", "52.10", "dobry"), ("3", "47.80", "dobry"), ("4", "61.30", "dobry"),
         ("5", "38.40", "do odświeżenia"), ("6", "52.10", "dobry")],
    ),
    *_rows.units(
        _SLONECZNE, "Słoneczne 4", "m. {}", "os. Słoneczne 4/{}",
        [("1", "44.20", "dobry"), ("2", "63.70", "dobry"), ("3", "44.20", "dobry"), ("4", "63.70", "po remoncie"),
         ("5", "72.50", "dobry"), ("6", "44.20", "dobry")],
    ),
    *_rows.units(_SLONECZNE, "Słoneczne 4 – garaż", "garaż {}", "os. Słoneczne 4/{}", [("G1", "16.80", "dobry")]),
)  # fmt: skip
_HOMES = {unit.ref: unit.address for unit in _UNITS}
_PEOPLE = (
    *(
        _rows.person(ref, name, mailbox, phone, _HOMES[home])
        for ref, name, mailbox, phone, home in (
            ("nowak", "Anna|Nowak", "tenant", "+48600100201", "lipowa-2"),
            ("kaczmarek", "Tomasz|Kaczmarek", "tomasz.kaczmarek", "+48600100202", "lipowa-1"),
            ("mazur", "Katarzyna|Mazur", "katarzyna.mazur", "+48600100203", "lipowa-3"),
            ("wojcik", "Paweł|Wójcik", "pawel.wojcik", "+48600100204", "lipowa-4"),
            ("krawczyk", "Magdalena|Krawczyk", "magdalena.krawczyk", "+48600100205", "lipowa-5"),
            ("szymanski", "Grzegorz|Szymański", "grzegorz.szymanski", "+48600100206", "sloneczne-6"),
            ("dabrowska", "Zofia|Dąbrowska", "zofia.dabrowska", "+48600100207", "lipowa-6"),
            ("zielinski", "Piotr|Zieliński", "owner", "+48600100208", "sloneczne-1"),
            ("wisniewska", "Barbara|Wiśniewska", "barbara.wisniewska", "+48600100209", "sloneczne-2"),
            ("jankowski", "Andrzej|Jankowski", "andrzej.jankowski", "+48600100210", "sloneczne-3"),
            ("pawlak", "Joanna|Pawlak", "joanna.pawlak", "+48600100211", "sloneczne-4"),
            ("pawlakm", "Michał|Pawlak", "michal.pawlak", "+48600100212", "sloneczne-4"),
            ("gorski", "Stanisław|Górski", "stanislaw.gorski", "+48600100213", "sloneczne-5"),
            ("olszewska", "Halina|Olszewska", "halina.olszewska", "+48600100214", "sloneczne-6"),
        )
    ),
    _rows.firm(
        "beskid",
        "Serwis Dźwigów Beskid sp. z o.o.",
        "Robert|Sikora",
        "+48123450101",
        "ul. Składowa 3 | 30-740 | Kraków",
    ),
    _rows.employee("Ewa|Lis", "staff", "+48123450102", _OFFICE),
    _rows.employee("Marek|Wrona", "admin", "+48123450103", _OFFICE),
)
_SMALL = {"rent": 98_000, "water": 6_840, "heating": 14_200, "waste": 3_700}
_LARGE = {"rent": 145_000, "water": 9_120, "heating": 19_600, "waste": 7_400}
_OWNED = {"administration": 11_490, "repair_fund": 15_470, "heating": 16_350, "waste": 7_400}
_GARAGE = {"administration": 3_360, "repair_fund": 2_520}
_AGREEMENTS = (
    Agreement("k01", "L/2015/001", "lease", "lipowa-2", ("nowak",), date(2015, 3, 1), "some_open", _LARGE, 2_182_000),
    Agreement("k02", "L/2018/004", "lease", "lipowa-1", ("kaczmarek",), date(2018, 9, 1), "late", _SMALL, 1_473_000),
    Agreement("k03", "L/2019/002", "lease", "lipowa-3", ("mazur",), date(2019, 2, 1), "part_payer", _LARGE, 2_173_000),
    Agreement("k04", "L/2021/007", "lease", "lipowa-4", ("wojcik",), date(2021, 6, 1), "punctual", _LARGE, 2_182_000),
    Agreement("k05", "L/2023/003", "lease", "lipowa-5", ("szymanski",), date(2023, 4, 1), "left_in_debt", _SMALL, 1_473_000, ends=9),
    Agreement("k06", "L/2026/001", "lease", "lipowa-5", ("krawczyk",), 10, "punctual", _SMALL, 1_540_000),
    Agreement("k07", "L/2022/005", "lease", "lipowa-6", ("dabrowska",), date(2022, 11, 1), "stopped", _LARGE, 2_182_000),
    Agreement("k08", "W/2009/012", "ownership", "sloneczne-1", ("zielinski",), date(2009, 5, 14), "punctual", _OWNED, 41_500_000),
    Agreement("k09", "W/2009/013", "ownership", "sloneczne-2", ("wisniewska",), date(2009, 5, 20), "standing_order", _OWNED, 56_000_000, has_virtual_account=True),
    Agreement("k10", "W/2011/002", "ownership", "sloneczne-3", ("jankowski",), date(2011, 1, 31), "quarterly", _OWNED, 41_500_000, has_virtual_account=True),
    Agreement("k11", "W/2016/008", "ownership", "sloneczne-4", ("pawlak", "pawlakm"), date(2016, 8, 9), "paid_twice", _OWNED, 56_000_000, has_virtual_account=True),
    Agreement("k12", "W/2012/005", "ownership", "sloneczne-5", ("gorski",), date(2012, 3, 2), "punctual", _OWNED, 63_000_000, has_virtual_account=True, forgets_reference=True),
    Agreement("k13", "W/2010/021", "ownership", "sloneczne-6", ("olszewska",), date(2010, 10, 4), "late", _OWNED, 41_500_000),
    Agreement("k14", "G/2014/001", "ownership", "sloneczne-g1", ("zielinski",), date(2014, 7, 1), "last_open", _GARAGE, 4_800_000),
)  # fmt: skip

POLAND = Country(
    profile=OrganisationProfile(
        organisation_id=derived_id("org", "demo-pl"),
        slug="demo-pl",
        name="Lipowa Zarządzanie Nieruchomościami sp. z o.o.",
        country="PL",
        currency="PLN",
        locale="pl",
        time_zone="Europe/Warsaw",
        theme=Theme(
            accent="#1f6b4f",
            header_address=["ul. Krótka 7", "30-702 Kraków"],
            email="biuro.pl@demo.example",
            phone="+48123450100",
        ),
        password_rules=PasswordRules(least_length=12, digit=True, capital=True, small_letter=True),
        bank_accounts=[BankAccount(account="PL29114010810000267002001002", currency="PLN")],
    ),
    landlord="Lipowa Zarządzanie Nieruchomościami sp. z o.o.",
    communities=(_LIPOWA, _SLONECZNE),
    units=_UNITS,
    people=_PEOPLE,
    agreements=_AGREEMENTS,
    board={"zielinski": "sloneczne"},
    descriptions={
        "rent": "Czynsz najmu {month}",
        "water": "Woda i ścieki, zaliczka {month}",
        "heating": "Centralne ogrzewanie, zaliczka {month}",
        "waste": "Odpady komunalne {month}",
        "administration": "Koszty zarządu {month}",
        "repair_fund": "Fundusz remontowy {month}",
    },
    due_day=10,
    settlement="Rozliczenie centralnego ogrzewania za sezon",
    settled={"k01": 21_240, "k02": 8_715, "k04": 13_360, "k07": 19_050},
    title="CZYNSZ I OPŁATY {month} {number}",
    forgotten_title="OPŁATA ZA MIESZKANIE {month}",
    strays=(
        Stray(3, 45_000, "MARIA KOT", "CZYNSZ ZA CÓRKĘ"),
        Stray(9, 120_000, "BUD-REM S.C.", "FAKTURA 118 KOREKTA ZWROT"),
    ),
    wrong_reference=WrongReference(13, "k04", "k03", "Wpłata z identyfikatorem innego lokalu"),
    supplier_ref="beskid",
    supplier_agreement="D/2020/001",
    supplier_title="FAKTURA ZA KONSERWACJĘ DŹWIGU {month}",
    supplier_fee=86_100,
    opening_balance=1_254_318,
    metering=Metering(
        homes={
            "lipowa": ("cold_water", "gas", "electricity"),
            "sloneczne": ("cold_water", "hot_water", "heat_cost_allocator", "electricity"),
        },
        places={
            "cold_water": "łazienka",
            "hot_water": "łazienka",
            "heat": "szafka na klatce",
            "gas": "kuchnia",
            "electricity": "przedpokój",
            "heat_cost_allocator": "salon",
        },
        basement="piwnica, przyłącze",
        replaced=("sloneczne-3", "hot_water"),
        estimated=("lipowa-4", "gas"),
        rolled_over="sloneczne-5",
        leaking="lipowa-1",
        unread=("sloneczne-1", "hot_water"),
        burst="sloneczne",
        two_rates="sloneczne-1",
    ),
)
