"""The loop is drawn without crossings, to scale, whatever flows in it."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from takeback.core.money import Money
from takeback.web.console.catalogue import translations
from takeback.web.console.charts.lines import balance_bars
from takeback.web.console.charts.loop import MOST_OUTLETS, RIVER, loop_diagram, strands
from takeback.web.console.formats import Formats
from takeback.web.console.views import Loop, Outlet
from takeback.web.console.vocabulary import WORDS
from tests.web import sample_views

CODES = [code for code in WORDS["disposition"] if code != "other"]
FLOWS = st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 10_000)), max_size=11, unique_by=lambda flow: flow[0])


def with_outlets(flows: list[tuple[str, int]]) -> Loop:
    outlets = tuple(Outlet(disposition=code, items=n, value=Money(n * 100, "CNY")) for code, n in flows)
    return Loop(stages=sample_views.loop().stages, outlets=outlets)


@settings(max_examples=60, deadline=None)
@given(FLOWS)
def test_no_strand_crosses_another(flows: list[tuple[str, int]]) -> None:
    """The outermost strand leaves first (rightmost), and strands lie side by side without overlap."""
    drawn = strands(with_outlets(flows))
    assert len(drawn) <= MOST_OUTLETS + 1
    for outer, inner in itertools.pairwise(drawn):
        assert outer.x > inner.x
        assert outer.offset - outer.width / 2 >= inner.offset + inner.width / 2 - 1e-9


@settings(max_examples=60, deadline=None)
@given(FLOWS)
def test_nothing_that_left_is_left_out(flows: list[tuple[str, int]]) -> None:
    """Small outlets are drawn together as others; the sum stays, and widths follow the items."""
    drawn = strands(with_outlets(flows))
    total = sum(n for _, n in flows)
    assert sum(strand.outlet.items for strand in drawn) == total
    for strand in drawn:
        assert strand.width >= RIVER * strand.outlet.items / max(1, total) - 1e-9


def test_a_stage_is_ringed_only_where_something_is_lost() -> None:
    """Without losses no stage is the worst."""
    loop = sample_views.loop()
    f = Formats(translations("en"))
    assert 'class="worst"' in str(loop_diagram(loop, f))
    calm = tuple(structs.replace(stage, loss_per_hour=Money(0, "CNY")) for stage in loop.stages)
    drawn = str(loop_diagram(structs.replace(loop, stages=calm), f))
    assert "worst" not in drawn
    assert "/h" not in drawn


def test_the_name_of_a_partner_stands_on_its_own_line() -> None:
    """Names of neighbouring outlets do not touch."""
    outlets = (Outlet(disposition="recycle_liantan", items=1, value=Money(1, "CNY")),)
    drawn = str(
        loop_diagram(Loop(stages=sample_views.loop().stages, outlets=outlets), Formats(translations("zh_Hans")))
    )
    assert ">再生利用<" in drawn
    assert ">炼潭<" in drawn


def test_each_site_has_its_own_scale() -> None:
    """A small site's bars are as long as a large one's."""
    sites = sample_views.balance().sites
    f = Formats(translations("en"))
    for site in sites:
        widths = [float(w) for w in re.findall(r'width="([0-9.]+)%" height="10"', str(balance_bars(site, f)))]
        assert max(sum(widths[:2]), sum(widths[2:])) == pytest.approx(100, abs=0.1)


def test_every_station_and_outlet_is_a_link_with_a_spoken_name() -> None:
    """The diagram is a way to the items, with the keyboard and by voice too."""
    loop = sample_views.loop()
    html = str(loop_diagram(loop, Formats(translations("zh_Hans"))))
    links = re.findall(r'<a href="(/items\?[a-z=_]+)" aria-label="([^"]+)"', html)
    assert len(links) == len(loop.stages) + len(loop.outlets)
    assert any("梯次利用" in name for _, name in links)
