"""Files of references as people have them: odd, old, half broken."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.share.centre.frontier.reading import (
    READERS,
    Row,
    read_bibtex,
    read_csl,
    read_dois,
    read_laws,
    read_ris,
    read_standards,
)
from takeback.share.centre.frontier.source import Source, Writer

BIBTEX = r"""
Exported for me@example.org
@STRING(jcp = "Journal of Cleaner " # {Production})
@comment{a remark}
@preamble{"\newcommand{\x}{y}"}
@Article{liu20,
  author = {Liu, Bo and Jan van der Berg and {World and Battery Forum} and G{\"o}del, Kurt and M\"uller, Jr, J{\'e}r\^ome and others},
  title  = {The {SOH} of \emph{packs}: {\'e}tude \& \ss~--- part~1},
  journal = jcp, YEAR = 2020, number = 3, pages = { 1 -- 10 }, doi = {https://doi.org/10.1000/ABC\_d},
  month = mar, keywords = "battery; health, battery",
}
@online(site, title="A {"}quoted{"} one", url = {https://x.example/a\_b%20c}, date="2021-05-06", urldate={2022-01-31})
@standard{s1, title = {Test}, number = {GB/T 34015-2017}, year = 2017}
"""  # noqa: E501


def _only(rows: list[Row]) -> Row:
    (row,) = rows
    return row


def test_bibtex_is_read_with_its_strings_braces_and_accents() -> None:
    """Names in every order, a joined string, TeX's letters, an address with escaped marks, a date for the year."""
    article, site, standard = [row.source for row in read_bibtex(BIBTEX)]
    assert article is not None and site is not None and standard is not None
    assert [one.literal or f"{one.family}|{one.given}" for one in article.writers] == [
        "Liu|Bo", "van der Berg|Jan", "World and Battery Forum", "Gödel|Kurt", "Müller, Jr|Jérôme",
    ]  # fmt: skip
    assert article.title == "The SOH of packs: étude & ß — part 1"
    assert (article.container, article.year, article.issue, article.pages) == (
        "Journal of Cleaner Production", 2020, "3", "1-10",
    )  # fmt: skip
    assert (article.doi, article.tags) == ("10.1000/abc_d", ("battery", "health"))
    assert (site.title, site.url, site.year) == ('A "quoted" one', "https://x.example/a_b%20c", 2021)
    assert (site.sort, site.accessed) == ("webpage", date(2022, 1, 31))
    assert (standard.sort, standard.number) == ("standard", "GB/T 34015-2017")


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ("@book{a,\n title = {x}\n year = 2000}", "line 3, field title"),
        ("@book{a,\n title = {x, year = 2000", "line 2, field title"),
        ('@book{a,\n title = "x', "line 2, field title"),
        ("@book{a,\n title = {x},\n journal = nostring}", "line 3, field journal"),
        ("@book{a,\n title = {x},\n year = {soon}}", "line 3, field year"),
        ("@book{a,\n title = {x},\n doi = {11.5/x}}", "line 3, field doi"),
        ("@book{a,\n title = {x},\n url = {ftp://x}}", "line 3, field url"),
        ("@book{a, year = 2000}", "line 1, field title"),
        ("@book{a, title}", "line 1, field title"),
        ("@book", "line 2"),
        ("@book{a, title = {" + "x" * 501 + "}}", "line 1, field title"),
    ],
)
def test_a_bad_bibtex_entry_names_line_and_field_and_spoils_no_other(entry: str, where: str) -> None:
    """The entry behind it is read."""
    bad, good = read_bibtex(f"{entry}\n@book{{b, title = {{Good}}, year = 2001}}\n")
    assert bad.source is None
    assert bad.problem is not None
    assert bad.problem.where == where
    assert good.source is not None
    assert good.source.title == "Good"


def test_ris_is_read_with_its_continued_lines() -> None:
    """A text goes on in the next line; a date gives its year; one page is no range; a byte order mark is nothing."""
    text = (
        "\ufeffTY  - JOUR\nAU  - Liu, Bo\nA1  - World Battery Forum\nT1  - A long\n  title\nY1  - 2020/03/01/\n"
        "JF  - J\nSP  - 7\nEP  - 7\nKW  - a\nKW  - b, c\nDO  - DOI:10.1234/ABC\nXX  - what\n"
        "ER  -\n\nTY - STAND\nTI - S\nER - \n"
    )
    first, second = [row.source for row in read_ris(text)]
    assert first is not None and second is not None
    assert (first.title, first.year, first.pages, first.tags) == ("A long title", 2020, "7", ("a", "b", "c"))
    assert first.writers == (Writer(family="Liu", given="Bo"), Writer(literal="World Battery Forum"))
    assert (first.container, first.doi, second.sort) == ("J", "10.1234/abc", "standard")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("TI  - x\n", "line 1, field TI"),
        ("hello\n", "line 1"),
        ("ER  - \n", "line 1, field ER"),
        ("TY  - BOOK\nTI  - x\n", "line 3, field ER"),
        ("TY  - BOOK\nTI  - x\nPY  - soon\nER  - \n", "line 3, field year"),
        ("TY  - BOOK\nPY  - 2000\nER  - \n", "line 1, field title"),
    ],
)
def test_a_bad_ris_entry_names_line_and_field(text: str, where: str) -> None:
    """Neither a text before the first entry nor an entry without an end is passed over."""
    row = read_ris(text)[0]
    assert row.problem is not None
    assert row.problem.where == where


def test_csl_json_is_read() -> None:
    """Names with particles, numbers as texts, a list of items that each know their line, one item alone."""
    text = (
        '[\n{"id": "a", "type": "article-journal", "title": "T", "volume": 12,\n'
        ' "issued": {"date-parts": [["2020", 3]]}, "author": [\n'
        '  {"family": "Berg", "non-dropping-particle": "van der", "given": "J"}, {"literal": "WBF"}]},\n'
        '{"id": 7, "type": "regulation", "title": "L", "issued": {"raw": "August 2023"}}]'
    )
    first, second = read_csl(text)
    assert first.source is not None and second.source is not None
    assert (first.line, second.line, second.key) == (2, 5, "7")
    assert first.source.writers == (Writer(family="van der Berg", given="J"), Writer(literal="WBF"))
    assert (first.source.volume, first.source.year) == ("12", 2020)
    assert (second.source.sort, second.source.year) == ("legislation", 2023)
    assert _only(read_csl('{"title": "One"}')).source is not None


@pytest.mark.parametrize(
    ("item", "where"),
    [
        ('{"title": ["x", 5]}', "line 2, field title"),
        ('{"title": "x", "issued": 2020}', "line 2, field issued"),
        ('{"title": "x", "issued": {"date-parts": []}}', "line 2, field issued"),
        ('{"title": "x", "issued": {"date-parts": [["x"]]}}', "line 2, field issued"),
        ('{"title": "x", "author": "Liu"}', "line 2, field author"),
        ('{"title": "x", "author": [{}]}', "line 2, field author"),
        ('{"type": "book"}', "line 2, field title"),
        ("5", "line 2"),
    ],
)
def test_a_bad_csl_item_names_line_and_field(item: str, where: str) -> None:
    """The item behind it is read."""
    bad, good = read_csl(f'[\n{item},\n{{"title": "Good"}}]')
    assert bad.problem is not None
    assert bad.problem.where == where
    assert good.source is not None
    assert good.line == 3


@pytest.mark.parametrize("text", ["", "{", "5", "[1, ", "[" * 100_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    """The refusal names a line."""
    with pytest.raises(Problem, match="line 1"):
        read_csl(text)


def test_lists_of_dois_standards_and_laws_are_read() -> None:
    """Columns by bars or tabs, a standard by its number alone; remarks and empty lines are left out."""
    bare, titled, wrong = read_dois("# mine\n\nhttps://doi.org/10.1234/AbC\n10.1234/d | A title\n10.1/x\n")
    assert bare.source is not None and titled.source is not None
    assert (bare.line, bare.source.title, titled.source.title) == (3, "10.1234/abc", "A title")
    assert wrong.problem is not None
    assert wrong.problem.where == "line 5, field doi"
    chinese, iso, din, none = read_standards(
        "GB/T 34015-2017 车用动力电池回收利用\nISO/IEC 15459-1:2014\tUnique identification\t2014-11-01\n"
        "DIN DKE SPEC 99100 Battery passport\nno number here\n"
    )
    assert chinese.source is not None and iso.source is not None and din.source is not None
    assert (chinese.source.number, chinese.source.title, chinese.source.year) == (
        "GB/T 34015-2017", "车用动力电池回收利用", 2017,
    )  # fmt: skip
    assert (iso.source.number, iso.source.in_force, iso.source.year) == (
        "ISO/IEC 15459-1:2014", date(2014, 11, 1), 2014,
    )  # fmt: skip
    assert din.source.number == "DIN DKE SPEC 99100"
    assert none.problem is not None
    law, late = read_laws("(EU) 2023/1542 | Batteries | 2023-08-17 | https://x.example/l\nX 1 | T | soon")
    assert law.source is not None
    assert (law.source.sort, law.source.year, law.source.url) == ("legislation", 2023, "https://x.example/l")
    assert late.problem is not None
    assert late.problem.where == "line 2, field in_force"


@pytest.mark.parametrize("form", sorted(READERS))
@given(text=st.one_of(st.text(), st.text(alphabet='@{}(),="#\\ab \n[]|TYER-:1'), st.text().map(lambda t: BIBTEX + t)))
@example(text="@" * 50)
@example(text="@a{" * 50)
@settings(deadline=None)
def test_any_text_is_read_or_refused(form: str, text: str) -> None:
    """Nothing but rows or a Problem comes of any text; each row has a source, or a problem that names its line."""
    try:
        rows = READERS[form](text)
    except Problem as refused:
        assert refused.kind == "centre.bad-reference"
        return
    for row in rows:
        assert isinstance(row.source, Source) != isinstance(row.problem, Problem)
        assert row.problem is None or str(row.problem.where).startswith("line ")
