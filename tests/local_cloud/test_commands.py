"""The commands' smaller parts: set-up stamps, hot reload's choice, reset, what is said on the way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.build import environment
from infra.build.environment import ROOT
from infra.local.console import Console
from infra.local.dev import changed_contexts
from infra.local.portal import InUseError, lock, reset


def test_a_step_runs_once_per_content(tmp_path: Path) -> None:
    runs: list[str] = []
    stamp = tmp_path / "stamp"

    def step(content: str) -> None:
        environment.step("work", stamp, environment.fingerprint(content), lambda: runs.append(content))

    for content in ("one", "one", "two", "two", "one"):
        step(content)
    assert runs == ["one", "two", "one"]


def test_a_step_that_failed_runs_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise environment.SetUpError("no")

    with pytest.raises(environment.SetUpError):
        environment.step("work", tmp_path / "stamp", "same", fail)
    runs: list[int] = []
    environment.step("work", tmp_path / "stamp", "same", lambda: runs.append(1))
    assert runs == [1]


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(environment.SetUpError, match=r"3\.11"):
        environment.check_python()


def test_hot_reload_replaces_code_of_changed_contexts_only() -> None:
    assert changed_contexts([ROOT / "functions/payments/app.py", ROOT / "functions/auth/rules.py"]) == {
        "payments",
        "auth",
    }
    assert changed_contexts([ROOT / "functions/payments/app.py", ROOT / "shared/ids.py"]) is None
    assert changed_contexts([ROOT / "template.yaml"]) is None


def test_reset_forgets_the_data_but_not_under_a_running_portal(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert reset(folder) is False
    folder.mkdir()
    (folder / "state").write_text("x")
    release = lock(folder)
    with pytest.raises(InUseError):
        reset(folder)
    release()
    assert reset(folder) is True
    assert not folder.exists()


def test_steps_tell_what_they_do_and_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    with console.step("cloud", "starting") as result:
        result.append("up")
    console.table("people", [("a@example", "tenant"), ("staff@example", "staff")])
    assert capsys.readouterr().out.splitlines() == [
        "  cloud      starting",
        "  cloud      up",
        "",
        "people",
        "  a@example      tenant",
        "  staff@example  staff",
    ]


def test_every_target_of_the_makefile_is_explained() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ)
    text = (ROOT / "Makefile").read_text()
    declared = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    explained = [line.split()[1] for line in done.stdout.splitlines()]
    assert sorted(explained) == sorted(declared)
