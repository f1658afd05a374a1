# ruff: noqa: E501, RUF001 - tables, and texts in the country's own language
"""Ukraine: a manager in Lviv with two associations of co-owners (ОСББ)."""

from datetime import date

from infra.demo.check_digits import ukrainian_iban
from infra.demo.country import Agreement, Country, Stray, WrongReference
from infra.demo.meter_model import Metering
from infra.demo.rows import Rows
from shared.ids import derived_id
from shared.organisations import BankAccount, OrganisationProfile, PasswordRules, Theme

_rows = Rows("UA", "uk")
_OFFICE = "вул. Зелена, 21 | 79005 | Львів"
_KALYNA = _rows.community("kalyna", "ОСББ «Калина»", "вул. Наукова, 18 | 79060 | Львів")
_SADOVA = _rows.community("sadova", "ОСББ «Садова, 5»", "вул. Садова, 5 | 79054 | Львів")
_UNITS = (
    *_rows.units(
        _KALYNA, "Наукова, 18", "кв. {}", "вул. Наукова, 18, кв. {}",
        [("1", "45.60", "добрий"), ("2", "62.30", "після ремонту"), ("3", "45.60", "добрий"), ("4", "78.10", "добрий"),
         ("5", "45.60", "потребує ремонту"), ("6", "62.30", "добрий")],
    ),
    *_rows.units(
        _SADOVA, "Садова, 5", "кв. {}", "вул. Садова, 5, кв. {}",
        [("1", "51.40", "добрий"), ("2", "51.40", "добрий"), ("3", "68.90", "після ремонту"), ("4", "36.20", "добрий"),
         ("5", "68.90", "добрий"), ("6", "36.20", "добрий")],
    ),
    *_rows.units(_SADOVA, "Садова, 5 – підвал", "комора {}", "вул. Садова, 5, комора {}", [("K2", "7.40", "добрий")]),
)  # fmt: skip
_HOMES = {unit.ref: unit.address for unit in _UNITS}
_PEOPLE = (
    *(
        _rows.person(ref, name, mailbox, phone, _HOMES[home])
        for ref, name, mailbox, phone, home in (
            ("kovalenko", "Оксана|Коваленко", "tenant", "+380670100201", "kalyna-1"),
            ("shevchuk", "Андрій|Шевчук", "andrii.shevchuk", "+380670100202", "kalyna-2"),
            ("bondar", "Ірина|Бондар", "iryna.bondar", "+380670100203", "kalyna-3"),
            ("melnyk", "Тарас|Мельник", "taras.melnyk", "+380670100204", "kalyna-4"),
            ("tkachenko", "Наталія|Ткаченко", "nataliia.tkachenko", "+380670100205", "sadova-6"),
            ("kravets", "Богдан|Кравець", "bohdan.kravets", "+380670100206", "kalyna-5"),
            ("lysenko", "Софія|Лисенко", "sofiia.lysenko", "+380670100207", "kalyna-6"),
            ("hrytsenko", "Василь|Гриценко", "vasyl.hrytsenko", "+380670100208", "sadova-1"),
            ("polishchuk", "Людмила|Поліщук", "liudmyla.polishchuk", "+380670100209", "sadova-2"),
            ("savchenko", "Юрій|Савченко", "yurii.savchenko", "+380670100210", "sadova-3"),
            ("romaniuk", "Галина|Романюк", "halyna.romaniuk", "+380670100211", "sadova-4"),
            ("oliinyk", "Дмитро|Олійник", "dmytro.oliinyk", "+380670100212", "sadova-5"),
            ("oliinykm", "Марія|Олійник", "mariia.oliinyk", "+380670100213", "sadova-5"),
            ("danyliuk", "Степан|Данилюк", "stepan.danyliuk", "+380670100214", "sadova-6"),
        )
    ),
    _rows.firm("teplo", "ТОВ «Галич-Ліфт»", "Роман|Гнатюк", "+380322450101", "вул. Промислова, 50 | 79024 | Львів"),
    _rows.employee("Олена|Марчук", "staff", "+380322450102", _OFFICE),
    _rows.employee("Ігор|Стецько", "admin", "+380322450103", _OFFICE),
)
_LET = {"rent": 1_150_000, "water": 31_200, "heating": 148_000, "waste": 9_600}
_OWNED = {"common_costs": 48_000, "water": 34_700, "heating": 162_000, "waste": 9_600}
_SHORT = {"common_costs": 33_500, "water": 22_100, "heating": 96_000, "waste": 4_800}
_AGREEMENTS = (
    Agreement("k01", "OR/2020/101", "lease", "kalyna-1", ("kovalenko",), date(2020, 9, 1), "part_payer", _LET, 16_065_600),
    Agreement("k02", "OR/2008/102", "ownership", "kalyna-2", ("shevchuk",), date(2008, 4, 18), "punctual", _OWNED, 315_000_000),
    Agreement("k03", "OR/2011/103", "ownership", "kalyna-3", ("bondar",), date(2011, 12, 5), "late", _OWNED, 228_000_000),
    Agreement("k04", "OR/2014/104", "ownership", "kalyna-4", ("melnyk",), date(2014, 6, 30), "standing_order", _OWNED, 390_000_000),
    Agreement("k05", "OR/2023/105", "lease", "kalyna-5", ("tkachenko",), date(2023, 2, 1), "left_in_debt", _LET, 16_065_600, ends=8),
    Agreement("k06", "OR/2026/105", "lease", "kalyna-5", ("kravets",), 9, "punctual", _LET, 16_700_000),
    Agreement("k07", "OR/2009/106", "ownership", "kalyna-6", ("lysenko",), date(2009, 3, 11), "stopped", _OWNED, 311_000_000),
    Agreement("k08", "OR/2010/201", "ownership", "sadova-1", ("hrytsenko",), date(2010, 8, 24), "punctual", _OWNED, 257_000_000),
    Agreement("k09", "OR/2010/202", "ownership", "sadova-2", ("polishchuk",), date(2010, 8, 26), "quarterly", _OWNED, 257_000_000),
    Agreement("k10", "OR/2017/203", "ownership", "sadova-3", ("savchenko",), date(2017, 10, 2), "paid_twice", _OWNED, 344_000_000),
    Agreement("k11", "OR/2013/204", "ownership", "sadova-4", ("romaniuk",), date(2013, 5, 17), "punctual", _SHORT, 181_000_000, forgets_reference=True),
    Agreement("k12", "OR/2012/205", "ownership", "sadova-5", ("oliinyk", "oliinykm"), date(2012, 1, 20), "some_open", _OWNED, 344_000_000),
    Agreement("k13", "OR/2018/206", "ownership", "sadova-6", ("danyliuk",), date(2018, 7, 9), "late", _SHORT, 181_000_000),
    Agreement("k14", "OR/2021/207", "lease", "sadova-k2", ("hrytsenko",), date(2021, 11, 1), "last_open", {"rent": 240_000}, 2_880_000),
)  # fmt: skip

