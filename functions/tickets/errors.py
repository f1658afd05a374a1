"""Codes of the tickets context."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "already_rated": "The ticket was rated since it ended last.",
    "contract_or_unit": "The report names neither a contract nor a unit, or a unit in which the person holds no contract.",
    "empty_comment": "A comment needs a text or an attachment.",
    "incident_resolved": "The incident is resolved; nothing more can be said of it.",
    "invalid_settings": "The settings contradict themselves; errors[] says where.",
    "merge_refused": "Only two tickets of the same contract can be merged, and not a ticket with itself.",
    "not_ended": "The ticket is still open; it can be rated when it has ended.",
    "nothing_asked": "What is wanted can be said only with the step that makes the ticket wait for its tenant.",
    "question_needed": "Asking for a document or a photo needs words that say which one.",
    "reason_needed": "Declining or closing a ticket needs a reason.",
    "reopening_too_late": "The time in which the ticket could be reopened is over.",
    "result_needed": "A ticket that is done needs a result.",
    "ticket_ended": "The ticket has ended; reopen it to write more.",
    "too_many_attachments": "A ticket holds at most 30 files.",
    "transition_refused": "The ticket's status does not allow this step, or not to this person.",
    "unknown_assignee": "No such member of staff.",
    "unknown_category": "The category is not a problem of the organisation's tree, or not one of this type.",
    "unknown_community": "No such community.",
    "unknown_incident": "No such open incident.",
    "unknown_reporter": "The person holds no part in the contract.",
    "unknown_ticket": "No such ticket.",
}
