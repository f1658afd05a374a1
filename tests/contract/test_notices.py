"""What people are told has words and a place on the site, in every language."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from notifications.channels import channel as module_of
from notifications.kinds import KINDS, REFUSABLE, Channel
from notifications.rules_delivery import cannot_wait

from infra.build.reference import whatsapp_templates
from infra.local.messengers import whatsapp as meta
from tests.letters import message
from tests.unit.notifications.channels import samples
from tests.unit.notifications.test_digest_words import digest

WEB = Path(__file__).parents[2] / "web"
TABLE = (WEB / "src" / "i18n" / "notice-words.ts").read_text().partition("export const NOTICES")[2].partition("\n};")[0]
ROWS = re.findall(r"^  (\w+): \[(.*?),\s*'([^']*)',?\s*\],$", TABLE, re.MULTILINE | re.DOTALL)


def test_the_site_leads_where_the_kind_says() -> None:
    assert {kind: page for kind, _words, page in ROWS} == {kind: entry.page for kind, entry in KINDS.items()}


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, words, _page in ROWS])
def test_the_words_are_made_of_what_the_notice_has(kind: str, words: str) -> None:
    wanted = set(re.findall(r"said\.text\('(\w+)'\)|said\.day\('(\w+)'\)", words))
    names = {name for pair in wanted for name in pair if name}
    names |= {"amount", "currency"} if "said.money(" in words else set()
    names |= {"day"} if "said.day()" in words else set()
    names |= {"at"} if "said.at()" in words else set()
    names |= {"medium"} if "medium(said)" in words else set()
    names |= {"amount", "currency", "day", "cause"} if words == "went" else set()
    # `days` is never said here: a notice is read long after it was made. Of news, whose text is a page, the title is said.
    assert names == ({"title"} if KINDS[kind].by_reference else set(KINDS[kind].values) - {"days"})


@pytest.mark.parametrize("locale", ["en", "fr", "nb", "pl", "uk"])
def test_every_kind_has_words(locale: str) -> None:
    texts = json.loads((WEB / "messages" / f"{locale}.json").read_text())
    used = set(re.findall(r"m\.(notice_\w+)", (WEB / "src" / "i18n" / "notice-words.ts").read_text()))
    assert len(used) >= len(KINDS)
    assert not [key for key in used if not texts.get(key)]


def test_what_can_be_switched_off_has_its_switch() -> None:
    groups = (WEB / "src" / "pages" / "parts" / "notify-groups.ts").read_text()
    table = groups.partition("const GROUPS")[2].partition("\n];")[0]
    named = re.findall(r"'(\w+)'", table)
    assert sorted(named) == sorted(kind for kind, entry in KINDS.items() if not cannot_wait(entry))


def test_what_one_click_refuses_has_a_name() -> None:
    names = (WEB / "src" / "i18n" / "notice-kinds.ts").read_text()
    assert set(re.findall(r"^  (\w+): m\.", names, re.MULTILINE)) == {
        kind for kind, entry in KINDS.items() if entry.nature in REFUSABLE
    }


def test_every_setting_of_a_channel_has_a_name() -> None:
    names = (WEB / "src" / "i18n" / "channel-fields.ts").read_text()
    fields = {field.name for channel in Channel for field in module_of(channel).FIELDS}
    assert set(re.findall(r"^  (\w+): m\.", names, re.MULTILINE)) == fields


def test_what_goes_by_whatsapp_is_what_was_registered() -> None:
    kinds = [name for name, kind in KINDS.items() if any(Channel.WHATSAPP in step for step in kind.ladder)]
    told = [message(name, "uk") for name in kinds]
    words = [*told, digest("uk", told), replace(samples.MESSAGE, code="481516")]
    sent = [json.loads(samples.send(Channel.WHATSAPP, one).body)["template"] for one in words]
    assert {one["name"].removeprefix("lokum_"): len(meta.parameters(one)) for one in sent} == {
        name: len(values) for name, values in whatsapp_templates().items()
    }
