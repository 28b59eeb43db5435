"""Existing lists: Word, Excel and CSV, each fault with its row and column, all or nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape
from uuid import uuid4

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.people import people
from takeback.share.centre.records import find
from takeback.share.centre.tables import LISTS, enter, examine, fields_for, read_sheet
from takeback.share.centre.tables.documents import PART, tables_in
from takeback.share.centre.tables.sheets import Row, Sheet
from tests.share.centre.centre_world import CentreWorld, new_centre

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MEMBERS = [
    ["代码", "名称", "中文名称", "类别"],
    ["E8", "Ember Cells", "余烬电芯", "企业"],
    ["I8", "Ash Lab", "灰实验室", "科研院所"],
]


def cell(text: str, more: str = "") -> str:
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    return f"<w:tc>{more and f'<w:tcPr>{more}</w:tcPr>'}{paragraphs}</w:tc>"


def table(rows: list[list[str]]) -> str:
    return f"<w:tbl>{''.join('<w:tr>' + ''.join(map(cell, row)) + '</w:tr>' for row in rows)}</w:tbl>"


def document(body: str, before: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(PART, f'{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return content.getvalue()


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def csv(rows: list[list[str]]) -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode()


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_the_same_list_in_word_excel_and_csv_enters_the_same_members(centre: CentreWorld, kind: str) -> None:
    """A list with Chinese headers is looked at without writing, then entered whole, from any of the formats."""
    content = {"docx": document(table(MEMBERS)), "xlsx": workbook(MEMBERS), "csv": csv(MEMBERS)}[kind]
    sheet = read_sheet(f"list.{kind}", content)
    with store.transaction(centre.org) as connection:
        before = find(connection, "member")
        seen = examine(connection, centre.manager, "member", sheet)
        assert (seen.rows, seen.good, seen.fault_count) == (2, 2, 0)
        assert seen.preview[0] == {"code": "E8", "name": "Ember Cells", "name_zh": "余烬电芯", "sort": "enterprise"}
        assert find(connection, "member") == before
        assert enter(connection, centre.manager, "member", sheet) == 2
        new = {one.facts.code: one.facts.sort for one in find(connection, "member")}
        assert (new["E8"], new["I8"], len(new)) == ("enterprise", "institute", 7)


def test_each_fault_names_row_column_found_and_expected_and_nothing_is_written(centre: CentreWorld) -> None:
    """Of five rows four are wrong, each told at its place; the good one is not written either."""
    rows = [
        ["sort", "title", "year", "doi", "body", "member", "amount"],
        ["paper", "Good one", "2026", "10.5555/g", "J", "E1", "1,234.50"],
        ["poem", "Bad sort", "2026", "10.5555/p", "J", "", ""],
        ["paper", "Bad year", "soon", "10.5555/y", "J", "E1", ""],
        ["paper", "Bad DOI", "2026", "mine", "J", "Nobody Ltd", "-5"],
        ["paper", "Good one", "2026", "10.5555/G", "J", "", ""],
    ]
    sheet = read_sheet("r.xlsx", workbook([list(row) for row in rows]))
    with store.transaction(centre.org) as connection:
        seen = examine(connection, centre.manager, "result", sheet)
        told = [(fault.row, fault.column, fault.found) for fault in seen.faults]
        assert told == [
            (3, "sort", "poem"), (4, "year", "soon"), (5, "member", "Nobody Ltd"), (5, "amount", "-5"),
            (6, "doi", "10.5555/G"),
        ]  # fmt: skip
        assert "paper, patent" in str(seen.faults[0].expected)
        assert seen.preview[0]["amount"] == 123450
        with pytest.raises(Problem) as refused:
            enter(connection, centre.manager, "result", sheet)
        assert (refused.value.kind, len(refused.value.errors)) == ("centre.list-not-clean", 5)
        assert refused.value.errors[0].where == "row 3, column sort"
        assert find(connection, "result") == []


def test_a_row_that_names_nothing_or_something_else_is_told_by_row_and_column(centre: CentreWorld) -> None:
    """An id of nobody, and that of a member where a project belongs, are faults of their rows; nothing is written."""
    nobody, maker = str(uuid4()), str(centre.members["maker"])
    rows = [
        ["code", "title", "source", "channel", "member", "projects"],
        ["F1", "Named by its code", "City", "municipal", "E1", ""],
        ["F2", "Of nobody", "City", "municipal", nobody, ""],
        ["F3", "For a member", "City", "municipal", maker, maker],
    ]
    with store.transaction(centre.org) as connection:
        seen = examine(connection, centre.manager, "fund", read_sheet("f.csv", csv(rows)))
        assert [(one.row, one.column, one.found) for one in seen.faults] == [
            (3, "member", nobody), (4, "projects", maker),
        ]  # fmt: skip
        assert [str(one.expected) for one in seen.faults] == ["a member of this centre", "a project of this centre"]
        assert find(connection, "fund") == []


def test_a_list_of_people_names_members_and_authors_are_found_by_name(centre: CentreWorld) -> None:
    """People are entered with their member by code; an author of such a name is that person, others stay names."""
    listed = [["姓名", "邮箱", "单位", "角色"], ["Mei Ding", "mei@example.org", "U1", "researcher; mentor"]]
    papers = [
        ["类别", "标题", "年份", "作者", "期刊", "DOI"],
        ["论文", "On returns", "2026年", "Mei Ding 60%; A. Outside 40%", "J", "10.5555/r"],
    ]
    with store.transaction(centre.org) as connection:
        enter(connection, centre.manager, "person", read_sheet("p.csv", csv(listed)))
        mei = next(one for one in people(connection) if one.name == "Mei Ding")
        assert (mei.roles, mei.member_id) == (["mentor", "researcher"], centre.members["university"])
        again = examine(connection, centre.manager, "person", read_sheet("p.csv", csv(listed)))
        assert [(fault.row, fault.column) for fault in again.faults] == [(2, "邮箱")]
        enter(connection, centre.manager, "result", read_sheet("r.docx", document(table(papers))))
        (paper,) = find(connection, "result")
        assert [(one.person, one.name, one.percent) for one in paper.facts.authors] == [
            (mei.id, "", 60), (None, "A. Outside", 40),
        ]  # fmt: skip


def test_alice_may_bob_may_not_charlie_enters_into_his_own(centre: CentreWorld) -> None:
    """Alice manages and enters lists; Bob may neither look nor enter; what Charlie enters stands in his centre."""
    bob = centre.enter("Bob", "maker", "delegate")
    sheet = read_sheet("list.csv", csv(MEMBERS))
    with store.transaction(centre.org) as connection:
        for call in (examine, enter):
            with pytest.raises(Problem, match="not allowed"):
                call(connection, bob, "member", sheet)
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        enter(connection, charlie.manager, "member", sheet)
    with store.transaction(centre.org) as connection:
        assert len(find(connection, "member")) == 5


def test_a_mapping_that_does_not_fit_is_refused(centre: CentreWorld) -> None:
    """A field twice, a field or column that there is not, a column that is missing, a kind that no list fills."""
    sheet = Sheet("f", "", (), ("A", "B", "C", "D"), (Row(2, ("E8", "N", "名", "university")),))
    right = {"A": "code", "B": "name", "C": "name_zh", "D": "sort"}
    with store.transaction(centre.org) as connection:
        for wrong in ({**right, "D": "name"}, {**right, "D": "colour"}, {**right, "E": "since"}, {"A": "code"}, None):
            with pytest.raises(Problem) as refused:
                examine(connection, centre.manager, "member", sheet, mapping=wrong)
            assert refused.value.kind == "centre.bad-mapping"
        assert enter(connection, centre.manager, "member", sheet, mapping=right) == 1
        for kind in ("spending", "proposal", "nothing"):
            with pytest.raises(Problem) as none:
                examine(connection, centre.manager, kind, sheet)
            assert none.value.kind == "centre.no-list"


@pytest.mark.parametrize("kind", LISTS)
def test_every_list_has_fields_that_a_column_can_fill(kind: str) -> None:
    """Each kind that lists become has fields, at least one of them required."""
    assert any(field.required for field in fields_for(kind))


def test_word_tables_with_merged_cells_are_read_as_people_see_them() -> None:
    """A cell over rows has its text in each; over columns the next is empty; controls and breaks are read through."""
    start, wide = cell("one", '<w:vMerge w:val="restart"/>'), cell("wide", '<w:gridSpan w:val="2"/>')
    broken, below = cell("x\ny"), cell("", "<w:vMerge/>")
    body = (
        "<w:tbl>"
        f"<w:tr>{cell('A')}{cell('B')}{cell('C')}</w:tr>"
        f"<w:tr>{start}{broken}{cell('z')}</w:tr>"
        f"<w:sdt><w:sdtContent><w:tr>{below}{wide}</w:tr></w:sdtContent></w:sdt>"
        "</w:tbl>"
    )
    assert tables_in("d", document(body)) == [[["A", "B", "C"], ["one", "x\ny", "z"], ["one", "wide", ""]]]


@pytest.mark.parametrize(
    ("before", "what"),
    [
        ('<!DOCTYPE d [<!ENTITY a "b">]>', "entities"),
        ('<!DOCTYPE d SYSTEM "file:///etc/passwd">', "entities"),
        ("<unclosed>", "damaged"),
    ],
)
def test_documents_that_declare_or_break_are_refused(before: str, what: str) -> None:
    """Entities, outer document types and broken XML are refused, in UTF-16 as well; nothing is unfolded or fetched."""
    for encoding in ("utf-8", "utf-16"):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            text = f'<?xml version="1.0" encoding="{encoding}"?>{before}<w:document xmlns:w="{W}"/>'
            archive.writestr(PART, text.encode(encoding))
        with pytest.raises(Problem) as refused:
            tables_in("d.docx", content.getvalue())
        assert what in str(refused.value.found)


def test_bombs_are_refused_before_they_unfold() -> None:
    """A document that unpacks to 60 MB of blanks is refused; so is one with too many parts, and a cut one."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PART, b" " * 60_000_000)
    assert len(bomb.getvalue()) < 100_000
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for n in range(5001):
            archive.writestr(f"{n}", b"")
        archive.writestr(PART, b"<x/>")
    for content in (bomb.getvalue(), many.getvalue(), document(table(MEMBERS))[:-40], b"PK\x03\x04" + PART.encode()):
        with pytest.raises(Problem) as refused:
            tables_in("d.docx", content)
        assert refused.value.kind == "centre.bad-document"


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"])), min_size=2, max_size=2))
)
def test_what_is_written_into_a_word_table_is_read_back(rows: list[list[str]]) -> None:
    """Any texts in the cells come back as they were, blanks around them aside."""
    given_rows = [["h", "i"], *rows]
    assert tables_in("d", document(table(given_rows))) == [[[text.strip() for text in row] for row in given_rows]]


