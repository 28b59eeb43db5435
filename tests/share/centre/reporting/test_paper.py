"""Reports on paper: lines that fit, tables that lose no row, numbers as each language writes them."""

from __future__ import annotations

import math
import typing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.share.centre.kinds import kind_named
from takeback.share.centre.reporting.charts import bullet, by_year, side_by_side, step_above, trend
from takeback.share.centre.reporting.grid import Column, Grid
from takeback.share.centre.reporting.languages import LISTS, WORDS, language
from takeback.share.centre.reporting.lettering import HAN, LATIN, ROMAN, broken, rich, runs, width

TEXTS = st.text(st.sampled_from("ab WXi, 电池分选（），。é→λőłЖ=<&>\n\u0000"), max_size=80)


@given(TEXTS, st.floats(20, 300), st.integers(1, 6), st.sampled_from([LATIN, ROMAN]))
def test_no_line_is_wider_than_its_space_but_for_a_mark_that_may_not_begin_one(
    text: str, space: float, most: int, font: str
) -> None:
    """At most so many lines, none wider than the space but for one mark that must not begin a line."""
    lines = broken(text, font, 8.0, space, most)
    assert 1 <= len(lines) <= most
    assert all(width(line, font, 8.0) <= space + 8.5 * 3 for line in lines)


@given(TEXTS, st.floats(40, 300))
def test_breaking_loses_no_sign(text: str, space: float) -> None:
    """With lines enough, the signs of all lines are those of the text, spaces aside."""
    lines = broken(text, LATIN, 8.0, space, 1000)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(max_size=60))
def test_every_sign_is_drawn_in_a_font_that_has_it(text: str) -> None:
    """Latin runs are in the Western code page, others in the GB one; what neither has becomes its base, or a box."""
    for piece, font in runs(text, LATIN):
        for sign in piece:
            assert font in (LATIN, HAN)
            if font == LATIN:
                sign.encode("cp1252")
    assert "<script" not in rich("<script>")


@given(st.lists(st.text(st.sampled_from("ab 电"), max_size=60), min_size=3, max_size=120), st.floats(60, 700))
def test_a_table_that_breaks_over_pages_keeps_every_row_once(texts: list[str], height: float) -> None:
    """The parts of a table have its rows, in order, and each part is no higher than the page."""
    columns = [Column("Number", 1), Column("Text", 3)]
    rest, seen = Grid(columns, [[str(n), text] for n, text in enumerate(texts)], LATIN, LATIN), []
    while rest is not None:
        _, tall = rest.wrap(400, height)
        parts = rest.split(400, height) if tall > height else [rest]
        if not parts:
            height = 800.0  # the next page
            continue
        assert parts[0].wrap(400, height)[1] <= height + 1e-6
        seen += [row[0] for row in parts[0]._rows]
        rest = parts[1] if len(parts) > 1 else None
    assert seen == [str(n) for n in range(len(texts))]


@given(st.floats(0, 1e12))
def test_an_axis_ends_at_a_round_number_above_the_highest_bar(value: float) -> None:
    """The top of an axis is not below the value, has four equal whole steps, and is at most 20 times as high."""
    top = step_above(value)
    assert top >= value
    assert top % 4 == 0
    assert top <= max(20.0, 20 * value)
    assert math.isfinite(top)


@pytest.mark.parametrize("values", [[], [None], [0], [1, None, 3], [-2, 5], [7]])
def test_charts_take_what_is_not_known_or_nothing(values: list[float | None]) -> None:
    """No value, one, a gap, a negative one: every chart is drawn."""
    assert trend(values).width
    last = values[-1] if values else None
    assert bullet(last, None, "grey").contents
    assert bullet(None, last, "red").contents
    assert side_by_side([("a", last, None)], LATIN, str).contents
    assert by_year(list(range(len(values))), [("a", values)], LATIN).contents


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (None, "count", "–", "–"),
        (12430, "count", "12,430", "12,430"),
        (1234567890, "CNY", "¥12,345,679", "¥12,345,679"),
        (150, "CNY", "¥1.50", "¥1.50"),
        (-300, "EUR", "−€3", "−€3"),
        (12.5, "%", "12.5 %", "12.5%"),
        (3.25, "h", "3.25 h", "3.25 h"),
    ],
)
def test_values_are_written_with_their_unit(value: float | None, unit: str, english: str, chinese: str) -> None:
    """Money from minor units, per cent as each language sets it, a dash for what is not known."""
    assert (language("en").value(value, unit), language("zh_Hans").value(value, unit)) == (english, chinese)


def test_a_day_is_that_of_the_centres_time_zone() -> None:
    """A report made at four on New Year's Day in Shanghai says so, though it is still evening in Greenwich."""
    moment = datetime(2026, 12, 31, 20, tzinfo=UTC)
    assert language("en").day(moment, "Asia/Shanghai") == "1 January 2027"
    assert language("zh_Hans").day(moment, "America/Chicago") == "2026年12月31日"


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_says_states_and_sorts_in_words(kind: str) -> None:
    """Each state and sort of what a report lists has its word, which the Chinese report translates."""
    what = kind_named(kind)
    sorts = typing.get_args(typing.get_type_hints(what.facts).get("sort"))
    chinese = language("zh_Hans")
    assert [one for one in (*what.states, *sorts) if one not in WORDS] == []
    assert [one for one in what.states if chinese.say(WORDS[one]).isascii()] == []
