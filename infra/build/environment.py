"""Set-up of what the Makefile's targets need; each step is stamped with a hash of its inputs and skipped when done.

Runs on the machine's own Python before anything is installed, so it imports the standard library only:
``python3 -m infra.build.environment dev web chromium sam checkov``.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
LEAST_PYTHON = (3, 11)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SetUpError(Exception):
    """Something the machine has to offer is missing; the message tells what to do."""


def fingerprint(*parts: str | Path) -> str:
    """Hash of file contents and plain words that decide whether a step has to run again."""
    digest = hashlib.sha256(f"{platform.python_version()} {platform.machine()} {ROOT}".encode())
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def step(title: str, stamp: Path, print_of_inputs: str, work: Callable[[], None]) -> None:
    """Run ``work`` unless ``stamp`` says that it was done with the same inputs."""
    if stamp.is_file() and stamp.read_text() == print_of_inputs:
        return
    print(f"set-up: {title}", file=sys.stderr, flush=True)
    stamp.unlink(missing_ok=True)
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(print_of_inputs)


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command, its output on our standard error; a failure ends the set-up."""
    words = [str(word) for word in command]
    try:
        subprocess.run(words, cwd=cwd, check=True, stdout=sys.stderr)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        raise SetUpError(f"{' '.join(words[:4])} ... failed: {error}") from error


def make_venv(folder: Path, *options: str) -> None:
    """A virtual environment of the running Python in place of whatever was there."""
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", *options, str(folder)], check=True, stdout=sys.stderr)
    except subprocess.CalledProcessError as error:
        raise SetUpError("python3 -m venv does not work here; on Debian: apt-get install python3-venv") from error


def uv() -> Path:
    """The pinned uv in an environment of its own, so that syncing another one never removes it."""
    folder, lock = ROOT / ".venv-uv", ROOT / "requirements" / "uv.txt"

    def install() -> None:
        make_venv(folder)
        run(folder / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock)

    step("uv", folder / ".lokum-stamp", fingerprint(lock), install)
    return folder / "bin" / "uv"


def synced(name: str, folder: Path) -> Path:
    """An environment that holds exactly what ``requirements/<name>.txt`` locks."""
    lock, tool = ROOT / "requirements" / f"{name}.txt", uv()

    def install() -> None:
        if not (folder / "bin" / "python").exists():
            make_venv(folder, "--without-pip")
        run(tool, "pip", "sync", "-q", "--require-hashes", "--python", folder / "bin" / "python", lock)

    step(f"Python packages of requirements/{name}.txt", folder / ".lokum-stamp", fingerprint(lock), install)
    return folder


def dev() -> None:
    """The environment of the project itself."""
    synced("dev", ROOT / ".venv")


def sam() -> None:
    """The SAM command, apart because it pins its own versions."""
    synced("sam", ROOT / ".venv-sam")


def checkov() -> None:
    """checkov, apart because it pins its own versions."""
    synced("checkov", ROOT / ".venv-checkov")


def web() -> None:
    """Node packages of the site, by the Node that the Python environment brings."""
    dev()
    lock, packages = ROOT / "web" / "package-lock.json", ROOT / "web" / "node_modules"
    if not lock.is_file():
        return
    environment = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}

    def install() -> None:
        # Not `npm ci`: it refuses a lock without the binaries of other platforms, and not every registry carries those.
        # With --no-save the lock decides all the same, and stays as it is.
        npm = [
            str(ROOT / ".venv" / "bin" / "npm"),
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]
        if subprocess.run(npm, cwd=lock.parent, env=environment, stdout=sys.stderr, check=False).returncode:
            raise SetUpError("npm install failed in web/")

    step("Node packages of web/package-lock.json", packages / ".lokum-stamp", fingerprint(lock), install)


def find_chromium() -> str | None:
    """Path of an installed Chromium, or of the one that the variable CHROMIUM names."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def chromium() -> None:
    """A browser for the end-to-end tests: the machine's own, or the distribution's package."""
    if find_chromium():
        return
    if not shutil.which("apt-get"):
        raise SetUpError("the browser tests need Chromium: install it and make it known as `chromium` or CHROMIUM=path")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    print("set-up: Chromium", file=sys.stderr, flush=True)
    try:
        run(*prefix, "apt-get", "update", "-q")
        run(*prefix, "apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core")
    except SetUpError as error:
        raise SetUpError("Chromium could not be installed; run: sudo apt-get install chromium") from error


def check_python() -> None:
    """Refuse a Python that is too old for the project."""
    if sys.version_info < LEAST_PYTHON:
        raise SetUpError(f"Python 3.11 or later is needed, not {platform.python_version()}; try make PYTHON=python3.12")


PARTS: dict[str, Callable[[], None]] = {"dev": dev, "web": web, "chromium": chromium, "sam": sam, "checkov": checkov}


def bring_up_to_date(parts: list[str]) -> None:
    """The parts side by side, because most of the time each waits for its downloads. Raises SetUpError."""
    if set(parts) - {"chromium"}:
        uv()
    with ThreadPoolExecutor(len(parts)) as pool:
        for running in [pool.submit(PARTS[part]) for part in parts]:
            running.result()


def main() -> int:
    """Bring the named parts up to date."""
    parser = argparse.ArgumentParser(prog="python3 -m infra.build.environment", description=__doc__)
    parser.add_argument("parts", nargs="+", choices=sorted(PARTS))
    parts = parser.parse_args().parts
    try:
        check_python()
        bring_up_to_date(parts)
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
