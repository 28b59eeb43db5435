"""Every page renders from its view, in both languages, full and empty, as well-formed and safe HTML."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import msgspec
import pytest

from takeback.core.message import msg
from takeback.web.console import LOCALES, render
from takeback.web.console.views import Address, ItemPage, Need, View
from tests.web import sample_views

VOID = {"meta", "link", "input", "hr", "br", "img"}


class Nesting(HTMLParser):
    """Notes tags that do not close in order, and every id."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids.update(value for name, value in attrs if name == "id" and value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def check(html: str) -> None:
    parser = Nesting()
    parser.feed(html)
    assert not parser.wrong
    assert not parser.open
    assert all(count == 1 for count in parser.ids.values()), parser.ids.most_common(1)
    assert " style=" not in html
    assert "{{" not in html
    assert not re.search(r">[^<]*\{[a-z_]+\}", html), "a place in a sentence was not filled"
    assert not re.search(r'<svg class="chart(?! axis)[^>]*role="img"[^>]*>(?!<title>)', html), "a chart without a name"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", sample_views.PAGES)
def test_a_page_renders(name: str, locale: str) -> None:
    """Whole, with all its figures."""
    path, make = sample_views.PAGES[name]
    html = render(make(), sample_views.shell(path, locale))  # type: ignore[arg-type, operator]
    assert f'<html lang="{"zh-Hans" if locale == "zh_Hans" else "en"}"' in html
    check(html)


@pytest.mark.parametrize("name", sample_views.empty_views())
def test_an_empty_page_says_what_comes_here(name: str) -> None:
    """Nothing to show is a state of its own, not an empty frame."""
    html = render(sample_views.empty_views()[name], sample_views.shell())
    check(html)
    assert name in {"settings", "import"} or 'class="empty"' in html


@pytest.mark.parametrize("name", sample_views.fragments())
def test_a_fragment_renders_alone(name: str) -> None:
    """What htmx swaps in has no page around it."""
    html = render(sample_views.fragments()[name], sample_views.shell())
    check(html)
    assert "<html" not in html


def test_every_view_has_a_page_among_the_samples() -> None:
    """A new page comes with sample figures, so that it is looked at."""
    views = [make() for _, make in sample_views.PAGES.values()]  # type: ignore[operator]
    shown = {type(view) for view in [*views, *sample_views.fragments().values()]}
    assert shown == set(View.__subclasses__())


def test_what_people_type_is_never_markup() -> None:
    """Names, reasons and search words are escaped, in text, in attributes and in data for scripts."""
    evil = "\"'><script>alert(1)</script>"
    item = msgspec.structs.replace(sample_views.item_plain(), name=evil, reference=evil, held_by=evil)
    home = sample_views.home()
    needs = (Need(href="/", title=evil, detail=msg("found {what}", what=evil), badge="!"),)
    plan = sample_views.plan()
    stop = msgspec.structs.replace(plan.routes[0].stops[1], name=evil)
    route = msgspec.structs.replace(plan.routes[0], stops=(plan.routes[0].stops[0], stop))
    views: list[View] = [
        item,
        msgspec.structs.replace(home, needs=needs),
        msgspec.structs.replace(sample_views.items(), query=evil),
        msgspec.structs.replace(plan, routes=(route,)),
    ]
    for view in views:
        assert "<script>alert" not in render(view, sample_views.shell())


def test_the_address_of_a_list_keeps_its_filters() -> None:
    """Changing one parameter leaves the others; None takes one away."""
    address = Address(path="/queues/all", params={"site": "wux", "page": "3"})
    assert address.href(page=None, sort="age") == "/queues/all?site=wux&sort=age"
    assert Address(path="/items").href(q="a b&c") == "/items?q=a+b%26c"


def test_an_item_that_was_never_decided_offers_no_decision() -> None:
    """Half a record shows half a page, never an error."""
    page = sample_views.item_plain()
    assert isinstance(page, ItemPage)
    assert "Not decided yet." in render(page, sample_views.shell())
