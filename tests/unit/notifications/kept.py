"""What was said once and looked at: files under `snapshots`. `SNAPSHOTS=write` writes them anew, to be read before they are committed."""

import os
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "snapshots"


def check_kept(name: str, said: str) -> None:
    """That something is said as it was. A file's name may have a folder."""
    path = _FOLDER / f"{name}.txt"
    if os.environ.get("SNAPSHOTS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, "utf-8")
    assert said == path.read_text("utf-8")
