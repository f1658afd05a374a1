"""How the emulator runs a function: one warm subprocess for each concurrent invocation."""

# ruff: noqa: SLF001 - a patch is about private parts
import os
import subprocess
from functools import partialmethod
from pathlib import Path
from typing import Any, Final

from infra.local.patches.parts import Stand, WrongEmulatorError, require

KEPT: Final = frozenset({"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR"})
OF_LAMBDA: Final = ("AWS_", "LAMBDA_", "_LAMBDA", "MINISTACK")
"""Prefixes of the variables that the emulator itself sets for a function, as the real runtime does."""
NEVER: Final = frozenset({"AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "PYTHONPATH", "PYTHONHOME"})

LAYERS_BEFORE_CODE: Final = "    # After sys.path is complete"
CODE_BEFORE_LAYERS: Final = "    sys.path.remove(code_dir); sys.path.insert(0, code_dir)\n"


def answer_without_waiting(**_context: Any) -> None:
    """A handler that prints nothing is answered after 2 ms; the emulator waits 50 ms for output that never comes."""
    from ministack.core import lambda_runtime

    require(lambda_runtime.Worker, "_drain_stderr_bounded")
    patient = lambda_runtime.Worker._drain_stderr_bounded
    lambda_runtime.Worker._drain_stderr_bounded = partialmethod(patient, first_line_wait=0.002, idle_confirm=0.002)


def run_on_bare_runtime(*, runtime: Path, **_context: Any) -> None:
    """Functions run on an interpreter that holds nothing but the standard library, with none of the host's variables.

    The emulator runs them on its own interpreter, where a package that is missing from a layer goes unnoticed. It also
    looks into layers before the function's own code; AWS does it the other way round.
    """
    from ministack.core import lambda_runtime

    require(lambda_runtime, "_detect_runtime_binary", "_PYTHON_WORKER_SCRIPT", "subprocess")
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if script.count(LAYERS_BEFORE_CODE) != 1:
        raise WrongEmulatorError("the worker script of ministack has changed")
    script = script.replace(LAYERS_BEFORE_CODE, CODE_BEFORE_LAYERS + LAYERS_BEFORE_CODE)
    detect = lambda_runtime._detect_runtime_binary

    def bare(name: str) -> tuple[str, str]:
        return (str(runtime), script) if name.startswith("python") else detect(name)

    lambda_runtime._detect_runtime_binary = bare
    lambda_runtime.subprocess = Stand(subprocess, Popen=spawn_clean)


def spawn_clean(command: list[str], *, env: dict[str, str], **options: Any) -> subprocess.Popen[Any]:
    """Start a worker with the function's variables only, in a session of its own so that Ctrl-C does not reach it."""
    return subprocess.Popen(command, env=function_environment(env), start_new_session=True, **options)


def function_environment(offered: dict[str, str]) -> dict[str, str]:
    """Of the variables offered (the host's and the function's in one), those that a function may see."""

    def seen(name: str, value: str) -> bool:
        if name in NEVER:
            return False
        return name in KEPT or name.startswith(OF_LAMBDA) or os.environ.get(name) != value

    return {name: value for name, value in offered.items() if seen(name, value)}
