"""From the templates in the repository to one that CloudFormation can deploy: code uploaded, nested templates uploaded."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from samtranslator.yaml_helper import yaml_parse

from infra.build.archives import content_hash, function_archive, layer_archive

Template = dict[str, Any]
FUNCTION: Final = "AWS::Serverless::Function"
LAYER: Final = "AWS::Serverless::LayerVersion"
NESTED: Final = "AWS::Serverless::Application"


def read_template(path: Path) -> Template:
    """A template with its short forms (!Ref, !GetAtt, ...) written out."""
    template: Template = yaml_parse(path.read_text())
    return template


def resources_of(template: Template, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Logical id and properties of the resources of some types."""
    for name, resource in template["Resources"].items():
        if resource["Type"] in kinds:
            yield name, resource.setdefault("Properties", {})


@dataclass
class Package:
    """Packages a template and everything it names. ``upload(key, body)`` stores content under its hash."""

    root: Path
    build: Path
    bucket: str
    upload: Callable[[str, bytes], None]
    values: dict[str, str] = field(default_factory=dict)
    _stored: dict[str, str] = field(default_factory=dict)

    def template(self, path: Path) -> Template:
        """The template at ``path``, ready to deploy."""
        template = read_template(path)
        source = template.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
        for _name, function in resources_of(template, FUNCTION):
            function["CodeUri"] = self._function(path.parent, function.get("CodeUri", source), function["Handler"])
        for _name, layer in resources_of(template, LAYER):
            layer["ContentUri"] = self._layer(path.parent / layer["ContentUri"])
        for _name, nested in resources_of(template, NESTED):
            nested["Location"] = self._nested(path.parent / nested["Location"])
        # The emulator expands SAM with the defaults, whatever values the deployment gives.
        for name, declared in template.get("Parameters", {}).items():
            if name in self.values:
                declared["Default"] = self.values[name]
        return template

    def _once(self, name: str, suffix: str, content: Callable[[], bytes]) -> str:
        if name not in self._stored:
            body = content()
            self._stored[name] = f"{content_hash(body)}{suffix}"
            self.upload(self._stored[name], body)
        return self._stored[name]

    def _function(self, folder: Path, source: str, handler: str) -> str:
        context = handler.split(".", maxsplit=1)[0]
        key = self._once(f"function {context}", ".zip", lambda: function_archive(folder / source, context))
        return f"s3://{self.bucket}/{key}"

    def _layer(self, folder: Path) -> str:
        key = self._once(f"layer {folder}", ".zip", lambda: layer_archive(folder, self.build))
        return f"s3://{self.bucket}/{key}"

    def _nested(self, path: Path) -> str:
        key = self._once(f"template {path}", ".template", lambda: json.dumps(self.template(path), default=str).encode())
        return f"https://s3.amazonaws.com/{self.bucket}/{key}"


def inputs_hash(root: Path, values: dict[str, str], *more: bytes) -> str:
    """Name of everything that a deployment is made of; the same name means that nothing has to be deployed."""
    paths = [root / "template.yaml", *sorted(root.glob("infra/*.yaml")), *sorted(root.glob("layers/*/*.txt"))]
    for folder in ("functions", "shared"):
        paths += sorted(path for path in (root / folder).rglob("*.*") if path.is_file() and path.suffix != ".pyc")
    parts = (f"{path.relative_to(root)}\0".encode() + path.read_bytes() for path in paths)
    return content_hash(json.dumps(values, sort_keys=True).encode(), *more, *parts)
