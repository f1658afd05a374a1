"""A reading is entered, or checked while it is being typed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from meters import findings
from meters.accepting import Acceptance
from meters.keeping import say
from meters.readings import Outcome, Reading, circumstances
from meters.rules.counters import use_text
from meters.rules.submissions import Judgement, finding
from meters.rules.vocabulary import UNITS, Channel
from meters.schemas import ReadingCheckResponse, ReadingReceipt, ReadingRequest, UseResponse
from meters.store import MeterItem
from meters.store_events import EventItem
from meters.store_places import own_homes
from meters.store_settings import settings_of
from meters.visibility import Seen, find_visible, today_of
from shared import attachments
from shared.access import Principal
from shared.errors import DomainError, NotFound
from shared.tables import UnitOfWork

PURPOSE = "reading"
"""Of uploads that are photographs of counters."""


def enter_reading(uow: UnitOfWork, me: Principal, meter_id: str, body: ReadingRequest) -> ReadingReceipt:
    """Take a reading, or answer the one that stands where it is the same again.

    Raises NotFound, `forbidden` for whoever sees a meter but does not live behind it, `reading_rejected` and `reading_questioned` with
    the findings, `unknown_reading`, the refusals of a photograph, and Conflict `too_far_back`.
    """
    seen = find_visible(me, meter_id)
    taking = _acceptance(me, seen)
    refused = _refusal(me, seen, body)
    if refused:
        raise _questioned(Outcome("rejected", refused))
    body = _correction(me, seen, taking, body)
    photo = attachments.resolve(me, PURPOSE, [body.photo], "photo") if body.photo else []
    outcome = taking.take(_reading(me, body, photo))
    if outcome.repeated:
        answer = _standing(taking, outcome)
        taking.finish(uow)
        say(uow, [taking])
        return answer
    if outcome.item is None:
        raise _questioned(outcome)
    taking.finish(uow)
    say(uow, [taking])
    return receipt(taking.meter, outcome.item, consumption(taking.meter, outcome))


def check_reading(me: Principal, meter_id: str, body: ReadingRequest) -> ReadingCheckResponse:
    """What would become of a reading; reads only. Raises as `enter_reading`, but what the checks say is the answer."""
    seen = find_visible(me, meter_id)
    taking = _acceptance(me, seen)
    refused = _refusal(me, seen, body)
    if refused:
        outcome = Outcome("rejected", refused)
    else:
        body = _correction(me, seen, taking, body)
        # That there is a photograph is enough here; whose it is is looked at when it is sent.
        outcome = taking.judge(_reading(me, body, [{}] if body.photo else []))
    return ReadingCheckResponse(
        status=outcome.status,
        findings=findings.judged(outcome.judgement.findings),
        consumption=consumption(seen.meter, outcome),
        duplicate_of=outcome.reading_id if outcome.repeated else None,
    )


def receipt(meter: MeterItem, item: EventItem, uses: UseResponse | None) -> ReadingReceipt:
    """What became of a reading."""
    return ReadingReceipt(
        reading_id=item.event_id,
        meter_id=meter.meter_id,
        number=meter.number,
        date=item.day,
        values=item.values or [],
        status=cast("Any", item.status),
        findings=findings.shown(item.findings),
        consumption=uses,
        recorded_at=datetime.fromisoformat(item.recorded_at),
    )


def consumption(meter: MeterItem, outcome: Outcome) -> UseResponse | None:
    """The use that a reading makes, where it can be told."""
    return _use(meter, outcome.judgement.uses, outcome.since, outcome.day)


def _use(meter: MeterItem, uses: Iterable[int] | None, since: date | None, day: date | None) -> UseResponse | None:
    if uses is None or since is None or day is None:
        return None
    unit = UNITS[cast("Any", meter.medium)]
    return UseResponse(unit=unit, since=since, days=(day - since).days, uses=[use_text(use) for use in uses])


def _acceptance(me: Principal, seen: Seen) -> Acceptance:
    return Acceptance(
        seen.meter, circumstances(settings_of(me.organisation_id), seen.meter, seen.unit, today_of(me)), seen.state
    )


def _channel(me: Principal) -> Channel:
    return "staff" if me.is_staff else "portal"


def _reading(me: Principal, body: ReadingRequest, photo: list[dict[str, Any]]) -> Reading:
    return Reading(
        day=body.date,
        texts=tuple(body.values),
        channel=_channel(me),
        actor=me.person_id,
        confirmed=body.confirmed,
        photo=tuple(photo),
        claim=body.claim,
        claimed=tuple(body.claimed),
        supersedes=body.supersedes or "",
    )


def _refusal(me: Principal, seen: Seen, body: ReadingRequest) -> Judgement | None:
    """Who is not of staff enters readings of days on which he lived there by a contract of his own."""
    if me.is_staff:
        return None
    if seen.meter.unit_id is None:
        raise DomainError("forbidden", 403)
    homes = own_homes(seen.unit, me.person_id)
    if not homes:
        raise NotFound
    if any(home.has(me.person_id, body.date) for home in homes) or body.date > today_of(me):
        return None
    submission = _reading(me, body, []).submission()
    later = [home.starts_on for home in homes if home.starts_on > body.date]
    if later:
        params = {"contract_from": min(later).isoformat()}
        return Judgement("rejected", (finding(submission, "BEFORE_INSTALL", params=params),))
    ended = [home.ends_on for home in homes if home.ends_on and home.ends_on < body.date]
    params = {"contract_until": max(ended).isoformat()} if ended else {}
    return Judgement("rejected", (finding(submission, "ARCHIVED", params=params),))


def _correction(me: Principal, seen: Seen, taking: Acceptance, body: ReadingRequest) -> ReadingRequest:
    """A household corrects the last reading that counts, or one that waits, which it entered itself since it came.

    What staff decided on it does not take back: another value of that day waits for them.
    """
    if me.is_staff or not body.supersedes:
        return body
    last = seen.state.actual
    waiting = {each[0] for each in seen.meter.waiting or []}
    if body.supersedes not in waiting and (last is None or last.event_id != body.supersedes):
        raise DomainError("unknown_reading")
    found = taking.find(body.supersedes)
    if found is None or found.channel != "portal" or not seen.shows(found.day):
        raise DomainError("unknown_reading")
    if not found.decision:
        return body
    if found.day != body.date:
        raise DomainError("unknown_reading")
    return body.model_copy(update={"supersedes": None})


def _standing(taking: Acceptance, outcome: Outcome) -> ReadingReceipt:
    """The receipt of a reading that stands already."""
    item = taking.find(str(outcome.reading_id), outcome.day)
    if item is None:
        raise NotFound
    answer = receipt(taking.meter, item, _use(taking.meter, item.uses, taking.since_of(item), item.day))
    again = findings.judged(outcome.judgement.findings)
    return answer.model_copy(update={"findings": [*answer.findings, *again]})


def _questioned(outcome: Outcome) -> DomainError:
    code = "reading_rejected" if outcome.status == "rejected" else "reading_questioned"
    said = [found.model_dump(mode="json") for found in findings.judged(outcome.judgement.findings)]
    return DomainError(code, members={"findings": said})
