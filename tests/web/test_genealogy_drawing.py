"""The genealogy as people see it: few boxes for many things, nothing lost, in the reading direction, by keyboard."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from takeback.web.console import render
from takeback.web.console.catalogue import translations
from takeback.web.console.charts import genealogy_drawing
from takeback.web.console.formats import Formats
from takeback.web.pages.families import MOST_ROWS, kin_of
from tests.prove.genealogy.test_captured import ASSOCIATED, CELL, MADE, MADE_TOO, PACK
from tests.support.people import People
from tests.web.conftest import Client
from tests.web.sample_genealogy import PRODUCTS, battery, drawn, genealogy_part
from tests.web.sample_views import shell
from tests.web.test_genealogy import key, record


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 30), st.integers(1, 6))
def test_siblings_stand_as_one(modules: int, cells: int, levels: int) -> None:
    """However many things: each is in one family of its own depth, a level has few families, none is lost."""
    view = battery(modules, cells, levels)
    kin, ties = kin_of(view, PRODUCTS)
    assert sorted(thing.key for one in kin for thing in one.things) == sorted(thing.key for thing in view.things)
    assert all(thing.depth == one.depth for one in kin for thing in one.things)
    for depth in range(3 + levels):
        assert 1 <= sum(one.depth == depth for one in kin) <= MOST_ROWS
    assert {tie.kind for tie in ties} <= {"association", "transformation"}
    assert all(abs(kin[tie.inner].depth - kin[tie.outer].depth) == 1 for tie in ties)


def test_ninety_six_cells_are_one_box() -> None:
    """A pack of 8 modules of 96 cells out of 3 lots: a box each of modules, of cells and of lots, with their number."""
    found = {(family.column, family.count, str(family.label)) for family in drawn().families}
    deepest = drawn().columns - 1
    assert (deepest, 1, "P1") in found
    assert (deepest - 1, 8, "module 12s") in found
    assert (deepest - 2, 96, "prismatic cell") in found


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_each_box_is_a_link_with_a_name(locale: str) -> None:
    """The drawing is walked with the keyboard; a family leads to its lines in the table, which stand there."""
    g = drawn()
    svg = str(genealogy_drawing(g, Formats(translations(locale))))
    links = re.findall(r'<a href="([^"]+)" class="family[^"]*" aria-label="([^"]+)"', svg)
    assert len(links) == len(g.families)
    html = render(genealogy_part(), shell(locale=locale))  # type: ignore[arg-type]
    for address, name in links:
        assert name
        assert not address.startswith("#") or f'id="{address[1:]}"' in html
    assert html.count("<tr") == 1 + len(g.members)


def test_inputs_stand_left_whichever_way_is_asked() -> None:
    """Back: the thing itself stands at the right end; forward: at the left one."""
    view = battery()
    back, forward = drawn(view), drawn(replace(view, direction="forward"))
    assert [family.column for family in back.families if family.own] == [back.columns - 1]
    assert [family.column for family in forward.families if family.own] == [0]


def test_the_page_draws_what_was_captured(alice: Client, people: People) -> None:
    """The page, the section that the item's page fetches, and the day before; a day that is none is refused."""
    record(people.alice, ASSOCIATED, MADE, MADE_TOO)
    address = f"/items/{key(PACK)}/genealogy"
    whole, part = alice.get(address), alice.get(address, headers={"hx-request": "true"})
    assert whole.status_code == part.status_code == 200, whole.text
    assert "<html" in whole.text
    assert "<html" not in part.text
    for text in (whole.text, part.text):
        assert text.count('class="family') == 3
        assert f"/items/{key(CELL)}/genealogy" in text
    assert alice.get(address, params={"at": "2026-02-01"}).text.count('class="family') == 0
    assert alice.get(address, params={"at": "yesterday"}).status_code == 400
    assert alice.get(f"/items/{'0' * 15}7/genealogy").status_code == 404
    forward = alice.get(f"/items/{key(CELL)}/genealogy", params={"direction": "forward"})
    assert forward.text.count('class="family') == 2


def test_another_organisation_sees_none_of_it(alice: Client, charlie: Client, people: People) -> None:
    """Charlie asks for Alice's pack and for the places: nothing of hers is there."""
    record(people.alice, ASSOCIATED, MADE, MADE_TOO)
    assert charlie.get(f"/items/{key(PACK)}/genealogy").status_code == 404
    assert alice.get("/trace-quality").status_code == 200
    assert alice.get("/api/v1/trace-quality").json() != []
    assert charlie.get("/api/v1/trace-quality").json() == []
    quality = alice.get(f"/api/v1/items/{key(CELL)}/trace-quality").json()
    assert quality["events"] == 2
    assert sum(part["weight"] for part in quality["parts"]) == 100
