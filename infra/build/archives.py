"""Archives of functions and layers, the same bytes for the same content."""

import compileall
import fcntl
import hashlib
import io
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.build import environment

ROOT: Final = environment.ROOT
SKIPPED_FOLDERS: Final = frozenset({"__pycache__", ".venv", "node_modules", ".mypy_cache"})
SKIPPED_SUFFIXES: Final = frozenset({".pyc", ".in"})
SKIPPED_NAMES: Final = frozenset({"Makefile", ".DS_Store"})
TIMESTAMP: Final = (2020, 1, 1, 0, 0, 0)
LAYER_LOCKS: Final = ("requirements.txt", "requirements-nodeps.txt")


def files_of(folder: Path, *, bytecode: bool = False) -> Iterator[Path]:
    """The files of a folder that belong into an archive, in a fixed order; compiled modules only where they were made for it."""
    skipped_folders = SKIPPED_FOLDERS - {"__pycache__"} if bytecode else SKIPPED_FOLDERS
    skipped_suffixes = SKIPPED_SUFFIXES - {".pyc"} if bytecode else SKIPPED_SUFFIXES
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in skipped_folders)
        for name in sorted(names):
            if name not in SKIPPED_NAMES and Path(name).suffix not in skipped_suffixes:
                yield Path(place, name)


def archive(folder: Path, prefix: str, *, bytecode: bool = False) -> bytes:
    """A ZIP of a folder whose members' names begin with ``prefix``; nothing in it depends on when it was made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for path in files_of(folder, bytecode=bytecode):
            entry = zipfile.ZipInfo(prefix + path.relative_to(folder).as_posix(), TIMESTAMP)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def content_hash(*parts: bytes) -> str:
    """Name of some content."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32]


def function_archive(source: Path, context: str) -> bytes:
    """What the function of a context runs: the context's own package, compiled, and nothing else.

    A function's folder is read-only, so that modules that are not compiled beforehand are compiled again at every cold start.
    """
    folder = source / context
    if not folder.is_dir():
        raise FileNotFoundError(f"no code for {context} in {source}")
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, context)
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*SKIPPED_FOLDERS))
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH  # no times in it, and nothing to compare at run time
        compileall.compile_dir(copy, quiet=2, ddir=f"/var/task/{context}", invalidation_mode=unchecked)
        return archive(copy, f"{context}/", bytecode=True)


def layer_archive(folder: Path, build: Path) -> bytes:
    """A layer for this machine's Python: locked packages where the folder has a lock, else the folder as a package."""
    if not (folder / LAYER_LOCKS[0]).is_file():
        return archive(folder, f"python/{folder.name}/")
    locks = [lock for name in LAYER_LOCKS if (lock := folder / name).is_file()]
    name = f"{folder.name}-{environment.fingerprint(*locks)}"
    ready = build / "layers" / f"{name}.zip"
    if not ready.is_file():
        # A folder of its own and one rename at the end: two builders at once make it twice, neither reads half of it.
        ready.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=ready.parent) as scratch:
            content, partial = Path(scratch, "content"), Path(scratch, "layer.zip")
            install_layer(locks, content / "python")
            partial.write_bytes(archive(content, ""))
            partial.replace(ready)
    return ready.read_bytes()


def install_layer(locks: list[Path], target: Path) -> None:
    """Install locked packages into a folder. The lock of Chalice goes without its dependencies, which only deploy."""
    target.mkdir(parents=True)
    for lock in locks:
        options = ["--no-deps"] if lock.name == LAYER_LOCKS[1] else []
        where = ["--python", sys.executable, "--target", str(target)]
        command = [str(environment.uv()), "pip", "install", "-q", "--require-hashes", *where, *options, "-r", str(lock)]
        subprocess.run(command, check=True, stdout=sys.stderr)


def bare_runtime(build: Path) -> Path:
    """An interpreter like this one that has nothing but its standard library, for the functions to run on."""
    folder = build / f"runtime-{environment.fingerprint()}"
    interpreter = folder / "bin" / "python"
    build.mkdir(parents=True, exist_ok=True)
    with (build / "runtime.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back when the file closes
        if not interpreter.exists():
            venv.create(folder, with_pip=False, symlinks=True, clear=True)
    return interpreter
