"""Every sentence that people see exists in both languages, and no sentence is outside the catalogue."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from tools import translations as tool

from takeback.web.console import STATIC, translations
from takeback.web.console.vocabulary import WORDS

FOUND = tool.extracted()
TEMPLATES = sorted((STATIC["/static/console"].parent / "templates").rglob("*.html"))
SHOWN_ATTRIBUTES = {"placeholder", "title", "aria-label", "alt", "data-confirm", "label", "value", "content"}
NAMES = {"Takeback", "English", "Ctrl", "kg", "km", "utf"}
"""Words that are the same in every language."""


def catalogued() -> Iterator[tuple[str, Message]]:
    for locale in tool.LOCALES:
        for message in tool.read(locale):
            if message.id:
                yield locale, message


@pytest.mark.parametrize("locale", tool.LOCALES)
def test_every_sentence_of_the_sources_is_translated(locale: str) -> None:
    """Add what is missing: `python tools/translations.py`, then the right side of the catalogue."""
    missing = tool.untranslated(FOUND, tool.read(locale))
    assert not missing, "\n".join(f"{message.id!r} in {message.locations}" for message in missing)


def test_a_translation_has_the_places_of_its_sentence() -> None:
    """A place that is lost or misspelt would show as `{name}`, or hide a figure."""
    wrong = [
        (locale, message.id)
        for locale, message in catalogued()
        for form in _texts(message.string)
        if form and _places(form) - _all_places(message) | (_all_places(message) - _places(form) - {"n"})
    ]
    assert not wrong


def _texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


def _places(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return {"<broken>"}


def _all_places(message: Message) -> set[str]:
    return set().union(*(_places(text) for text in _texts(message.id)))


def test_the_fields_own_words_are_used() -> None:
    """The law's senses, not everyday ones: 梯次利用 is repurposing, 再制造 remanufacturing."""
    gettext = translations("zh_Hans").gettext
    assert gettext(str(WORDS["disposition"]["repurpose"])) == "梯次利用"
    assert gettext(str(WORDS["disposition"]["remanufacture"])) == "再制造"
    assert gettext(str(WORDS["disposition"]["recycle"])) == "再生利用"
    assert gettext("Mass balance") == "物料平衡"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_sentence_of_a_template_is_outside_the_catalogue(template: Path) -> None:
    """Text between tags, and in attributes that people see or hear, goes through `_(...)`."""
    parser = _BareText()
    text = re.sub(r"\{% block body_class %\}\w*", "", template.read_text("utf-8"))
    parser.feed(re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL))
    assert not parser.found


class _BareText(HTMLParser):
    """Collects words that stand in the markup itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"input", "meta", "link", "hr", "br"}:
            self.inside.append(tag)
        hidden = tag in {"meta", "input", "button", "option"}
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES - ({"value", "content"} if hidden else set()) and value:
                self._look(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"kbd", "script", "code"} & set(self.inside):
            self._look(data)

    def _look(self, text: str) -> None:
        self.found += [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NAMES]


def test_the_search_for_bare_text_finds_it() -> None:
    """The test above can fail."""
    parser = _BareText()
    parser.feed('<p title="Hello">There <b>you</b> <kbd>Enter</kbd> are</p>')
    assert parser.found == ["Hello", "There", "you", "are"]
