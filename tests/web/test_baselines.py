"""Two baselines of kilometres, two names, wherever they stand; and what no plan could do better."""

from __future__ import annotations

import pytest

from takeback.web.console import render
from tests.web import sample_views

NAMES = {"en": ("ame stops, nearest first", "abit"), "zh_Hans": ("同样站点、就近先行", "惯常做法")}


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
@pytest.mark.parametrize("page", ["plan", "plans"])
def test_both_baselines_stand_on_the_page_by_their_names(locale: str, page: str) -> None:
    """Neither is only "nearest neighbour", which both of them are."""
    html = render(getattr(sample_views, page)(), sample_views.shell(f"/{page}", locale))
    for name in NAMES[locale]:
        assert name in html
    assert "earest neighbour" not in html


def test_a_plan_says_its_bound_and_its_gap() -> None:
    """One sentence: below this amount no plan can come, and how much of the cost that would be."""
    html = render(sample_views.plan(), sample_views.shell("/plans/1"))
    sentence = html[html.index("No plan of these orders") :].partition("</p>")[0]
    assert "8,910" in sentence
    assert "7.6" in sentence or "8\u202f%" in sentence or "8 %" in sentence or "8%" in sentence
