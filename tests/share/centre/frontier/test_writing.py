"""Citations: what is written reads back, and the styles are those of their manuals."""

from __future__ import annotations

import json
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.share.centre.frontier.reading import READERS
from takeback.share.centre.frontier.source import SORTS, Source, Writer
from takeback.share.centre.frontier.writing import apa, citation_cff, export, gbt7714
from takeback.share.centre.frontier.writing.names import initials

_WORD = st.text(alphabet="abcXYZéß电池0189&%_#$~^\\'.:-{}\"", min_size=1, max_size=8).filter(lambda word: word != "and")
_TEXT = st.lists(_WORD, min_size=1, max_size=5).map(" ".join)
_NAME = st.text(alphabet="abcXYZéß电", min_size=1, max_size=8).filter(
    lambda word: word.casefold() not in ("and", "others")
)
_WRITER = st.one_of(st.builds(Writer, family=_NAME, given=_NAME), st.builds(Writer, literal=_NAME))
_SOURCE = st.builds(
    Source,
    sort=st.sampled_from([sort for sort in SORTS if sort != "document"]),  # with an address, a `@misc` is a page
    title=_TEXT,
    writers=st.lists(_WRITER, max_size=4).map(tuple),
    container=_TEXT | st.just(""),
    publisher=_TEXT | st.just(""),
    place=_TEXT | st.just(""),
    year=st.none() | st.integers(1000, 2200),
    volume=st.sampled_from(["", "12", "A 3"]),
    issue=st.sampled_from(["", "3", "2-3"]),
    pages=st.sampled_from(["", "7", "1-10", "e12-e13"]),
    number=st.sampled_from(["", "GB/T 34015-2017"]),
    doi=st.sampled_from(["", "10.1234/a_b(c)", "10.1234/x<1:2>3;2-b"]),
    url=st.sampled_from(["", "https://x.example/a_b%20c?d=~e&f#g"]),
    language=st.sampled_from(["", "zh"]),
    accessed=st.sampled_from([None, date(2026, 3, 2)]),
    tags=st.sampled_from([(), ("battery", "returns")]),
)


@pytest.mark.parametrize("form", ["bibtex", "ris", "csl-json"])
@given(sources=st.lists(_SOURCE, min_size=1, max_size=3))
@settings(deadline=None, max_examples=60)
def test_what_is_exported_reads_back_the_same(form: str, sources: list[Source]) -> None:
    """Marks of TeX, accents, Chinese, names and addresses come back as they were, in every form."""
    rows = READERS[form](export(sources, form))  # type: ignore[arg-type]
    assert [row.problem for row in rows if row.problem] == []
    assert [row.source for row in rows] == sources


def test_keys_of_bibtex_are_unique() -> None:
    """Three works of one writer in one year have three keys."""
    one = Source(sort="book", title="T", writers=(Writer(family="Li", given="B"),), year=2020)
    keys = [row.key for row in READERS["bibtex"](export([one, one, one], "bibtex"))]
    assert keys == ["Li2020", "Li2020b", "Li2020c"]