UKRAINE = Country(
    profile=OrganisationProfile(
        organisation_id=derived_id("org", "demo-ua"),
        slug="demo-ua",
        name="ТОВ «Львівський Дім»",
        country="UA",
        currency="UAH",
        locale="uk",
        time_zone="Europe/Kyiv",
        theme=Theme(
            accent="#1d4f91",
            header_address=["вул. Зелена, 21", "79005 Львів"],
            email="office.ua@demo.example",
            phone="+380322450100",
        ),
        password_rules=PasswordRules(least_length=10, digit=True, capital=True, small_letter=True),
        bank_accounts=[BankAccount(account=ukrainian_iban("305299", 26_007_012_345_678), currency="UAH")],
    ),
    landlord="ТОВ «Львівський Дім»",
    communities=(_KALYNA, _SADOVA),
    units=_UNITS,
    people=_PEOPLE,
    agreements=_AGREEMENTS,
    board={"hrytsenko": "sadova"},
    descriptions={
        "rent": "Орендна плата за {month}",
        "common_costs": "Утримання будинку і прибудинкової території за {month}",
        "water": "Водопостачання та водовідведення за {month}",
        "heating": "Опалення за {month}",
        "waste": "Вивезення побутових відходів за {month}",
    },
    due_day=20,
    settlement="Перерахунок за опалення за сезон",
    settled={"k01": 41_830, "k03": 52_600, "k06": 28_900, "k12": 61_450},
    title="Сплата за житлово-комунальні послуги за {month}, договір {number}",
    forgotten_title="Комунальні послуги за {month}",
    strays=(
        Stray(4, 250_000, "Петренко Ольга Іванівна", "За квартиру, від мами"),
        Stray(11, 73_500, "ФОП Гаврилюк С. П.", "Повернення коштів згідно рахунку 77"),
    ),
    wrong_reference=WrongReference(12, "k02", "k03", "Платник указав номер чужого договору"),
    supplier_ref="teplo",
    supplier_agreement="DP/2019/014",
    supplier_title="Оплата за технічне обслуговування ліфтів за {month}",
    supplier_fee=960_000,
    opening_balance=8_432_750,
    metering=Metering(
        homes={
            "kalyna": ("cold_water", "gas", "electricity"),
            "sadova": ("cold_water", "hot_water", "heat"),
        },
        places={
            "cold_water": "ванна кімната",
            "hot_water": "ванна кімната",
            "heat": "коридор",
            "gas": "кухня",
            "electricity": "щиток на площадці",
        },
        basement="підвал, вводний вузол",
        replaced=("sadova-1", "hot_water"),
        estimated=("kalyna-4", "gas"),
        rolled_over="kalyna-6",
        leaking="sadova-3",
        unread=("kalyna-1", "gas"),
        burst="sadova",
        two_rates="kalyna-1",
    ),
)
