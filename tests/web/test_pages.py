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


def test_a_graded_item_shows_its_proposal_or_the_way_to_it() -> None:
    """Options with reasons and a button to accept; where they are not computed, a link to the queue."""
    proposed = render(sample_views.item_proposed(), sample_views.shell())
    assert "proposed by" in proposed
    assert 'action="/queues/graded/accept?key=11"' in proposed
    assert "Decide otherwise:" not in proposed
    waits = msgspec.structs.replace(sample_views.item_plain(), waiting_href="/queues/graded?selected=11")
    html = render(waits, sample_views.shell())
    assert 'href="/queues/graded?selected=11"' in html
    assert "as soon as the item is graded" not in html


def test_who_may_not_act_is_not_offered_to() -> None:
    """A role that may only look finds no button, no mark and no hint for what it may not do."""
    queue = msgspec.structs.replace(sample_views.queue(), may_act=False)
    html = render(queue, sample_views.shell())
    assert "data-mark-all" not in html
    assert "<kbd>↵</kbd> accept" not in html
    closed = msgspec.structs.replace(sample_views.import_upload(), may_import=False)
    assert 'type="file"' not in render(closed, sample_views.shell())
    assert "not make them" in render(closed, sample_views.shell())


def test_a_verified_item_renews_its_chip() -> None:
    """What stood on the page as not verified yet is replaced with the answer, not beside it."""
    html = render(sample_views.fragments()["verified-item"], sample_views.shell())
    assert 'id="verified-chip" hx-swap-oob="true"' in html
    assert "not verified yet" not in html


def test_only_a_simulated_world_names_its_clock() -> None:
    """The top bar tells a time that is not the wall clock's."""
    view = sample_views.jobs()
    assert "demo clock" not in render(view, sample_views.shell())
    assert "demo clock" in render(view, sample_views.shell(simulated=True))


def test_an_empty_cell_of_a_file_is_said_to_be_empty() -> None:
    """The report of a dry run tells what is wrong beside what was found."""
    page = sample_views.import_report()
    assert page.report
    error = msgspec.structs.replace(page.report.errors[0], found="", wrong=msg("This is missing."))
    report = msgspec.structs.replace(page.report, errors=(error,))
    html = render(msgspec.structs.replace(page, report=report), sample_views.shell())
    assert ">empty<" in html
    assert "This is missing." in html