LIU = Writer(family="Liu", given="Bo")
JOURNAL = Source(
    sort="article-journal", title="A fast test", writers=(LIU, Writer(family="Sartre", given="Jean-Paul M."), LIU, LIU),
    container="Journal of Tests", year=2020, volume="12", issue="3", pages="1-10", doi="10.1234/abcd",
)  # fmt: skip
CHINESE = Source(
    sort="article-journal", title="退役电池快速检测", writers=(Writer(family="刘", given="波"),) * 4, container="电池",
    year=2021, volume="51", issue="2", pages="101-105",
)  # fmt: skip
STANDARD = Source(
    sort="standard", title="车用动力电池回收利用 余能检测", number="GB/T 34015-2017",
    writers=(Writer(literal="国家标准化管理委员会"),), publisher="中国标准出版社", place="北京", year=2017,
)  # fmt: skip
PAGE = Source(
    sort="webpage", title="Batteries", writers=(Writer(literal="European Commission"),), year=2024,
    url="https://x.example/b", accessed=date(2026, 3, 2),
)  # fmt: skip
DATA = Source(
    sort="dataset", title="Cell tests", writers=(LIU,), publisher="Linhai University", year=2026, doi="10.1234/data",
)  # fmt: skip
PROCEEDINGS = Source(
    sort="paper-conference", title="Sorting", writers=(LIU, LIU), container="Proceedings of X", publisher="Press",
    place="Linhai", year=2019, pages="5-9",
)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "reference"),
    [
        (JOURNAL, "LIU B, SARTRE J P M, LIU B, et al. A fast test[J]. Journal of Tests, 2020, 12(3): 1-10. "
                  "DOI: 10.1234/abcd."),
        (CHINESE, "刘波, 刘波, 刘波, 等. 退役电池快速检测[J]. 电池, 2021, 51(2): 101-105."),
        (STANDARD, "国家标准化管理委员会. 车用动力电池回收利用 余能检测: GB/T 34015-2017[S]. "
                   "北京: 中国标准出版社, 2017."),
        (PAGE, "European Commission. Batteries[EB/OL]. (2024)[2026-03-02]. https://x.example/b."),
        (DATA, "LIU B. Cell tests[DS]. Linhai University, 2026. DOI: 10.1234/data."),
        (PROCEEDINGS, "LIU B, LIU B. Sorting[C]//Proceedings of X. Linhai: Press, 2019: 5-9."),
        (Source(sort="document", title="Without all"), "Without all[Z]."),
    ],
)  # fmt: skip
def test_references_by_the_chinese_standard(source: Source, reference: str) -> None:
    """Family names in capitals, three writers, the mark of the type, place and press."""
    assert gbt7714(source) == reference


@pytest.mark.parametrize(
    ("source", "reference"),
    [
        (JOURNAL, "Liu, B., Sartre, J.-P. M., Liu, B., & Liu, B. (2020). A fast test. Journal of Tests, 12(3), 1–10. "
                  "https://doi.org/10.1234/abcd"),
        (STANDARD, "国家标准化管理委员会. (2017). 车用动力电池回收利用 余能检测 (Standard No. GB/T 34015-2017). "
                   "中国标准出版社."),
        (PAGE, "European Commission. (2024). Batteries. https://x.example/b"),
        (DATA, "Liu, B. (2026). Cell tests [Data set]. Linhai University. https://doi.org/10.1234/data"),
        (PROCEEDINGS, "Liu, B., & Liu, B. (2019). Sorting. In Proceedings of X (pp. 5–9). Press."),
        (Source(sort="document", title="Why?"), "Why? (n.d.)."),
    ],
)  # fmt: skip
def test_references_by_the_psychologists(source: Source, reference: str) -> None:
    """Initials, an ampersand, the year in parentheses, the DOI as an address; the title leads where nobody is named."""
    assert apa(source) == reference


def test_more_than_twenty_writers_are_nineteen_and_the_last() -> None:
    """The twentieth to the last but one are left out."""
    many = tuple(Writer(family=f"W{at}", given="A") for at in range(1, 24))
    said = apa(Source(sort="book", title="T", writers=many, year=2020))
    assert "W19, A., . . . W23, A. (2020)" in said
    assert "W20" not in said


def test_initials() -> None:
    """Hyphens stay, points do not double, nothing gives nothing."""
    assert initials("Jean-Paul M.") == ["J.-P.", "M."]
    assert initials("J.P.") == ["J.", "P."]
    assert initials("- ") == []


def test_citation_cff_is_yaml_that_says_the_same() -> None:
    """Texts with marks of YAML come back; a licence that is no identifier is left out; somebody is always an author."""
    data = Source(sort="dataset", title='Cells: "a" # b\n- c', writers=(LIU, Writer(literal="Lab")), doi="10.1234/x")
    read = yaml.safe_load(citation_cff(data, licence="CC BY 4.0", version="1.0"))
    assert read["title"] == data.title
    assert read["authors"] == [{"family-names": "Liu", "given-names": "Bo"}, {"name": "Lab"}]
    assert (read["cff-version"], read["type"], read["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")
    bare = yaml.safe_load(citation_cff(Source(sort="software", title="S"), licence="ask: us", by="The centre"))
    assert "license" not in bare
    assert (bare["type"], bare["authors"]) == ("software", [{"name": "The centre"}])


def test_forms_that_there_are_not() -> None:
    """They are refused with those that there are; JSON is JSON."""
    with pytest.raises(Problem, match="not known"):
        export([JOURNAL], "endnote")  # type: ignore[arg-type]
    assert json.loads(export([JOURNAL], "csl-json"))[0]["issued"] == {"date-parts": [[2020]]}
