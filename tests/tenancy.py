"""An organisation of a test's own in a running world: registered, with an administrator, contracts and their holders.

What a test does to it disturbs nobody else. All of it goes the way that a customer's data go: operator's functions, a portfolio
upload, enrolment, a ledger upload.
"""

import csv
import io
import secrets
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import httpx

from infra.build.jurisdictions import law
from shared.access import session_id
from shared.http.call import SESSION_COOKIE
from shared.organisations import OrganisationProfile
from tests.support import profile
from tests.world import PASSWORD, World

BANK_ACCOUNT = "PL61109010140000071219812874"
COLUMNS = {
    "communities.csv": "community_ref,name,street,postal_code,city,country",
    "units.csv": "unit_ref,community_ref,label,property,street,postal_code,city,floor_area_m2,state",
    "people.csv": "person_ref,first_name,last_name,company,email,phone,street,postal_code,city,country,locale",
    "contracts.csv": "contract_ref,number,type,unit_ref,community_ref,landlord,starts_on,ends_on,value,currency,adviser_ref,"
    "mass_payment_id,virtual_account,kid,rf_reference",
    "occupancies.csv": "person_ref,contract_ref,role,starts_on,ends_on",
    "mandates.csv": "person_ref,community_ref,role,starts_on,ends_on",
}
CHARGE_COLUMNS = "charge_ref,contract_number,date,due_date,type,purpose,amount,description"


