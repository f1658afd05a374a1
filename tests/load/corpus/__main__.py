"""`python -m tests.load.corpus generate|score`: see the package."""

import argparse
import json
import sys
from pathlib import Path

from infra.build.environment import ROOT
from tests.load.figures import say


def main(argv: list[str] | None = None) -> int:
    if (functions := str(ROOT / "functions")) not in sys.path:
        sys.path.insert(0, functions)
    from tests.load.corpus import rows
    from tests.load.corpus.generator import corpus
    from tests.load.corpus.report import figures, report
    from tests.load.corpus.scorer import score

    given = _parse(argv)
    if given.command == "generate":
        rows.write(given.out, corpus(given.seed, given.readings))
        return 0
    try:
        found = figures(list(score(rows.read(given.file))))
    except (OSError, UnicodeError, rows.RowError) as error:
        sys.stderr.write(f"{given.file}: {error}\n")
        return 2
    say(json.dumps(found, indent=1) if given.json else report(found))
    return 0


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load.corpus")
    commands = parser.add_subparsers(dest="command", required=True)
    generate = commands.add_parser("generate", help="write a labelled corpus")
    generate.add_argument("--out", type=Path, required=True)
    generate.add_argument("--seed", type=int, default=1)
    generate.add_argument("--readings", type=int, default=20_000)
    judge = commands.add_parser("score", help="run the readings of a CSV through the checks")
    judge.add_argument("file", type=Path)
    judge.add_argument("--json", action="store_true", help="the figures as JSON")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
