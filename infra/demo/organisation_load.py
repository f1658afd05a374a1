"""One organisation's way into the system: as an operator, as its administrator, as its staff.

Every step finds out by itself what is there already, so an interrupted load is simply begun again.
"""

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from infra.build.deployment import Deployment
from infra.demo.client import ApiError, Client, Found, WaitError, wait_for
from infra.demo.desk_load import DeskLoad, demo_tenant
from infra.demo.meters_load import MetersLoad
from infra.demo.model import Organisation, Person, Rebooking, StatementFile
from infra.demo.portfolio import ledger_zip, portfolio_zip
from infra.demo.table import PASSWORD
from shared.ids import derived_id

Progress = Callable[[str], None]
SECONDS: Final = 300.0
"""How long any one thing may take."""
REGISTER: Final = "RegistryOperatorFunction"
APPOINT: Final = "AuthOperatorFunction"
USER_POOL: Final = "UserPool"
_ENROLMENT: Final = 12
_NOT_FOUND: Final = 404


class LoadError(RuntimeError):
    """The demo world could not be loaded; the message says which step of which organisation, and why."""


class OrganisationLoad:
    """One organisation's load: `prepare` up to its open accounts, `fill` with everything that moves on them."""

    def __init__(
        self,
        api_url: str,
        deployment: Deployment,
        organisation: Organisation,
        progress: Progress,
        stopping: threading.Event,
    ) -> None:
        self.deployment, self.organisation, self.stopping = deployment, organisation, stopping
        self.profile = organisation.profile
        self.api_url, self.api = api_url, Client(api_url)
        self._progress = progress
        self._contract_ids: dict[str, str] = {}

    def prepare(self) -> None:
        """Organisation, portfolio, sign-ins, accounts. Raises LoadError."""
        self._run(
            ("organisation and administrator", self._register),
            ("portfolio", self._import_portfolio),
            ("sign-ins", self._enrol),
            ("accounts", self._open_accounts),
        )

    def fill(self) -> None:
        """Charges, bank statements, a rebooking, tickets, meters with their readings. Raises LoadError."""
        self._run(
            ("charges", self._import_ledger),
            ("bank statements", self._import_statements),
            ("rebooking", self._rebook),
            ("tickets", self._fill_desk),
            ("meters", self._fill_meters),
            ("balances", self._compare_balances),
        )

    def _run(self, *steps: tuple[str, Callable[[], str]]) -> None:
        for name, step in steps:
            if self.stopping.is_set():
                return
            try:
                self._progress(f"{self.profile.country} {name}: {step()}")
            except Exception as error:
                raise LoadError(f"demo world of {self.profile.slug}, {name}: {error}") from error

    def _wait_for(self, what: str, look: Callable[[], Found | None]) -> Found:
        return wait_for(what, look, SECONDS, self.stopping)

    # --- as the operator

    def _register(self) -> str:
        self.deployment.invoke(REGISTER, self.profile.model_dump(mode="json"))
        self._wait_for("the organisation's profile", self._public_profile)
        admin = self.organisation.administrator
        self.deployment.invoke(
            APPOINT,
            {
                "organisation_id": self.profile.organisation_id,
                "person_id": derived_id("per", self.profile.organisation_id, admin.ref),
                "email": admin.email,
                "first_name": admin.first_name,
                "last_name": admin.last_name,
                "locale": admin.locale,
            },
        )
        self._set_passwords([admin.email])
        self.api.sign_in(admin.email, PASSWORD)
        return self.profile.name

    def _public_profile(self) -> Any:
        try:
            return self.api.get(f"/organisations/{self.profile.slug}")
        except ApiError as error:
            if error.status == _NOT_FOUND:
                return None
            raise

    def _set_passwords(self, emails: Iterable[str]) -> None:
        pool, cognito = self.deployment.outputs[USER_POOL], self.deployment.client("cognito-idp")
        for email in emails:
            cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)

    # --- as the administrator

    def _import_portfolio(self) -> str:
        key = self.api.upload(f"{self.profile.slug}.zip", portfolio_zip(self.organisation), "portfolio")
        done = self._follow("/imports", key)
        return f"{done['rows']} rows"

    def _enrol(self) -> str:
        people = {person.email: person for person in self.organisation.people}
        ids = {item["email"]: item["person_id"] for item in self.api.pages("/people") if item["email"] in people}
        if missing := people.keys() - ids.keys():
            raise LoadError(f"not in the register: {', '.join(sorted(missing))}")
        wanted = [_enrolment(person, ids[email]) for email, person in people.items()]
        for start in range(0, len(wanted), _ENROLMENT):
            answer = self.api.post("/auth/enrolments", {"people": wanted[start : start + _ENROLMENT]})
            if refused := [item for item in answer["items"] if item["state"] in ("email_taken", "forbidden")]:
                raise LoadError(f"not enrolled: {refused}")
        self._set_passwords(people)
        self.api.sign_in(self.organisation.staff.email, PASSWORD)
        return f"{len(people)} people"

    # --- as staff

    def _open_accounts(self) -> str:
        """Wait until the ledger has an account for each contract."""
        found = {item["number"]: item["contract_id"] for item in self.api.pages("/contracts")}
        self._contract_ids = {contract.number: found[contract.number] for contract in self.organisation.contracts}
        self._wait_for("an account for each contract", self._all_open)
        return f"{len(self._contract_ids)} open"

    def _all_open(self) -> bool | None:
        try:
            for contract_id in self._contract_ids.values():
                self.api.get(f"/accounts/{contract_id}")
        except ApiError as error:
            if error.status == _NOT_FOUND:
                return None
            raise
        return True

    def _import_ledger(self) -> str:
        key = self.api.upload(f"{self.profile.slug}-charges.zip", ledger_zip(self.organisation), "ledger")
        done = self._follow("/ledger-imports", key)
        return f"{done['rows']} charges"

    def _import_statements(self) -> str:
        matched = unmatched = 0
        for file in self.organisation.statement_files:
            key = self.api.upload(file.name, file.data, "bank_statement")
            done = self._follow("/bank-statements", key)
            _check_counts(file, done)
            matched, unmatched = matched + file.matched, unmatched + file.unmatched
        return f"{matched} transfers matched, {unmatched} left for staff"

    def _rebook(self) -> str:
        for rebooking in self.organisation.rebookings:
            payment = self._wait_for("the payment to rebook", partial(self._find_payment, rebooking))
            if payment["status"] == "booked":
                self.api.post(
                    f"/entries/{payment['payment_id']}/reversal",
                    {"reason": rebooking.reason, "rebook_to_contract_id": self._contract_ids[rebooking.to_number]},
                )
        return f"{len(self.organisation.rebookings)} payment"

    def _find_payment(self, rebooking: Rebooking) -> dict[str, Any] | None:
        """The payment that came to the wrong account, known by its day and sum."""
        wanted = (rebooking.value_date.isoformat(), rebooking.amount)
        path = f"/accounts/{self._contract_ids[rebooking.from_number]}/payments"
        return next((p for p in self.api.pages(path) if (p["value_date"], p["amount"]) == wanted), None)

    def _fill_desk(self) -> str:
        tenant = Client(self.api_url)
        try:
            tenant.sign_in(demo_tenant(self.organisation).email, PASSWORD)
            return f"{DeskLoad(self.organisation, self.api, tenant, self._contract_ids).fill()} tickets"
        finally:
            tenant.close()

    def _fill_meters(self) -> str:
        meters = MetersLoad(self.organisation, self.api, SECONDS, self.stopping)
        done = meters.fill()
        if self.organisation.reading_window:
            administrator = Client(self.api_url)
            try:
                administrator.sign_in(self.organisation.administrator.email, PASSWORD)
                meters.open_windows(administrator)
            finally:
                administrator.close()
        return done

    def _compare_balances(self) -> str:
        """Wait until all payments are booked: every account stands at what the world's own sums say."""
        expected = self.organisation.balances()
        open_ones = dict(expected)

        def settled() -> bool | None:
            for number in list(open_ones):
                account = self.api.get(f"/accounts/{self._contract_ids[number]}")
                if account["balance"] == expected[number]:
                    del open_ones[number]
            return not open_ones or None

        try:
            self._wait_for("balances", settled)
        except WaitError as error:
            raise LoadError(f"{error}; accounts that differ from what they should stand at: {open_ones}") from error
        return f"{len(expected)} accounts are right"

    def _follow(self, path: str, upload: str) -> dict[str, Any]:
        """Start an import and wait for its end. Raises LoadError with the import's own errors."""
        import_id = self.api.post(path, {"upload": upload})["import_id"]

        def ended() -> dict[str, Any] | None:
            state: dict[str, Any] = self.api.get(f"{path}/{import_id}")
            return state if state["state"] in ("done", "failed") else None

        state = self._wait_for(f"{path}/{import_id}", ended)
        if state["state"] == "failed":
            raise LoadError(f"{path}/{import_id} failed: {state['errors'][:10]}")
        return state


def _check_counts(file: StatementFile, done: dict[str, Any]) -> None:
    """Raises LoadError when a file did not bring what stands in it; one that was imported before brings duplicates."""
    found = tuple(done[name] for name in ("transactions", "matched", "unmatched", "ignored"))
    if done["transactions"] != file.transactions or (
        not done["duplicates"] and found != (file.transactions, file.matched, file.unmatched, file.ignored)
    ):
        raise LoadError(f"{file.name}: {file.matched} of {file.transactions} transfers should match, found: {done}")


def _enrolment(person: Person, person_id: str) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "locale": person.locale,
        "roles": list(person.roles),
    }
