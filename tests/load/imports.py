"""Import time of every Lambda handler of the template, as a ratio of a bare handler with one boto3 client in the same run."""

import hashlib
import io
import json
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from infra.build import environment
from infra.build.archives import bare_runtime, function_archive, layer_archive
from infra.build.package import FUNCTION, LAYER, read_template, resources_of
from tests.load.figures import Figures, median, table

AIM = 1.2
RUNS = 11
SCRATCH = environment.BUILD / "bench"
BARE = "bare.handler"
BARE_CODE = 'import boto3\n\nclient = boto3.client("dynamodb")\n\n\ndef handler(event, context):\n    return client\n'
MEASURE = """
import sys, json, os, importlib
from time import perf_counter, process_time
path, handler = json.loads(sys.argv[1]), sys.argv[2]
sys.path[:0] = path
module, _, name = handler.rpartition(".")
wall, cpu = perf_counter(), process_time()
getattr(importlib.import_module(module), name)
print(json.dumps([perf_counter() - wall, process_time() - cpu]))
"""
VARIABLES = {
    "PATH": "/usr/bin:/bin",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "PYTHONDONTWRITEBYTECODE": "1",
    "STAGE": "local",
}


@dataclass(frozen=True)
class Subject:
    """A handler with the folders of its code and of its layers, in the order in which the runtime looks."""

    handler: str
    path: tuple[str, ...]


def measure(runs: int = RUNS) -> Figures:
    """Seconds, CPU seconds and ratios by handler; every round imports each of them once in a process of its own."""
    runtime, subjects = bare_runtime(environment.BUILD), prepare()
    samples: dict[str, list[tuple[float, float]]] = {subject.handler: [] for subject in subjects}
    failures: dict[str, str] = {}
    for _ in range(runs):
        for subject in subjects:
            if subject.handler in failures:
                continue
            try:
                samples[subject.handler].append(import_once(runtime, subject))
            except subprocess.CalledProcessError as error:
                failures[subject.handler] = error.stderr.strip().splitlines()[-1]
    wall, cpu = (
        {name: [pair[index] for pair in pairs] for name, pairs in samples.items() if pairs} for index in (0, 1)
    )
    handlers = {
        name: {
            "seconds": median(wall[name]),
            "ratio": median(wall[name]) / median(wall[BARE]),
            "cpu_ratio": median(cpu[name]) / median(cpu[BARE]),
            "lowest_ratio": min(wall[name]) / min(wall[BARE]),
        }
        for name in wall
    }
    return {"aim": AIM, "runs": runs, "handlers": handlers, "failures": failures}


def report(figures: Figures) -> str:
    rows = [
        (
            name,
            each["seconds"] * 1000,
            each["ratio"],
            each["cpu_ratio"],
            "" if each["ratio"] <= AIM else "above the aim",
        )
        for name, each in sorted(figures["handlers"].items(), key=lambda pair: pair[1]["ratio"])
    ]
    rows += [(name, "-", "-", "-", f"does not import: {why}") for name, why in figures["failures"].items()]
    title = f"Import of each handler against a bare boto3 handler (medians of {figures['runs']}; aim {AIM})"
    return table(title, ("handler", "ms", "ratio", "CPU ratio", ""), rows)


def prepare() -> list[Subject]:
    """Unpack code and layers as the local runtime has them: layers compiled, a function's own code not."""
    template = read_template(environment.ROOT / "template.yaml")
    layers = {
        name: unpack_layer(environment.ROOT / layer["ContentUri"]) for name, layer in resources_of(template, LAYER)
    }
    common = template["Globals"]["Function"]
    bare = SCRATCH / "bare"
    bare.mkdir(parents=True, exist_ok=True)
    (bare / "bare.py").write_text(BARE_CODE)
    found = {BARE: Subject(BARE, (str(bare), *(layers[name["Ref"]] for name in common["Layers"])))}
    for _name, function in resources_of(template, FUNCTION):
        handler = function["Handler"]
        named = [layer["Ref"] for layer in common["Layers"] + function.get("Layers", [])]
        code = unpack(function_archive(environment.ROOT / common["CodeUri"], handler.split(".")[0]), compiled=False)
        # The emulator puts each layer before those that were named earlier.
        found[handler] = Subject(handler, (str(code), *(layers[name] for name in reversed(named))))
    return list(found.values())


def unpack_layer(folder: Path) -> str:
    return str(unpack(layer_archive(folder, environment.BUILD), compiled=True) / "python")


def unpack(content: bytes, *, compiled: bool) -> Path:
    folder = SCRATCH / "unpacked" / hashlib.sha256(content).hexdigest()[:24]
    if not folder.is_dir():
        scratch = folder.with_suffix(".part")
        zipfile.ZipFile(io.BytesIO(content)).extractall(scratch)
        if compiled:
            runtime = bare_runtime(environment.BUILD)
            subprocess.run([runtime, "-m", "compileall", "-q", "-j0", scratch], check=False, capture_output=True)
        scratch.rename(folder)
    return folder


def import_once(runtime: Path, subject: Subject) -> tuple[float, float]:
    """(seconds, CPU seconds) of one import in a fresh process. Raises CalledProcessError where it does not import."""
    command = [str(runtime), "-c", MEASURE, json.dumps(subject.path), subject.handler]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=VARIABLES)
    wall, cpu = json.loads(done.stdout.splitlines()[-1])
    return wall, cpu
