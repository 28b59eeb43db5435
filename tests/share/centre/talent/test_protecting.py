"""Published counts: no group below five can be read or worked out from them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.share.centre.talent.protecting import Line, protected

small = st.integers(0, 12)


def test_one_hidden_group_takes_another_with_it() -> None:
    """3 of 20 would be 20 - 10 - 7: the group of 7 is hidden, too; with nothing to hide all is shown."""
    counts = {"a": 3, "b": 10, "c": 7, "all": 20}
    shown = protected(counts, [Line("all", ("a", "b", "c"))])
    assert shown == {"a": None, "b": 10, "c": None, "all": 20}
    assert protected({"a": 5, "b": 0, "all": 5}, [Line("all", ("a", "b"))]) == {"a": 5, "b": 0, "all": 5}


def test_two_hidden_groups_of_three_together_are_too_few() -> None:
    """1 and 2 would be the 3 that are left: a third is hidden with them."""
    shown = protected({"a": 1, "b": 2, "c": 6, "d": 9, "all": 18}, [Line("all", ("a", "b", "c", "d"))])
    assert shown == {"a": None, "b": None, "c": None, "d": 9, "all": 18}


def test_a_small_group_alone_hides_the_sum() -> None:
    """With no other group to hide, how many there are in all is not shown."""
    assert protected({"a": 4, "b": 0, "all": 4}, [Line("all", ("a", "b"))]) == {"a": None, "b": 0, "all": None}


def table(cells: Sequence[Sequence[int]]) -> tuple[dict[Hashable, int], list[Line]]:
    """A table with its sums of rows and columns and the whole."""
    rows, columns = range(len(cells)), range(len(cells[0]))
    counts: dict[Hashable, int] = {(r, c): cells[r][c] for r in rows for c in columns}
    counts |= {(r, "all"): sum(cells[r]) for r in rows} | {("all", c): sum(row[c] for row in cells) for c in columns}
    counts["all", "all"] = sum(map(sum, cells))
    lines = [Line((r, "all"), tuple((r, c) for c in columns)) for r in (*rows, "all")]
    lines += [Line(("all", c), tuple((r, c) for r in rows)) for c in (*columns, "all")]
    return counts, lines


def follows(hidden: Sequence[Hashable], lines: Sequence[Line], wanted: Mapping[Hashable, int]) -> bool:
    """Whether a sum of hidden counts follows from the shown ones: is it a combination of the lines, in fractions?"""
    rows = [
        [Fraction((key in line.parts) - (key == line.whole)) for key in hidden] for line in lines
    ]  # fmt: skip
    return rank([*rows, [Fraction(wanted.get(key, 0)) for key in hidden]]) == rank(rows)


def rank(rows: list[list[Fraction]]) -> int:
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((n for n in range(found, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for n in range(found + 1, len(rows)):
            factor = rows[n][column] / rows[found][column]
            rows[n] = [a - factor * b for a, b in zip(rows[n], rows[found], strict=True)]
        found += 1
    return found


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(small, min_size=width, max_size=width), min_size=1, max_size=4)
    )
)
def test_no_hidden_count_follows_from_those_shown(cells: list[list[int]]) -> None:
    """In a table with all its sums each hidden count stays open, by Gauss in fractions; small ones are all hidden."""
    counts, lines = table(cells)
    shown = protected(counts, lines)
    hidden = [key for key, value in shown.items() if value is None]
    assert all(value is None or value == counts[key] for key, value in shown.items())
    assert all(shown[key] is None for key, count in counts.items() if 0 < count < 5)
    assert not any(follows(hidden, lines, {key: 1}) for key in hidden)


@settings(max_examples=200, deadline=None)
@given(st.lists(small, min_size=1, max_size=8))
def test_what_is_left_of_a_shown_sum_is_never_fewer_than_five(groups: list[int]) -> None:
    """Whoever takes the shown groups from the sum gets nothing, or five people and more, of two groups at least."""
    counts: dict[Hashable, int] = {**dict(enumerate(groups)), "all": sum(groups)}
    shown = protected(counts, [Line("all", tuple(range(len(groups))))])
    if shown["all"] is not None:
        hidden = [counts[key] for key, value in shown.items() if value is None]
        assert not hidden or (len(hidden) > 1 and sum(hidden) >= 5)
