"""The template as the tools of its makers see it, without an AWS account."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from infra.build.environment import ROOT
from infra.build.package import FUNCTION, LAYER, read_template, resources_of
from infra.build.sam import sam
from shared.i18n import LOCALES

TEMPLATES = ["template.yaml", *sorted(f"infra/{path.name}" for path in (ROOT / "infra").glob("*.yaml"))]


def test_every_template_is_linted() -> None:
    assert yaml.safe_load((ROOT / ".cfnlintrc.yaml").read_text())["templates"] == TEMPLATES


def test_cfn_lint() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "cfn-lint"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_sam_validate() -> None:
    done = sam("validate", "--lint", alone=True, capture=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_checkov() -> None:
    tool = ROOT / ".venv-checkov" / "bin" / "checkov"
    done = subprocess.run([tool, "-f", *TEMPLATES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Passed checks: \d{2,}", done.stdout) or not done.stdout.strip()


def test_every_queue_is_encrypted() -> None:
    """checkov's own check of this knows keys of KMS only and is off."""
    for path in TEMPLATES:
        for name, queue in resources_of(read_template(ROOT / path), "AWS::SQS::Queue"):
            assert queue.get("SqsManagedSseEnabled") is True, name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sam")
    done = sam("build", "--build-dir", folder, alone=True, capture=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_each_function_carries_its_own_context_alone(built: Path) -> None:
    functions = dict(resources_of(read_template(ROOT / "template.yaml"), FUNCTION))
    assert functions
    for name, function in functions.items():
        context, module, _attribute = function["Handler"].split(".")
        assert [entry.name for entry in (built / name).iterdir()] == [context], name
        assert (built / name / context / f"{module}.py").is_file()


def test_layers_are_for_the_runtime_of_the_functions(built: Path) -> None:
    for name, _layer in resources_of(read_template(ROOT / "template.yaml"), LAYER):
        binaries = [path.name for path in (built / name).rglob("*.so")]
        assert all("aarch64" in binary and "313" in binary for binary in binaries if "cpython" in binary), binaries
        assert (built / name / "python").is_dir()
    assert (built / "DependenciesLayer" / "python" / "chalice" / "app.py").is_file()
    assert (built / "SharedLayer" / "python" / "shared" / "__init__.py").is_file()


def test_layers_stay_within_what_lambda_takes(built: Path) -> None:
    """A function with its layers may unpack to 250 MB; ours shall stay far from it, for cold starts' sake."""
    sizes = {
        name: sum(path.stat().st_size for path in (built / name).rglob("*") if path.is_file()) / 1e6
        for name, _layer in resources_of(read_template(ROOT / "template.yaml"), LAYER)
    }
    assert sum(sizes.values()) < 100, json.dumps(sizes)


def test_the_layer_of_words_knows_our_languages(built: Path) -> None:
    """It goes without nine tenths of the languages of its wheel; a language's data rests on that of its parents."""
    layer = built / "WordsLayer" / "python"
    program = """
import sys
import babel.dates, babel.numbers
from datetime import date
assert babel.__file__.startswith(sys.argv[1]), babel.__file__
for locale in sys.argv[2:]:
    print(babel.numbers.format_currency(1250, "EUR", locale=locale), babel.dates.format_date(date(2026, 11, 5), "long", locale))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, layer, *("en_GB" if locale == "en" else locale for locale in LOCALES)],
        env={"PYTHONPATH": str(layer), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.findall(r"listopada|листопада|november|novembre|November", done.stdout) == [
        "listopada", "листопада", "november", "novembre", "November",
    ]  # fmt: skip
    assert len(list((layer / "babel" / "locale-data").glob("*.dat"))) < 20


def test_set_up_needs_no_tool_but_python() -> None:
    """The set-up runs before anything is installed: it may import the standard library only."""
    python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
    done = subprocess.run(
        [python, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import infra.build.environment"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
