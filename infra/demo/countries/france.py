# ruff: noqa: E501, RUF001 - tables, and texts in the country's own language
"""France: a manager in Lyon with a let building and a copropriété."""

from datetime import date

from infra.demo.check_digits import french_iban
from infra.demo.country import Agreement, Country, Stray, WrongReference
from infra.demo.meter_model import Metering
from infra.demo.rows import Rows
from shared.ids import derived_id
from shared.organisations import BankAccount, OrganisationProfile, PasswordRules, Theme

_rows = Rows("FR", "fr")
_OFFICE = "14 rue de la Charité | 69002 | Lyon"
_TILLEULS = _rows.community("tilleuls", "Résidence Les Tilleuls", "27 rue Garibaldi | 69006 | Lyon")
_CANUTS = _rows.community("canuts", "Copropriété Le Clos des Canuts", "9 rue du Mail | 69004 | Lyon")
_UNITS = (
    *_rows.units(
        _TILLEULS, "27 rue Garibaldi", "Appt {}", "27 rue Garibaldi, appt {}",
        [("11", "42.50", "bon"), ("12", "58.00", "bon"), ("21", "42.50", "rénové"), ("22", "58.00", "bon"),
         ("31", "67.20", "bon"), ("32", "31.40", "à rafraîchir")],
    ),
    *_rows.units(_TILLEULS, "27 rue Garibaldi – sous-sol", "Parking {}", "27 rue Garibaldi, parking {}", [("P4", "12.00", "bon")]),
    *_rows.units(
        _CANUTS, "9 rue du Mail", "Lot {}", "9 rue du Mail, lot {}",
        [("1", "74.10", "bon"), ("2", "49.60", "bon"), ("3", "88.30", "rénové"), ("4", "49.60", "bon"), ("5", "63.00", "bon")],
    ),
)  # fmt: skip
_HOMES = {unit.ref: unit.address for unit in _UNITS}
_PEOPLE = (
    *(
        _rows.person(ref, name, mailbox, phone, _HOMES[home])
        for ref, name, mailbox, phone, home in (
            ("martin", "Camille|Martin", "tenant", "+33639980201", "tilleuls-12"),
            ("bernard", "Julien|Bernard", "julien.bernard", "+33639980202", "tilleuls-11"),
            ("petit", "Élodie|Petit", "elodie.petit", "+33639980203", "tilleuls-21"),
            ("durand", "Nicolas|Durand", "nicolas.durand", "+33639980204", "tilleuls-22"),
            ("leroy", "Manon|Leroy", "manon.leroy", "+33639980205", "canuts-5"),
            ("moreau", "Hugo|Moreau", "hugo.moreau", "+33639980206", "tilleuls-31"),
            ("simon", "Inès|Simon", "ines.simon", "+33639980207", "tilleuls-32"),
            ("laurent", "François|Laurent", "francois.laurent", "+33639980208", "canuts-1"),
            ("lefebvre", "Chloé|Lefebvre", "chloe.lefebvre", "+33639980209", "canuts-2"),
            ("roux", "Gérard|Roux", "gerard.roux", "+33639980210", "canuts-3"),
            ("fournier", "Sylvie|Fournier", "sylvie.fournier", "+33639980211", "canuts-4"),
            ("girard", "Antoine|Girard", "antoine.girard", "+33639980212", "canuts-5"),
            ("girardl", "Lucie|Girard", "lucie.girard", "+33639980213", "canuts-5"),
            ("mercier", "Noémie|Mercier", "noemie.mercier", "+33639980214", "canuts-3"),
        )
    ),
    _rows.firm(
        "rhone",
        "Ascenseurs du Rhône SARL",
        "Thierry|Faure",
        "+33199000101",
        "5 rue de l'Industrie | 69200 | Vénissieux",
    ),
    _rows.employee("Claire|Dubois", "staff", "+33199000102", _OFFICE),
    _rows.employee("Olivier|Blanc", "admin", "+33199000103", _OFFICE),
)
_SMALL = {"rent": 61_500, "service_charge": 7_800}
_LARGE = {"rent": 82_000, "service_charge": 11_500}
_OWNED = {"service_charge": 14_260, "repair_fund": 2_100}
_AGREEMENTS = (
    Agreement("k01", "BAIL-2022-012", "lease", "tilleuls-12", ("martin",), date(2022, 10, 1), "some_open", _LARGE, 1_122_000),
    Agreement("k02", "BAIL-2019-011", "lease", "tilleuls-11", ("bernard",), date(2019, 7, 1), "late", _SMALL, 831_600),
    Agreement("k03", "BAIL-2020-021", "lease", "tilleuls-21", ("petit",), date(2020, 2, 1), "part_payer", _SMALL, 831_600),
    Agreement("k04", "BAIL-2017-022", "lease", "tilleuls-22", ("durand",), date(2017, 9, 1), "punctual", _LARGE, 1_122_000),
    Agreement("k05", "BAIL-2023-031", "lease", "tilleuls-31", ("leroy",), date(2023, 6, 1), "left_in_debt", _LARGE, 1_122_000, ends=10),
    Agreement("k06", "BAIL-2026-031", "lease", "tilleuls-31", ("moreau",), 11, "punctual", _LARGE, 1_158_000),
    Agreement("k07", "BAIL-2021-032", "lease", "tilleuls-32", ("simon",), date(2021, 9, 1), "stopped", _SMALL, 831_600),
    Agreement("k08", "LOT-2008-001", "ownership", "canuts-1", ("laurent",), date(2008, 3, 28), "punctual", _OWNED, 29_800_000),
    Agreement("k09", "LOT-2013-002", "ownership", "canuts-2", ("lefebvre",), date(2013, 12, 12), "quarterly", _OWNED, 21_500_000),
    Agreement("k10", "LOT-2010-003", "ownership", "canuts-3", ("roux", "mercier"), date(2010, 4, 6), "standing_order", _OWNED, 36_400_000),
    Agreement("k11", "LOT-2015-004", "ownership", "canuts-4", ("fournier",), date(2015, 1, 19), "paid_twice", _OWNED, 21_500_000),
    Agreement("k12", "LOT-2016-005", "ownership", "canuts-5", ("girard", "girardl"), date(2016, 11, 3), "punctual", _OWNED, 27_000_000, forgets_reference=True),
    Agreement("k13", "PARK-2022-004", "lease", "tilleuls-p4", ("martin",), date(2022, 10, 1), "punctual", {"parking": 8_500}, 102_000),
)  # fmt: skip

