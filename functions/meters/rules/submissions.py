"""What is judged (a submission), by what (its situation), and what comes of it (a judgement)."""

from dataclasses import dataclass, field
from datetime import date

from meters.rules.days import Window
from meters.rules.stream import EventKind
from meters.rules.thresholds import Thresholds
from meters.rules.vocabulary import TABLE, Channel, Claim, Code, Finding, Params, Severity, Status, Suggestion


@dataclass(frozen=True, slots=True)
class Submission:
    """A reading as it comes in: the text of each register, `confirmed` after the findings were seen.

    `supersedes` is the reading that it corrects; `claim` what its reader says happened to the counter, `claimed` to which of its
    registers (none named: to whichever shows less).
    """

    day: date
    texts: tuple[str, ...]
    channel: Channel
    confirmed: bool = False
    has_photo: bool = False
    claim: Claim | None = None
    claimed: tuple[int, ...] = ()
    supersedes: str = ""

    def claim_of(self, register: int) -> Claim | None:
        """What is claimed of a register."""
        return self.claim if not self.claimed or register in self.claimed else None


@dataclass(frozen=True, slots=True)
class Known:
    """A reading that stands already: `rolled` are the registers that went past their end before it.

    `own`: a household entered it, no staff decided on it, and it is the meter's last (or waits): the household may put it right itself.
    """

    reading_id: str
    day: date
    values: tuple[int, ...]
    status: Status
    rolled: tuple[int, ...] = ()
    own: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Around:
    """The two neighbours in the stream that a state does not hold.

    `same_day` is the reading of the same day that is not rejected nor superseded (an accepted one before a held one); `waiting` all
    held ones of the day; `after` the next actual value later than that day on the same counter: a reading, or the closing of a
    replaced or removed one. `installed` is when the meter was installed, for a day on which it was not yet.
    """

    same_day: Known | None = None
    waiting: tuple[Known, ...] = ()
    after: Known | None = None
    installed: date | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What a reading is judged by beside the meter's state.

    `today` is the civil day in the community's time zone; `occupied` says whether somebody lives there and the supply is on (None:
    not known, as for common parts); `occupied_since` when the present household came; `window` when readings are taken (None: always).
    """

    today: date
    limits: Thresholds
    occupied: bool | None = None
    occupied_since: date | None = None
    window: Window | None = None
    around: Around = Around()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checks say of a reading.

    `submitted` waits for the reader's answer and is stored nowhere; the other statuses are final until staff decide. `uses` are the
    registers' uses since the last actual reading, in billionths of the medium's unit; None: not to be told. `rolled` are the registers to
    note as gone past their end when it is accepted, `supersedes` the reading that goes then. `duplicate_of` is the reading that
    it repeats: nothing is to be stored.
    """

    status: Status
    findings: tuple[Finding, ...]
    values: tuple[int, ...] | None = None
    uses: tuple[int, ...] | None = None
    rolled: tuple[int, ...] = ()
    supersedes: str = ""
    duplicate_of: str = ""

    @property
    def kind(self) -> EventKind:
        """The kind of event that it becomes when it is accepted."""
        return "rolled_over" if self.rolled else "read"

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes found, each once, in the order of the checks."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))


def finding(
    submission: Submission,
    code: Code,
    register: int | None = None,
    params: Params | None = None,
    *,
    severity: Severity | None = None,
    suggestion: Suggestion | None = None,
) -> Finding:
    """A finding as severe as its channel has it, unless `severity` says otherwise."""
    return Finding(code, severity or TABLE[submission.channel][code], register, params or {}, suggestion)
