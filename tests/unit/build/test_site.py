"""The site is built again when one of its sources has changed, and only then."""

import pytest

from infra.build import site


@pytest.fixture
def web(tmp_path, monkeypatch):
    monkeypatch.setattr(site, "WEB", tmp_path)
    for name in ("src/app.tsx", "messages/en.json", "project.inlang/settings.json", "package.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    (tmp_path / "public").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", ["src/new.tsx", "messages/en.json", "project.inlang/settings.json", "public/a.svg"])
def test_a_source_counts(web, name):
    before = site.sources_hash()
    (web / name).write_text("changed")
    assert site.sources_hash() != before


@pytest.mark.parametrize(
    "name", ["src/paraglide/runtime.js", "src/api/schema.d.ts", "project.inlang/cache/plugin.js", "dist/index.html"]
)
def test_what_the_build_leaves_behind_does_not(web, name):
    before = site.sources_hash()
    path = web / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("made")
    assert site.sources_hash() == before
