"""The SAM command in its own environment."""

import os
import subprocess
from pathlib import Path
from typing import Final

from infra.build.environment import BUILD, ROOT, synced, uv

OUTPUT: Final = ROOT / ".aws-sam" / "build"
QUIET: Final = {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_CHECK_VERSION": "0", "AWS_EC2_METADATA_DISABLED": "true"}


def sam_environment(*, alone: bool) -> dict[str, str]:
    """Variables for the command: our uv first on the path. ``alone`` keeps it away from the home folder and any account."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | QUIET
    environment["PATH"] = f"{uv().parent}{os.pathsep}{environment['PATH']}"
    if alone:
        home = BUILD / "home"
        home.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in environment.items() if not name.startswith("AWS_")} | QUIET
        environment |= {"HOME": str(home), "AWS_DEFAULT_REGION": "eu-central-1"}
        environment |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    return environment


def sam(*words: str | Path, alone: bool, capture: bool = False) -> subprocess.CompletedProcess[str]:
    """Run ``sam``; with ``capture`` its output is kept instead of shown. The exit code is the caller's to look at."""
    command = [str(synced("sam", ROOT / ".venv-sam") / "bin" / "sam"), *(str(word) for word in words)]
    environment = sam_environment(alone=alone)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, text=True, capture_output=capture)