FRANCE = Country(
    profile=OrganisationProfile(
        organisation_id=derived_id("org", "demo-fr"),
        slug="demo-fr",
        name="Régie des Terreaux SAS",
        country="FR",
        currency="EUR",
        locale="fr",
        time_zone="Europe/Paris",
        theme=Theme(
            accent="#6a3d9a",
            header_address=["14 rue de la Charité", "69002 Lyon"],
            email="contact.fr@demo.example",
            phone="+33199000100",
        ),
        password_rules=PasswordRules(least_length=12, digit=True, symbol=True, capital=True, small_letter=True),
        bank_accounts=[BankAccount(account=french_iban("30003", "02250", 37_261_845), currency="EUR")],
    ),
    landlord="Régie des Terreaux SAS",
    communities=(_TILLEULS, _CANUTS),
    units=_UNITS,
    people=_PEOPLE,
    agreements=_AGREEMENTS,
    board={"laurent": "canuts"},
    descriptions={
        "rent": "Loyer {month}",
        "service_charge": "Provision pour charges {month}",
        "repair_fund": "Fonds de travaux {month}",
        "parking": "Loyer du parking {month}",
    },
    due_day=5,
    settlement="Régularisation annuelle des charges",
    settled={"k01": 11_870, "k02": 6_420, "k06": 9_350, "k08": 23_140},
    title="LOYER ET CHARGES {month}",
    forgotten_title="VIREMENT CHARGES {month}",
    strays=(
        Stray(3, 30_000, "MME PAULE GARNIER", "PARTICIPATION LOYER PETITE FILLE"),
        Stray(10, 15_480, "SARL PLOMBERIE COSTA", "REMBOURSEMENT TROP PERCU"),
    ),
    wrong_reference=WrongReference(14, "k04", "k03", "Virement reçu sous la référence d'un autre bail"),
    supplier_ref="rhone",
    supplier_agreement="FOUR-2018-003",
    supplier_title="ENTRETIEN ASCENSEUR {month}",
    supplier_fee=42_000,
    opening_balance=1_806_455,
    metering=Metering(
        homes={
            "tilleuls": ("cold_water", "hot_water", "heat_cost_allocator", "electricity"),
            "canuts": ("cold_water", "gas", "electricity"),
        },
        places={
            "cold_water": "salle de bains",
            "hot_water": "salle de bains",
            "heat": "gaine palière",
            "gas": "cuisine",
            "electricity": "entrée",
            "heat_cost_allocator": "séjour",
        },
        basement="sous-sol, arrivée d’eau",
        replaced=("tilleuls-22", "hot_water"),
        estimated=("canuts-2", "gas"),
        rolled_over="canuts-4",
        leaking="tilleuls-11",
        unread=("tilleuls-12", "hot_water"),
        burst="canuts",
        two_rates="tilleuls-12",
    ),
)
