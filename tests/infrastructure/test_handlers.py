"""Every handler of the template loads from its own archive and its layers, and from nothing else."""

import json
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import pytest

from infra.build.archives import bare_runtime, function_archive, layer_archive
from infra.build.environment import BUILD, ROOT
from infra.build.package import FUNCTION, LAYER, read_template, resources_of

TEMPLATE = read_template(ROOT / "template.yaml")
FUNCTIONS = dict(resources_of(TEMPLATE, FUNCTION))
LAYERS = dict(resources_of(TEMPLATE, LAYER))
LOAD = """
import importlib, sys
module, name = sys.argv[1].rsplit(".", 1)
handler = getattr(importlib.import_module(module), name)
assert callable(handler), handler
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory):
    """Gives the folder into which an archive of some name was unpacked."""
    folder = tmp_path_factory.mktemp("archives")

    @cache
    def unpack(kind: str, name: str) -> Path:
        body = (
            layer_archive(ROOT / LAYERS[name]["ContentUri"], BUILD)
            if kind == "layer"
            else function_archive(ROOT / "functions", name)
        )
        place = folder / kind / name
        (folder / f"{kind}-{name}.zip").write_bytes(body)
        with zipfile.ZipFile(folder / f"{kind}-{name}.zip") as archive:
            archive.extractall(place)
        return place

    return unpack


def layers_of(function: dict) -> list[str]:
    """SAM appends a function's own layers to the global ones."""
    return [reference["Ref"] for reference in TEMPLATE["Globals"]["Function"]["Layers"] + function.get("Layers", [])]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_handler_loads(name: str, unpacked) -> None:
    handler = FUNCTIONS[name]["Handler"]
    places = [unpacked("function", handler.split(".")[0])]
    places += [unpacked("layer", layer) / "python" for layer in layers_of(FUNCTIONS[name])]
    variables = FUNCTIONS[name].get("Environment", {}).get("Variables", {})
    environment = {key: value if isinstance(value, str) else "name" for key, value in variables.items()}
    environment |= {"PYTHONPATH": ":".join(str(place) for place in places), "AWS_REGION": "eu-central-1"}
    environment |= {"AWS_LAMBDA_FUNCTION_NAME": name, "AWS_DEFAULT_REGION": "eu-central-1"}
    done = subprocess.run(
        [bare_runtime(BUILD), "-s", "-c", LOAD, handler],
        env=environment,
        cwd=places[0],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, json.dumps(environment) + done.stderr


SAY = """
from notifications.rendering import render
made = render(
    "reading_accepted", {"day": "2026-11-05"}, {"meter_id": "met_1"}, "pl", sender="x", origin="https://x", notice_id="ntc_1"
)
assert "5\\u00a0listopada" in made.text and made.text.partition("\\n")[0] in made.html, made
"""


def test_words_travel_with_who_sends_them(unpacked) -> None:
    places = [unpacked("function", "notifications")]
    places += [unpacked("layer", layer) / "python" for layer in ("DependenciesLayer", "SharedLayer", "WordsLayer")]
    done = subprocess.run(
        [bare_runtime(BUILD), "-s", "-c", SAY],
        env={"PYTHONPATH": ":".join(str(place) for place in places), "PYTHONUTF8": "1"},
        cwd=places[0],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
