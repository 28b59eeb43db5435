"""Files of references made to hurt: each is read in time that grows with its length, or refused in words."""

from __future__ import annotations

import pytest

from takeback.core.problem import Problem
from takeback.share.centre.frontier.reading import READERS, read_bibtex, read_csl, read_ris
from takeback.share.centre.frontier.reading.rows import MOST

DOUBLED = "".join(f"@string{{s{n} = {f's{n - 1} # s{n - 1}' if n else '{' + 'x' * 1000 + '}'}}}\n" for n in range(60))
OPEN = "\n@article{k, title = {" * 200_000
BLANKS = "@article{k, title = {T}, author = {" + " " * 29_000 + "x}}\n"


def test_strings_of_strings_do_not_double_without_end() -> None:
    """Sixty doublings of a thousand letters are refused where a value has become too long."""
    rows = read_bibtex(DOUBLED + "@article{k, title = s59}")
    assert rows
    assert all(row.problem is not None for row in rows)


def test_braces_that_never_close_are_looked_at_once_each() -> None:
    """Two hundred thousand entries without an end: reading stops when there are too many, each ends at the next."""
    rows = read_bibtex(OPEN)
    assert len(rows) == MOST + 1
    assert rows[0].problem is not None


def test_blanks_between_names_are_skipped_once() -> None:
    """Names with thousands of blanks are names with one."""
    rows = read_bibtex(BLANKS * 100)
    assert [writer.literal for writer in rows[0].source.writers] == ["x"]  # type: ignore[union-attr]
    assert len(rows) == 100


def test_a_text_of_a_million_lines_is_not_copied_a_million_times() -> None:
    """A field of RIS that goes on and on is refused as too long."""
    rows = read_ris("TY  - JOUR\nTI  - T\nAB  - a\n" + "b\n" * 1_000_000 + "ER  - \n")
    assert [row.problem is not None for row in rows] == [True]


@pytest.mark.parametrize("form", sorted({*READERS} - {"csl-json"}))
def test_a_file_of_nothing_but_faults_is_not_kept_whole(form: str) -> None:
    """Of a million bad lines as many rows are made as are needed to say that there are too many."""
    line = "@x{\n" if form == "bibtex" else "x\n"
    assert len(READERS[form](line * 1_000_000)) <= MOST + 1


@pytest.mark.parametrize("year", ["Infinity", "NaN", "1e4000", "9" * 5000, '"9e9"', "[[[[]]]]"])
def test_numbers_that_are_none_are_told_by_line(year: str) -> None:
    """What JSON lets through and no calendar knows is a bad reference, never an error of ours."""
    try:
        rows = read_csl(f'[{{"id": "k", "title": "T", "issued": {{"date-parts": [[{year}]]}}}}]')
    except Problem as problem:
        assert problem.kind == "centre.bad-reference"
    else:
        assert rows[0].problem is not None


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"id": ' + "9" * 5000 + "}]"])
def test_a_json_that_cannot_be_read_says_what_to_do(text: str) -> None:
    """Brackets without end and numbers without end are told with the form that is wanted and the way to a good file."""
    with pytest.raises(Problem) as refused:
        read_csl(text)
    assert refused.value.kind == "centre.bad-reference"
    assert "Export the references once more" in str(refused.value.remedy)
    assert refused.value.expected is not None
    assert "brackets inside" not in refused.value.as_text()
