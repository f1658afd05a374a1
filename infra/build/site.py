"""Building the site; skipped when nothing it is made of has changed."""

import mimetypes
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra.build.archives import content_hash
from infra.build.environment import BUILD, ROOT

WEB: Final = ROOT / "web"
DIST: Final = WEB / "dist"
STAMP: Final = BUILD / "site.stamp"
SOURCES: Final = ("src", "public", "messages")
PROJECT: Final = "project.inlang/settings.json"
"""Of the folder of texts only this is ours; the compiler leaves its own files beside it."""
GENERATED: Final = ("src/paraglide", "src/api/schema.d.ts")
TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
HASHED: Final = "assets/"
"""Files whose names change with their content."""


class SiteError(RuntimeError):
    """The site could not be built; what the tools said stands on standard error."""


def content_type(name: str) -> str:
    """Media type of a file of the site."""
    return TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def caching(name: str) -> str:
    """How long browsers may keep a file of the site without asking."""
    return "public, max-age=31536000, immutable" if name.startswith(HASHED) else "no-cache"


def sources_hash() -> str:
    """Name of everything that the site is made of."""
    files = [WEB / PROJECT, *(path for path in WEB.iterdir() if path.is_file())]
    for folder in SOURCES:
        files += [path for path in (WEB / folder).rglob("*") if path.is_file()]
    names = {path.relative_to(WEB).as_posix(): path for path in files}
    wanted = sorted(name for name in names if not name.startswith(GENERATED))
    return content_hash(*(name.encode() + b"\0" + names[name].read_bytes() for name in wanted))


def node_environment() -> dict[str, str]:
    """The environment in which the project's own Node runs."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def build_site() -> bool:
    """Build ``web/dist``. False when it was up to date. Raises SiteError."""
    name = sources_hash()
    if DIST.is_dir() and STAMP.is_file() and STAMP.read_text() == name:
        return False
    command = [str(Path(sys.executable).parent / "npm"), "run", "--silent", "build"]
    done = subprocess.run(command, cwd=WEB, env=node_environment(), check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        raise SiteError("the site could not be built (npm run build in web/)")
    STAMP.parent.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(name)
    return True


if __name__ == "__main__":
    print("built" if build_site() else "up to date")
