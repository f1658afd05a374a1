"""What is built once is whole, also when two builders begin at the same time."""

import subprocess
import sys
import zipfile
from pathlib import Path

from infra.build.environment import ROOT

BUILDER = """
import sys
from pathlib import Path
from infra.build.archives import bare_runtime, layer_archive
build = Path(sys.argv[1])
print(len(layer_archive(Path("layers/banking"), build)), bare_runtime(build).exists())
"""


def test_two_builders_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUILDER, str(tmp_path / "build")]
    builders = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {builder.communicate(timeout=120)[0] for builder in builders}
    assert [builder.returncode for builder in builders] == [0, 0, 0]
    assert len(said) == 1, said
    (layer,) = (tmp_path / "build" / "layers").iterdir()
    assert zipfile.ZipFile(layer).testzip() is None
