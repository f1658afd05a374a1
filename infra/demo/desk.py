"""What happens at the desk of each demo organisation: eight tickets, an incident, answer templates. The words lie in `desk_texts/`.

The same for every organisation but for language and people: contract k01 is the demo tenant's, k02 to k04 lie in the same house.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_TEXTS: Final = Path(__file__).parent / "desk_texts"
TENANTS_CONTRACT: Final = "k01"


@dataclass(frozen=True)
class Report:
    """A ticket and where it stands. `channel` None: the demo tenant reported it in the portal; else staff wrote down what came in.

    `status` is where staff left it, `new` where they have not looked yet. `stars`: the tenant's rating. The words of each: subject,
    description, and as far as the steps need them internal, comment, answer (the result, the reason, the question).
    """

    slot: str
    contract: str
    type: str
    category: str
    status: str
    channel: str | None = None
    common_part: bool = False
    emergency: bool = False
    assigned: bool = True
    of_incident: bool = False
    stars: int | None = None
    photo: str = ""
    """Name of the photograph that goes with it."""


REPORTS: Final = (
    Report("leak", "k01", "technical", "kitchen_leak", "in_progress", emergency=True, photo="IMG_0417.jpg"),
    Report("light", "k01", "technical", "staircase_light", "done", common_part=True, stars=5),
    Report("heating", "k02", "technical", "no_heating", "accepted", channel="telephone", of_incident=True),
    Report("heating_too", "k03", "technical", "no_heating", "accepted", channel="email", of_incident=True),
    Report("mould", "k04", "technical", "bathroom_mould", "waiting_for_supplier", channel="telephone"),
    Report("charge", "k01", "financial", "invoice_question", "waiting_for_tenant"),
    Report("noise", "k03", "organisational", "noise", "declined", channel="paper"),
    Report("certificate", "k01", "request", "certificate", "new", assigned=False),
)
INCIDENT_CATEGORY: Final = "no_heating"


def desk_texts(locale: str) -> dict[str, Any]:
    """The words of the desk in an organisation's language: `reports` by slot, `incident`, `answers`."""
    texts: dict[str, Any] = json.loads((_TEXTS / f"{locale}.json").read_text("utf-8"))
    return texts
