"""Every kind as Excel, CSV and JSON, without formulas, with names for those alone who may see them."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.kinds import kinds
from takeback.share.centre.people import set_consents, withdraw_person
from takeback.share.centre.results import Author, Result, state_result
from takeback.share.centre.tables import Table, export, export_people, kinds_for, to_csv, to_xlsx
from tests.share.centre.centre_world import CentreWorld, new_centre

ENDINGS = ("csv", "xlsx", "json")


def test_every_kind_goes_out_in_every_format(centre: CentreWorld) -> None:
    """Whatever is recorded can be taken out as CSV, Excel and JSON by the manager, also where there is nothing yet."""
    with store.transaction(centre.org) as connection:
        assert kinds_for(centre.manager) == [kind.name for kind in kinds() if centre.manager.may(kind.read)]
        for kind in kinds_for(centre.manager):
            for ending in ENDINGS:
                assert export(connection, centre.manager, kind, ending)
        rows = json.loads(export(connection, centre.manager, "member", "json"))["member"]
        assert sorted(row["code"] for row in rows) == ["A1", "E1", "E2", "I1", "U1"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_names_only_for_those_who_may_see_them(centre: CentreWorld, ending: str) -> None:
    """The manager sees who stated a result; a colleague only those with a profile; nobody one who withdrew."""
    open_, shy = centre.enter("Olga Open", "maker", "researcher"), centre.enter("Sam Shy", "maker", "researcher")
    gone, bob = centre.enter("Gil Gone", "maker", "researcher"), centre.enter("Bob", "shop", "student")
    with store.transaction(centre.org) as connection:
        set_consents(connection, shy, ["statistics"])
        for n, one in enumerate((open_, shy, gone)):
            said = {
                "sort": "software",
                "title": f"Tool {'abc'[n] * 9}",
                "year": 2026,
                "licence": "MIT",
                "url": "https://a.b",
            }
            facts = msgspec.structs.replace(msgspec.convert(said, Result), authors=(Author(person=one.person_id),))
            state_result(connection, one, facts)
        withdraw_person(connection, centre.manager, gone.person())
        for actor, named in ((centre.manager, {"Olga Open", "Sam Shy"}), (bob, {"Olga Open"})):
            text = _text(export(connection, actor, "result", ending), ending)  # type: ignore[arg-type]
            assert {name for name in ("Olga Open", "Sam Shy", "Gil Gone") if name in text} == named
            assert str(gone.person_id) not in text
        with pytest.raises(Problem, match="not allowed"):
            export_people(connection, bob, ending)  # type: ignore[arg-type]
        listed = _text(export_people(connection, centre.manager, ending), ending)  # type: ignore[arg-type]
        assert "Gil Gone" not in listed
        assert "Sam Shy" in listed


def _text(content: bytes, ending: str) -> str:
    if ending != "xlsx":
        return content.decode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(row) for sheet in book for row in sheet.iter_rows(values_only=True))


def test_kinds_that_are_blind_go_to_those_alone_who_run_the_call(centre: CentreWorld) -> None:
    """Bob, an expert, takes out no proposals, reviews or conflicts; Charlie's export has nothing of this centre."""
    bob = centre.enter("Bob", "institute", "expert")
    with store.transaction(centre.org) as connection:
        for kind in ("proposal", "review", "conflict", "discussion", "report"):
            assert kind not in kinds_for(bob)
            with pytest.raises(Problem, match="not allowed"):
                export(connection, bob, kind, "csv")
        with pytest.raises(Problem) as missing:
            export(connection, bob, "nothing", "csv")
        assert missing.value.status == 404
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        text = export(connection, charlie.manager, "member", "csv").decode()
    assert not any(str(one) in text for one in centre.members.values())


@given(st.lists(st.lists(st.text(max_size=40), min_size=1, max_size=1), max_size=5))
def test_no_text_is_a_formula_of_a_spreadsheet(rows: list[list[str]]) -> None:
    """Whatever people wrote, no cell of CSV begins as a formula does, and no cell of the workbook is one."""
    dangerous = [["=1+1"], ["+1"], ["-1"], ["@x"], ["\t=1"], ["  =1"], ["＝1"]]
    table = Table("t", ("a",), ("=head",), [*rows, *dangerous])
    for (cell,) in csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline="")):
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([table])))
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]


def test_numbers_days_and_names_of_sheets_are_kept() -> None:
    """A number stays a number, a moment a text with its zone; sheets of the same name are apart."""
    moment = datetime(2026, 3, 1, 8, tzinfo=UTC)
    table = Table("a/b" * 20, ("n", "m", "long"), ("n", "m", "long"), [(-5, moment, 10**17)])
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([table, table])))
    assert len(book.sheetnames) == 2
    assert [cell.value for cell in book.active[2]] == [-5, "2026-03-01T08:00:00+00:00", str(10**17)]
