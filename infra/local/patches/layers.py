"""How the emulator unpacks the layers of a function."""

import hashlib
import os
import shutil
import subprocess
import threading
import zipfile
from pathlib import Path
from typing import Any

from infra.local.patches.parts import Stand, require


def unpack_once(*, runtime: Path, cache: Path, **_context: Any) -> None:
    """Unpack and compile each layer once per content and link it; the emulator does it anew for every worker (70 MB each)."""
    from ministack.core import lambda_runtime

    require(lambda_runtime, "zipfile")
    lambda_runtime.zipfile = Stand(zipfile, ZipFile=cached_archive(runtime, cache))


def cached_archive(runtime: Path, cache: Path) -> type[zipfile.ZipFile]:
    """A ZipFile whose ``extractall`` into an empty folder links to a compiled copy under ``cache``."""
    lock = threading.Lock()

    class CachedArchive(zipfile.ZipFile):
        def _unpacked(self) -> Path:
            with Path(str(self.filename)).open("rb") as file:
                return cache / hashlib.file_digest(file, "sha256").hexdigest()[:32]

        def namelist(self) -> list[str]:
            # The caller resolves every name to refuse a path that leaves the folder; what is unpacked has passed that.
            return [] if self._unpacked().is_dir() else super().namelist()

        def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
            if not Path(path).name.startswith("layer_"):
                super().extractall(path, members, pwd)
                return
            folder = self._unpacked()
            with lock:
                if not folder.is_dir():
                    self._unpack(folder)
            Path(path).rmdir()
            Path(path).symlink_to(folder, target_is_directory=True)

        def _unpack(self, folder: Path) -> None:
            scratch = folder.with_name(f"{folder.name}.{os.getpid()}")
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
            super().extractall(scratch)
            subprocess.run([runtime, "-m", "compileall", "-q", "-j0", scratch], check=False, capture_output=True)
            scratch.rename(folder)

    return CachedArchive
