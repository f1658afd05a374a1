"""Reads CloudFormation YAML: intrinsic functions become `{"Ref": ...}` and `{"Fn::...": ...}` dictionaries."""

from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
TEMPLATES: Final = (
    "template.yaml", "infra/data.yaml", "infra/events.yaml", "infra/observability.yaml", "infra/web.yaml",
)  # fmt: skip


class _Loader(yaml.SafeLoader):
    pass


def _intrinsic(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def load(name: str) -> dict[str, Any]:
    """A template of the project by its path from the root."""
    content: dict[str, Any] = yaml.load((ROOT / name).read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader with CloudFormation's tags
    return content
