"""Texts that speak of the same things."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from takeback.share.centre.problems.similar import alike, alike_pairs, words_of

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


@given(st.lists(st.text(alphabet="ab c电池", max_size=20), max_size=6))
def test_pairs_are_those_that_each_text_finds(texts: list[str]) -> None:
    """All pairs at once are the pairs that one text after the other finds, each once, with the same likeness."""
    known = dict(enumerate(texts))
    pairs = {frozenset((one, other.key)): round(other.score, 9) for one, other in alike_pairs(known, least=0.2)}
    slow = {}
    for key, text in known.items():
        for other in alike(text, {at: known[at] for at in known if at != key}, most=99, least=0.2):
            slow[frozenset((key, other.key))] = round(other.score, 9)
    assert pairs == slow
