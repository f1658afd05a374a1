"""The tickets of one demo organisation, through the routes that its people use. Safe to repeat: what is there already is left."""

from datetime import timedelta
from typing import Any, Final

from infra.demo.client import Client, wait_for
from infra.demo.desk import INCIDENT_CATEGORY, REPORTS, TENANTS_CONTRACT, Report, desk_texts
from infra.demo.model import Organisation, Person
from infra.demo.photo import leak_photo
from shared import clock

_INCIDENT_AGE: Final = timedelta(hours=3)
_CHECK_SECONDS: Final = 60.0


class DeskLoad:
    """Fills a desk. `staff` is signed in as staff, `tenant` as the demo tenant; `contract_ids` by contract number."""

    def __init__(self, organisation: Organisation, staff: Client, tenant: Client, contract_ids: dict[str, str]) -> None:
        self.organisation, self.staff, self.tenant = organisation, staff, tenant
        self.texts = desk_texts(organisation.profile.locale)
        self._numbers = {contract.ref: contract.number for contract in organisation.contracts}
        self._contract_ids = contract_ids
        self._person_ids = {item["email"]: item["person_id"] for item in staff.pages("/people")}

    def fill(self) -> int:
        """Tickets with what has happened to them, an incident, answer templates; how many tickets there are."""
        known = {item["subject"]: item["ticket_id"] for item in self.staff.pages("/tickets?status=all")}
        ids = {report.slot: self._ticket(report, known) for report in REPORTS}
        self._open_incident([ids[report.slot] for report in REPORTS if report.of_incident])
        version = self.staff.get("/ticket-desk")["answers_version"]
        self.staff.put("/ticket-desk/answers", {"answers": self.texts["answers"], "version": version})
        return len(ids)

    def _ticket(self, report: Report, known: dict[str, str]) -> str:
        words = self.texts["reports"][report.slot]
        ticket_id = known.get(words["subject"]) or self._open(report, words)
        ticket = self.staff.get(f"/tickets/{ticket_id}")
        said = {entry["text"] for entry in ticket["timeline"]}
        for name, internal in (("internal", True), ("comment", False)):
            if name in words and words[name] not in said:
                self.staff.post(f"/tickets/{ticket_id}/comments", {"text": words[name], "internal": internal})
        if ticket["status"] == "new" != report.status:
            assigned = {"assignee_id": self._person_ids[self.organisation.staff.email]} if report.assigned else {}
            change = {"status": report.status, "text": words.get("answer", ""), **assigned}
            self.staff.patch(f"/tickets/{ticket_id}", change)
        if report.stars and ticket["stars"] is None:
            self.tenant.post(f"/tickets/{ticket_id}/rating", {"stars": report.stars, "text": words["rating"]})
        return ticket_id

    def _open(self, report: Report, words: dict[str, str]) -> str:
        body: dict[str, Any] = {
            "contract_id": self._contract_ids[self._numbers[report.contract]],
            "type": report.type,
            "category": report.category,
            "subject": words["subject"],
            "description": words["description"],
            "common_part": report.common_part,
            "emergency": report.emergency,
        }
        if report.photo:
            body["attachments"] = [self._send_photo(report.photo)]
        if report.channel is None:
            return str(self.tenant.post("/tickets", body)["ticket_id"])
        reporter = self._person_ids[holder(self.organisation, report.contract).email]
        return str(
            self.staff.post("/tickets", {**body, "reporter_id": reporter, "channel": report.channel})["ticket_id"]
        )

    def _send_photo(self, name: str) -> str:
        """The key of a photograph that has passed its check."""
        key = self.tenant.upload(name, leak_photo(), "ticket")

        def is_ready() -> bool | None:
            return self.tenant.post("/uploads/checks", {"key": key})["state"] == "ready" or None

        wait_for("the check of the photograph", is_ready, _CHECK_SECONDS)
        return key

    def _open_incident(self, ticket_ids: list[str]) -> None:
        words = self.texts["incident"]
        if words["title"] in {item["title"] for item in self.staff.pages("/incidents")}:
            return
        ticket = self.staff.get(f"/tickets/{ticket_ids[0]}")
        self.staff.post(
            "/incidents",
            {
                "kind": "outage",
                "community_ids": [ticket["community_id"]],
                "category": INCIDENT_CATEGORY,
                "title": words["title"],
                "text": words["text"],
                "starts_at": (clock.now() - _INCIDENT_AGE).isoformat(),
                "ticket_ids": ticket_ids,
            },
        )


def holder(organisation: Organisation, contract_ref: str) -> Person:
    """The first of those who hold a contract."""
    ref = next(each.person_ref for each in organisation.occupancies if each.contract_ref == contract_ref)
    return next(person for person in organisation.people if person.ref == ref)


def demo_tenant(organisation: Organisation) -> Person:
    """The tenant whom `make run` names."""
    return holder(organisation, TENANTS_CONTRACT)