def test_a_document_without_that_table_and_a_list_too_long_are_refused() -> None:
    """A document without a table says so; a third table of two is refused, and so are more rows than may be entered."""
    two = document(table(MEMBERS) + "<w:p/>" + table([["a"], ["b"]]))
    assert read_sheet("d.docx", two, sheet="2").rows == (Row(2, ["b"]),)
    for content, sheet in ((two, "3"), (document("<w:p/>"), None)):
        with pytest.raises(Problem) as refused:
            read_sheet("d.docx", content, sheet=sheet)
        assert refused.value.kind == "centre.no-sheet"
    with pytest.raises(Problem) as long:
        read_sheet("l.csv", b"a,b\n" + b"1,2\n" * 5001)
    assert long.value.kind == "centre.too-many-rows"


def test_projects_and_equipment_come_from_lists_too(centre: CentreWorld) -> None:
    """A list of projects names leader, member, days and budget in yuan; one of equipment its member and price."""
    centre.enter("Lin Bo", "university", "researcher")
    projects = [
        ["编号", "项目名称", "负责人", "单位", "开始日期", "结束日期", "预算"],
        ["P-1", "Fast sorting", "Lin Bo", "Linhai University", "2026/3/1", "2027年2月28日", "¥3.5万"],
    ]
    benches = [["设备名称", "类别", "单位", "成员价"], ["Cycler 8x5 A", "equipment", "伏瑞电池", "120.50"]]
    with store.transaction(centre.org) as connection:
        assert enter(connection, centre.manager, "project", read_sheet("p.docx", document(table(projects)))) == 1
        (project,) = find(connection, "project")
        assert (project.facts.budget, str(project.facts.ends)) == (3_500_000, "2027-02-28")
        assert enter(connection, centre.manager, "resource", read_sheet("r.xlsx", workbook([*benches]))) == 1
        (bench,) = find(connection, "resource")
        assert (bench.facts.price_member, bench.member_id) == (12_050, centre.members["maker"])