@dataclass
class Tenancy:
    """One organisation with `size` leases; contract number n has the mass-payment id `mass_payment_id(n)`."""

    world: World
    size: int
    organisation_id: str = field(default_factory=lambda: f"org_{secrets.token_hex(8)}")
    taken: int = 0
    ended: dict[int, str] = field(default_factory=dict)
    """Last days of contracts that have ended."""
    currencies: dict[int, str] = field(default_factory=dict)
    """Of contracts that are kept in another currency than PLN."""
    time_zone: str = "Europe/Warsaw"
    mandates: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def mark(self) -> str:
        return self.organisation_id.removeprefix("org_")

    @property
    def profile(self) -> OrganisationProfile:
        account = {"account": BANK_ACCOUNT, "currency": "PLN"}
        policies = {name: law("PL")[name] for name in ("allocation_policy", "estimation_policies")}
        named = {"slug": f"t-{self.mark}", "time_zone": self.time_zone}
        return profile(self.organisation_id, bank_accounts=[account], **named, **policies)

    @property
    def administrator(self) -> str:
        return f"admin@{self.mark}.example"

    @property
    def clerk(self) -> str:
        """E-mail address of somebody of the staff who is in the register."""
        return f"staff@{self.mark}.example"

    def holder(self, number: int) -> str:
        """E-mail address of the tenant of a contract."""
        return f"holder{number}@{self.mark}.example"

    def phone(self, number: int) -> str:
        """Telephone number of the tenant of a contract: nobody else's in the world."""
        return f"+4860{(int(self.mark, 16) + number) % 10**7:07}"

    def mass_payment_id(self, number: int) -> str:
        return f"{self.mark[:4].upper()}{number:010d}"

    def contract_number(self, number: int) -> str:
        return f"L/{number:05d}/{self.mark[:4].upper()}"

    @cached_property
    def staff(self) -> httpx.Client:
        return self.world.client(self.administrator)

    @cached_property
    def contracts(self) -> dict[str, str]:
        """Contract ids by contract number."""
        return {item["number"]: item["contract_id"] for item in pages(self.staff, "/contracts")}

    @cached_property
    def news_id(self) -> str:
        """Of news to everybody, who are told one after another."""
        words = {"pl": {"title": "Nowe godziny otwarcia", "text": "Od 1 grudnia w czwartki do 18."}}
        sent = self.staff.post("/news", json={"words": words, "community_ids": None})
        assert sent.status_code == 201, sent.text
        return str(sent.json()["news_id"])

    def wait_for_news(self, reader: httpx.Client) -> str:
        """The id of the news, once this reader was told it."""
        self.world.wait_until(lambda: reader.get(f"/news/{self.news_id}").status_code == 200, 60)
        return self.news_id

    def take(self) -> int:
        """The number of a contract that no test has had."""
        assert self.taken < self.size, "found a larger tenancy"
        self.taken += 1
        return self.taken - 1

    def contract_id(self, number: int) -> str:
        return self.contracts[self.contract_number(number)]

    def found(self) -> "Tenancy":
        """Make the organisation and its portfolio, and wait until all of it has arrived everywhere."""
        deployment = self.world.deployment
        deployment.invoke("RegistryOperatorFunction", self.profile.model_dump(mode="json"))
        administrator = {"email": self.administrator, "first_name": "Adam", "last_name": "Wiśniewski", "locale": "pl"}
        deployment.invoke("AuthOperatorFunction", {"organisation_id": self.organisation_id, **administrator})
        self.set_password(self.administrator)
        # The profile reaches the access table through the bus; without it nobody can sign in.
        self.world.wait_until(self._signs_in, 60)
        self.import_portfolio()
        return self

    def import_portfolio(self) -> None:
        upload = self.world.upload(self.staff, "portfolio", "portfolio.zip", self.portfolio(), "application/zip")
        done = self.finished("/imports", self.staff.post("/imports", json={"upload": upload}))
        assert done["state"] == "done", done
        self.world.wait_until(lambda: self.count("STATEMENTS", "ACCOUNT") == self.size, 120)
        for context in ("PAYMENTS", "TICKETS"):
            self.world.wait_until(lambda named=context: self.count(named, "CONTRACT") == self.size, 120)
        self.world.wait_until(self._meters_know_all, 120)

    def _meters_know_all(self) -> bool:
        """Whether meters have heard of every unit and every contract."""
        kinds = [item["sk"].split("#")[0] for item in self.items("METERS")]
        return (kinds.count("UNIT"), kinds.count("CONTRACT")) == (self.size, self.size)

    def post_charges(self, amount: str, day: date, *, contracts: int | None = None) -> None:
        """One charge on each contract, by a ledger upload."""
        rows = [
            (f"c{n}", self.contract_number(n), day, day, "bank", "rent", amount, "Czynsz")
            for n in range(contracts or self.size)
        ]
        upload = self.world.upload(self.staff, "ledger", "charges.csv", _csv(CHARGE_COLUMNS, rows), "text/csv")
        done = self.finished("/ledger-imports", self.staff.post("/ledger-imports", json={"upload": upload}))
        assert (done["state"], done["created"]) == ("done", len(rows)), done

    def enrol(self, number: int) -> httpx.Client:
        """The tenant of a contract, signed in."""
        person_id = self.people[self.holder(number)]
        row = {
            "person_id": person_id,
            "email": self.holder(number),
            "first_name": "Ewa",
            "last_name": f"Nowak{number}",
            "locale": "pl",
        }
        answer = self.staff.post("/auth/enrolments", json={"people": [row]})
        assert answer.status_code == 201, answer.text
        self.set_password(self.holder(number))
        return self.world.client(self.holder(number))

    def sessions(self, numbers: Sequence[int]) -> list[httpx.Client]:
        """The tenants of these contracts with sessions as sign-in leaves them: many people at once, without asking Cognito for each."""
        self.world.wait_until(lambda: len(set(self._granted()) & set(numbers)) == len(numbers), 60)
        now, clients = int(time.time()), []
        table = self.world.deployment.resources["Data.AccessTable"]
        for number in numbers:
            token = secrets.token_urlsafe(32)
            texts = {
                "pk": f"SESSION#{session_id(token)}",
                "sk": "SESSION",
                "person_id": self.people[self.holder(number)],
                "organisation_id": self.organisation_id,
            }
            times = {"created": now, "expires": now + 1800, "ends": now + 43200}
            item = {
                **{name: {"S": text} for name, text in texts.items()},
                **{n: {"N": str(at)} for n, at in times.items()},
            }
            self.world.deployment.client("dynamodb").put_item(TableName=table, Item=item)
            client = self.world.client()
            client.headers["Cookie"] = f"{SESSION_COOKIE}={token}"
            clients.append(client)
        return clients

    @cached_property
    def people(self) -> dict[str, str]:
        """Person ids by e-mail address."""
        return {each["email"]: each["person_id"] for each in pages(self.staff, "/people")}

    def _granted(self) -> Iterator[int]:
        """Numbers of the contracts whose tenants have been granted access."""
        numbers = {self.contract_id(number): number for number in range(self.size)}
        for item in self.items("ACCESS"):
            if item["sk"].startswith("GRANT#tenant#contract#"):
                yield numbers[item["scope_id"]]

    def set_password(self, email: str) -> None:
        pool = self.world.deployment.outputs["UserPool"]
        cognito = self.world.deployment.client("cognito-idp")
        cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)

    def finished(self, path: str, answer: httpx.Response, seconds: float = 120) -> dict[str, Any]:
        """The import that an answer has accepted, when it has come to its end."""
        assert answer.status_code == 202, answer.text
        import_id = answer.json()["import_id"]

        def ended() -> dict[str, Any] | None:
            found = self.staff.get(f"{path}/{import_id}")
            assert found.status_code == 200, found.text
            shown: dict[str, Any] = found.json()
            return shown if shown["state"] in {"done", "failed"} else None

        return dict(self.world.wait_until(ended, seconds))

    def count(self, context: str, sk: str) -> int:
        """How many items of this organisation a context's table has under a sort key."""
        return sum(1 for item in self.items(context) if item["sk"] == sk)

    def items(self, context: str) -> Iterator[dict[str, Any]]:
        """Everything of this organisation in a context's table, as an operator would look at it in an emergency."""
        resource = self.world.deployment.client("dynamodb")
        table = self.world.deployment.resources[f"Data.{context.title()}Table"]
        for page in resource.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                if item["pk"]["S"].startswith(f"ORG#{self.organisation_id}#"):
                    yield {name: plain(value) for name, value in item.items()}

    def portfolio(self) -> bytes:
        """The ZIP of a portfolio: one house, and for each contract a flat and its holder."""
        numbers = range(self.size)
        people = [("staff", "Piotr", "Zieliński", "", self.clerk, "", "", "", "", "PL", "pl")]
        people += [
            (f"p{n}", "Ewa", f"Nowak{n}", "", self.holder(n), self.phone(n), "", "", "", "PL", "pl") for n in numbers
        ]
        rows: dict[str, list[tuple[object, ...]]] = {
            "communities.csv": [("house", "Wspólnota Lipowa 12", "Lipowa 12", "00-001", "Warszawa", "PL")],
            "units.csv": [
                (f"u{n}", "house", f"m. {n}", "A", f"Lipowa 12 m. {n}", "00-001", "Warszawa", "48.50", "let") for n in numbers
            ],
            "people.csv": list(people),
            "contracts.csv": [
                (f"c{n}", self.contract_number(n), "lease", f"u{n}", "house", "Lipowa Sp. z o.o.", "2020-01-01", self.ended.get(n, ""), "1500.00",
                 self.currencies.get(n, "PLN"), "staff", self.mass_payment_id(n), "", "", "")
                for n in numbers
            ],
            "occupancies.csv": [(f"p{n}", f"c{n}", "tenant", "2020-01-01", self.ended.get(n, "")) for n in numbers],
            "mandates.csv": list(self.mandates),
        }  # fmt: skip
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name, header in COLUMNS.items():
                archive.writestr(name, _csv(header, rows[name]))
        return target.getvalue()

    def _signs_in(self) -> bool:
        with httpx.Client(
            base_url=f"{self.world.url}/api", headers={"X-Requested-With": "lokum"}, trust_env=False
        ) as client:
            body = {"email": self.administrator, "password": PASSWORD}
            return client.post("/auth/sign-in", json=body, timeout=60).status_code == 200


def pages(client: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    """All items of a list, page by page."""
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(path, params={"cursor": cursor} if cursor else None)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield from page["items"]
        cursor = page["next_cursor"]


def plain(value: dict[str, Any]) -> Any:
    """A value of DynamoDB's JSON; what the tests do not look into stays as it is."""
    ((kind, content),) = value.items()
    return int(content) if kind == "N" else content


def _csv(header: str, rows: list[tuple[object, ...]] | list[Any]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue().encode()
