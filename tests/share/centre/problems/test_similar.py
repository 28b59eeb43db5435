"""Texts that speak of the same things."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from takeback.share.centre.problems.similar import alike, words_of

TEXTS = {
    "soh": "State of health of retired battery packs cannot be measured within ten minutes on the line",
    "fast": "Fast measurement of a battery pack's state of health at intake",
    "box": "Parcels come back in boxes that are too large",
    "zh": "退役电池健康状态快速检测",
}


def test_what_speaks_of_the_same_comes_first_and_says_why() -> None:
    """Two texts on measuring batteries find each other by their words; a text on boxes is not among them."""
    (first, *rest) = alike(TEXTS["fast"], {key: text for key, text in TEXTS.items() if key != "fast"})
    assert first.key == "soh"
    assert {"battery", "health", "state"} <= set(first.words)
    assert "box" not in [one.key for one in rest]


def test_chinese_is_compared_by_pairs_of_characters() -> None:
    """A Chinese question finds the Chinese text, which no blank divides into words."""
    assert [one.key for one in alike("电池健康状态如何检测", TEXTS)] == ["zh"]


def test_small_words_and_plurals_do_not_matter() -> None:
    """`the batteries of a` and `Battery` have their own words; full-width letters are the ordinary ones."""
    assert words_of("The Packs of a ＰＡＣＫ, and glass") == ["pack", "pack", "glass"]


def test_what_has_no_words_is_like_nothing() -> None:
    """Neither an empty question nor empty texts are an error."""
    assert alike("", TEXTS) == []
    assert alike("battery", {}) == []
    assert alike("battery", {"empty": ""}) == []


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=6))
def test_likeness_is_between_nothing_and_one(text: str, others: list[str]) -> None:
    """A text that has words is wholly like itself, and nothing is more like it than that."""
    found = alike(text, dict(enumerate([*others, text])), most=99, least=0.0)
    assert all(0 <= one.score <= 1 for one in found)
    if words_of(text):
        assert next(one.score for one in found if one.key == len(others)) > 1 - 1e-9
