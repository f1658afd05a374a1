"""The docs keep up: every setting, event, error code, table section and decision is written down."""

import re
from pathlib import Path

import pytest

from infra.build import reference
from infra.build.template import load
from shared.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


def _read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", reference.PAGES)
def test_reference_pages_are_current(name):
    assert _read(name) == reference.PAGES[name](), "run `make reference`"


def test_every_setting_and_parameter_is_documented():
    page = _read("settings.md")
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in page] == []
    assert [name for name in load("template.yaml")["Parameters"] if f"`{name}`" not in page] == []


def test_every_table_has_its_access_patterns():
    page = _read("data-model.md")
    for name, resource in load("infra/data.yaml")["Resources"].items():
        if resource["Type"] == "AWS::DynamoDB::Table":
            assert f"`{name}`" in page


def test_links_inside_the_docs_lead_somewhere():
    for page in DOCS.rglob("*.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
