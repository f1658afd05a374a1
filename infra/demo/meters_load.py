"""The meters of one demo organisation, the way its staff bring them in. Safe to repeat: what is there already stays as it is."""

import threading
from collections.abc import Iterable
from typing import Any, Final

from infra.demo.client import Client, wait_for
from infra.demo.meter_files import meters_csv, readings_csv
from infra.demo.meter_model import Meter, Reading, Replacement
from infra.demo.model import Organisation
from shared.ids import derived_id

_SHOWN_PROBLEMS: Final = 10


class MetersError(RuntimeError):
    """The meters did not become what they should; says which."""


class MetersLoad:
    """Brings in meters and readings. `staff` is signed in as staff; `seconds` is how long an import may take."""

    def __init__(
        self, organisation: Organisation, staff: Client, seconds: float, stopping: threading.Event | None = None
    ) -> None:
        self.organisation, self.staff = organisation, staff
        self.meters = organisation.meters
        self._seconds, self._stopping = seconds, stopping

    def fill(self) -> str:
        """Two files, a replacement, a decision; what was done. Raises MetersError, ApiError, WaitError."""
        slug = self.organisation.profile.slug
        # House meters first: whoever reads the file sees what the others hang behind.
        houses_first = sorted(self.meters, key=lambda meter: bool(meter.unit_ref))
        self._import("meters", f"{slug}-meters.csv", meters_csv(houses_first))
        rows = self._import("readings", f"{slug}-readings.csv", readings_csv(self.meters))
        for meter in self._of_story("replaced"):
            if meter.replacement:
                self._replace(meter, meter.replacement)
        for meter in self._of_story("rolled_over"):
            self._accept(meter)
        self._compare()
        return f"{len(self.meters)} meters, {rows} readings"

    def open_windows(self, administrator: Client) -> None:
        """The days on which readings are taken, of every medium that the organisation has."""
        window = self.organisation.reading_window
        if window is None:
            return
        settings = administrator.get("/meter-settings")
        wanted = {meter.medium: {"first": window[0], "last": window[1]} for meter in self.meters}
        if settings["windows"] != wanted:
            kept = {name: settings[name] for name in ("thresholds", "estimation_policy", "version")}
            administrator.put("/meter-settings", {**kept, "windows": wanted})

    def _of_story(self, story: str) -> Iterable[Meter]:
        return (meter for meter in self.meters if meter.story == story)

    def _import(self, content: str, name: str, data: bytes) -> int:
        """The number of rows, none of which may have been refused."""
        key = self.staff.upload(name, data, "meters")
        path = (
            f"/reading-imports/{self.staff.post('/reading-imports', {'upload': key, 'content': content})['import_id']}"
        )

        def ended() -> dict[str, Any] | None:
            state: dict[str, Any] = self.staff.get(path)
            return state if state["state"] in ("done", "failed") else None

        done = wait_for(path, ended, self._seconds, self._stopping)
        if done["state"] == "failed" or done["refused"]:
            problems = [row for row in self.staff.pages(f"{path}/problems") if row["outcome"] == "refused"]
            message = f"{name}: {done['failure'] or problems[:_SHOWN_PROBLEMS]}"
            raise MetersError(message)
        return int(done["rows"])

    def _replace(self, meter: Meter, new: Replacement) -> None:
        """Another counter, then what it has shown since. Whoever has the number already was replaced by an earlier load."""
        show = meter.counter.show
        meter_id = self._id_of(new.number)
        if meter_id is None:
            meter_id = self._id_of(meter.number)
            replacement = {
                "date": new.day.isoformat(),
                "closing": [show(new.closing)],
                "opening": [show(new.opening)],
                "number": new.number,
                "verified_until": meter.verified_until.isoformat(),
            }
            self.staff.post(f"/meters/{meter_id}/replacement", replacement)
        for reading in new.readings:
            body = {"date": reading.day.isoformat(), "values": [show(reading.counts)], "confirmed": True}
            self.staff.post(f"/meters/{meter_id}/readings", body)

    def _id_of(self, number: str) -> str | None:
        return next((str(item["meter_id"]) for item in self.staff.pages(f"/meters?number={number}")), None)

    def _accept(self, meter: Meter) -> None:
        """Staff see that the counter went past its end; nothing waits any more where they saw it before."""
        for held in self.staff.pages(f"/held-readings?medium={meter.medium}"):
            if held["number"] == meter.number:
                decision = {"decision": "accept", "claim": "rolled_over"}
                self.staff.post(f"/readings/{held['reading_id']}/decision", decision)

    def _compare(self) -> None:
        """Every meter stands at what the world says, and what should wait for staff waits. Raises MetersError."""
        found = {item["number"]: item for place in self._places() for item in self.staff.pages(f"/meters?{place}")}
        wrong = [
            f"{meter.last_number}: {shown} in place of {expected}"
            for meter in self.meters
            if (shown := _shown(found.get(meter.last_number, {}).get("last"))) != (expected := _told(meter, meter.last))
        ]
        wrong += [
            f"{meter.number}: {shown} estimated in place of {expected}"
            for meter in self.meters
            if meter.estimate
            and (shown := _shown(found.get(meter.number, {}).get("estimate")))
            != (expected := _told(meter, meter.estimate))
        ]
        wrong += [
            f"{meter.number}: no reading waits"
            for meter in self._of_story("leak")
            if not found.get(meter.number, {}).get("waiting")
        ]
        if wrong:
            raise MetersError("; ".join(wrong))

    def _places(self) -> Iterable[str]:
        organisation_id = self.organisation.profile.organisation_id
        yield from (f"unit_id={derived_id('unt', organisation_id, unit.ref)}" for unit in self.organisation.units)
        yield from (
            f"community_id={derived_id('com', organisation_id, one.ref)}" for one in self.organisation.communities
        )


def _shown(value: dict[str, Any] | None) -> tuple[str, ...] | None:
    return (value["date"], *value["values"]) if value else None


def _told(meter: Meter, reading: Reading) -> tuple[str, ...]:
    return reading.day.isoformat(), *meter.counter.shown(reading.values)
