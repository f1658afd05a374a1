"""Every text that we send exists in every language, with the same values to put in."""

import re
import string

import pytest

from shared import i18n


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_catalogue_is_complete(locale):
    source, texts = i18n.catalogue(i18n.SOURCE_LOCALE), i18n.catalogue(locale)
    assert set(texts) == set(source)
    for key, text in texts.items():
        assert _names(text) == _names(source[key]), key
        assert text.strip()


@pytest.mark.parametrize("locale", [locale for locale in i18n.LOCALES if locale != i18n.SOURCE_LOCALE])
def test_nothing_is_left_in_english(locale):
    source, texts = i18n.catalogue(i18n.SOURCE_LOCALE), i18n.catalogue(locale)
    assert [key for key in texts if texts[key] == source[key] and re.search("[a-z]{4}", texts[key])] == []


def test_an_unknown_language_gets_english():
    assert i18n.text("de", "reset_subject") == i18n.text("en", "reset_subject")


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
