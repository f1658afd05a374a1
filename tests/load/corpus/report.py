"""What the checks made of a corpus, as figures and as tables.

- A code's precision: of the readings of which it was said, the share behind which was a typo or a real event; `exact`: the share for which the
  truth calls for this very code. Its recall: of the readings whose truth calls for it, the share of which it was said. The truth: a swap calls
  for TRANSPOSED, what cannot be read for FORMAT, less than before for DECREASE, more than twice the true use for HIGH, less than a fifth of it
  for LOW; a leak for HIGH, a flat that stands empty for LOW (ZERO is a LOW of nothing), a replacement nobody told of for DECREASE.
- A typo's recall: it was asked about, held or refused. A typo that misses by less than half of the true use cannot be told from a household that
  used a little more or less; these are counted as missed, and told apart.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from meters.rules.vocabulary import TABLE, Code

from tests.load.corpus.rows import LABELS, NORMAL, REAL, TYPOS
from tests.load.corpus.scorer import Scored
from tests.load.figures import table

NEAR: Final = (0.1, 0.25, 0.5, 1.0)
INDISTINCT: Final = 0.5
_NONE: Final = "-"
_AS: Final[dict[Code, Code]] = {"ZERO": "LOW"}


def figures(scored: Sequence[Scored]) -> dict[str, Any]:
    """All figures of a scored corpus."""
    labels = [label for label in (*LABELS, "") if any(one.row.label == label for one in scored)]
    return {
        "readings": len(scored),
        "questioned": _share(scored),
        "codes_asking": dict(Counter(code for one in scored for code in one.asking).most_common()),
        "good": _good([one for one in scored if one.is_good]),
        "typos": _typos([one for one in scored if one.is_typo]),
        "codes": {code: found for code in TABLE["portal"] if code not in _AS and (found := _code(code, scored))},
        "labels": {label: _label([one for one in scored if one.row.label == label]) for label in labels},
    }


def _good(good: Sequence[Scored]) -> dict[str, Any]:
    asked = [one for one in good if one.is_questioned]
    return {
        "readings": len(good),
        "questioned": _share(good),
        "of_them_after_unnoticed_typo": sum(one.found_typo for one in asked),
        "by_medium": {
            medium: _share([one for one in good if one.row.medium == medium])
            for medium in sorted({one.row.medium for one in good})
        },
    }


def _typos(typos: Sequence[Scored]) -> dict[str, Any]:
    near = {f"{share:.0%}": [one for one in typos if _is_near(one, share)] for share in NEAR}
    return {
        "readings": len(typos),
        "recall": _share(typos),
        "missed": sum(not one.is_questioned for one in typos),
        "closer_to_the_truth_than": {
            name: {"readings": len(some), "recall": _share(some), "recall_of_the_others": _share(_without(typos, some))}
            for name, some in near.items()
        },
        "recall_distinguishable": _share([one for one in typos if not _is_near(one, INDISTINCT)]),
        "before_the_point": sum(_is_before_point(one) for one in typos),
        "recall_before_the_point": _share([one for one in typos if _is_before_point(one)]),
        "questioned_and_offered": _ratio(sum(one.offered for one in typos), sum(one.is_questioned for one in typos)),
        "offered_true_first": _ratio(sum(one.first_true for one in typos), sum(one.offered for one in typos)),
        "offered_true": _ratio(sum(one.any_true for one in typos), sum(one.offered for one in typos)),
    }


def _code(code: Code, scored: Sequence[Scored]) -> dict[str, Any] | None:
    said = [one for one in scored if code in _named(one.said)]
    should = [one for one in scored if code in one.should]
    if not said and not should:
        return None
    return {
        "said": len(said),
        "precision": _ratio(sum(one.row.label in (*TYPOS, *REAL) for one in said), len(said)),
        "exact": _ratio(sum(code in one.should for one in said), len(said)),
        "called_for": len(should),
        "recall": _ratio(sum(code in _named(one.said) for one in should), len(should)),
    }


def _label(own: Sequence[Scored]) -> dict[str, Any]:
    return {
        "readings": len(own),
        "questioned": _share(own),
        "near": sum(_is_near(one, INDISTINCT) for one in own) if own[0].is_typo else 0,
        "distinguishable": _share([one for one in own if not _is_near(one, INDISTINCT)]) if own[0].is_typo else None,
        "offered": sum(one.offered for one in own),
        "first_true": sum(one.first_true for one in own),
        "any_true": sum(one.any_true for one in own),
        "first_code": dict(Counter(one.asking[0] if one.asking else _NONE for one in own).most_common()),
    }


def _named(codes: Iterable[Code]) -> set[Code]:
    return {_AS.get(code, code) for code in codes}


def _is_near(one: Scored, share: float) -> bool:
    return one.off is not None and one.off < share


def _is_before_point(one: Scored) -> bool:
    """Whether the slip changed the digits before the point, or left nothing to read."""
    return one.off is None or [_whole(text) for text in one.row.typed] != [_whole(text) for text in one.row.true]


def _whole(text: str) -> str:
    return text.replace(",", ".").partition(".")[0].lstrip("0")


def _without(scored: Sequence[Scored], some: Sequence[Scored]) -> list[Scored]:
    gone = {id(one) for one in some}
    return [one for one in scored if id(one) not in gone]


def _share(scored: Sequence[Scored]) -> float | None:
    return _ratio(sum(one.is_questioned for one in scored), len(scored))


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def report(found: dict[str, Any]) -> str:
    """The figures as tables."""
    labelled = any(label for label in found["labels"])
    return "\n".join([_summary(found), *([_codes(found), _confusion(found), _labels(found)] if labelled else [])])


def _summary(found: dict[str, Any]) -> str:
    good, typos = found["good"], found["typos"]
    rows: list[list[object]] = [["readings", found["readings"]], ["of them questioned", _percent(found["questioned"])]]
    if good["readings"]:
        rows += [
            ["good readings", good["readings"]],
            ["good readings questioned (aim: under 2 %)", _percent(good["questioned"])],
            ["  of them because a typo before stood unnoticed", good["of_them_after_unnoticed_typo"]],
            *([f"  {medium}", _percent(share)] for medium, share in good["by_medium"].items()),
        ]
    if typos["readings"]:
        rows += [
            ["typos", typos["readings"]],
            ["recall of all typos (aim: 95 %)", _percent(typos["recall"])],
            ["  of them in the digits before the point, and their recall", _counted(typos)],
            ["recall of those that miss by half the true use or more", _percent(typos["recall_distinguishable"])],
        ]
        for name, near in typos["closer_to_the_truth_than"].items():
            rows += [
                [f"  typos that miss by less than {name} of the true use", near["readings"]],
                ["    recall of these / of the others", _pair(near["recall"], near["recall_of_the_others"])],
            ]
        rows += [
            ["questioned typos with another value offered", _percent(typos["questioned_and_offered"])],
            [
                "offers whose first / any value is the true one",
                _pair(typos["offered_true_first"], typos["offered_true"]),
            ],
        ]
    if not good["readings"] and not typos["readings"]:
        rows += [[f"  {code}", count] for code, count in found["codes_asking"].items()]
    return table("Readings through the checks, as a tenant's first try", ("", ""), rows)


def _codes(found: dict[str, Any]) -> str:
    rows = [
        [
            code,
            one["said"],
            _percent(one["precision"]),
            _percent(one["exact"]),
            one["called_for"],
            _percent(one["recall"]),
        ]
        for code, one in found["codes"].items()
    ]
    return table("Codes", ("code", "said", "precision", "exact", "called for", "recall"), rows)


def _confusion(found: dict[str, Any]) -> str:
    seen = {code for one in found["labels"].values() for code in one["first_code"]}
    codes = [code for code in (*TABLE["portal"], _NONE) if code in seen]
    rows = [
        [label or "(no label)", *(one["first_code"].get(code, 0) for code in codes)]
        for label, one in found["labels"].items()
    ]
    return table("What is behind the reading, and the first code that asked", ("label", *codes), rows)


def _labels(found: dict[str, Any]) -> str:
    rows = [
        [
            label,
            one["readings"],
            _percent(one["questioned"]),
            one["near"],
            _percent(one["distinguishable"]),
            one["offered"],
            one["first_true"],
            one["any_true"],
        ]
        for label, one in found["labels"].items()
        if label and label != NORMAL
    ]
    columns = ("label", "readings", "questioned", "misses < 50 %", "the others", "offered", "first true", "any true")
    return table("Typos and events", columns, rows)


def _percent(share: float | None) -> str:
    return _NONE if share is None else f"{share:.1%}"


def _counted(typos: dict[str, Any]) -> str:
    return f"{typos['before_the_point']} / {_percent(typos['recall_before_the_point'])}"


def _pair(one: float | None, other: float | None) -> str:
    return f"{_percent(one)} / {_percent(other)}"
