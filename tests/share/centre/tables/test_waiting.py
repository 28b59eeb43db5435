"""Lists that wait to be entered: mapped, looked at, entered, and gone; what a column meant is remembered."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import tables
from takeback.share.centre.records import find
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.tables.test_lists_in import csv

FIRMS = csv([
    ["Key", "Firm", "Name in Chinese", "What it is", "Our notes"],
    ["E8", "Ember Cells", "余烬电芯", "enterprise", "called twice"],
    ["I8", "Ash Lab", "灰实验室", "institute", ""],
])  # fmt: skip
MEANT = {"Key": "code", "Firm": "name", "Name in Chinese": "name_zh", "What it is": "sort"}


def test_a_list_is_mapped_looked_at_and_entered_once_and_its_content_goes(centre: CentreWorld) -> None:
    """Nothing is written before it is entered; entered twice it is refused; of the file nothing is left."""
    with store.transaction(centre.org) as connection:
        one = tables.receive(connection, centre.manager, "member", "firms.csv", FIRMS)
        with pytest.raises(Problem, match="A column is missing"):
            tables.look_at(connection, centre.manager, one.id)
        seen = tables.look_at(connection, centre.manager, one.id, mapping=MEANT)
        assert seen is not None
        assert (seen.good, seen.ignored, len(find(connection, "member"))) == (2, ("Our notes",), 5)
        assert tables.waiting_list(connection, centre.manager, one.id).mapping == MEANT
        assert tables.enter_waiting(connection, centre.manager, one.id) == 2
        assert len(find(connection, "member")) == 7
        with pytest.raises(Problem) as twice:
            tables.enter_waiting(connection, centre.manager, one.id)
        assert (twice.value.kind, twice.value.status) == ("centre.list-entered", 409)
        left = connection.execute(sa.text("select content, examined from centre_list")).one()
        assert tuple(left) == (None, None)
        assert tables.lists_waiting(connection, centre.manager) == []


def test_what_a_column_meant_is_remembered_also_that_it_meant_nothing(centre: CentreWorld) -> None:
    """A second list with the same headers, in other case, is mapped as the first one was; another centre knows none."""
    columns = ["KEY", "firm", "name in chinese", "what it is", "Our Notes"]
    with store.transaction(centre.org) as connection:
        one = tables.receive(connection, centre.manager, "member", "firms.csv", FIRMS)
        tables.look_at(connection, centre.manager, one.id, mapping=MEANT)
        tables.enter_waiting(connection, centre.manager, one.id)
        known = tables.suggested(connection, "member", columns)
        assert known == dict(zip(columns, ["code", "name", "name_zh", "sort"], strict=False))
        said = tables.said_mapping(connection, "member", columns, ["Our Notes=since", "KEY="])
        assert said == {"firm": "name", "name in chinese": "name_zh", "what it is": "sort", "Our Notes": "since"}
        with pytest.raises(Problem, match="does not say what a column means"):
            tables.said_mapping(connection, "member", columns, ["Our Notes"])
    other = new_centre("other")
    with store.transaction(other.org) as connection:
        assert tables.suggested(connection, "member", ["Firm", "Key"]) == {}


def test_the_row_report_names_row_column_field_found_and_what_would_be_right(centre: CentreWorld) -> None:
    """The faults that were found survive, with their sentences, until the report is fetched."""
    bad = csv([["Key", "Firm", "Name in Chinese", "What it is"], ["no blanks", "=1+1", "x", "club"]])
    with store.transaction(centre.org) as connection:
        one = tables.receive(connection, centre.manager, "member", "firms.csv", bad)
        tables.look_at(connection, centre.manager, one.id, mapping=MEANT)
        kept = tables.waiting_list(connection, centre.manager, one.id).examined
        assert kept is not None
        text = tables.to_csv(tables.row_report(kept, str)).decode("utf-8-sig")
        assert text.splitlines()[1].startswith('2,What it is,sort,This does not fit.,club,"authority,')
        with pytest.raises(Problem) as refused:
            tables.enter_waiting(connection, centre.manager, one.id)
        assert refused.value.kind == "centre.list-not-clean"
        tables.drop(connection, centre.manager, one.id)
        with pytest.raises(Problem, match="no such list"):
            tables.waiting_list(connection, centre.manager, one.id)


def test_who_may_not_enter_lists_sees_none(centre: CentreWorld) -> None:
    """Alice manages; Bob may enter references of his own and no lists; Charlie, of another centre, finds nothing."""
    bob, dora = centre.enter("Bob", "maker", "researcher"), centre.enter("Dora", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        one = tables.receive(connection, centre.manager, "member", "firms.csv", FIRMS)
        for refused in (
            lambda: tables.receive(connection, bob, "member", "firms.csv", FIRMS),
            lambda: tables.waiting_list(connection, bob, one.id),
            lambda: tables.enter_waiting(connection, bob, one.id),
            lambda: tables.lists_waiting(connection, bob),
        ):
            with pytest.raises(Problem) as problem:
                refused()
            assert problem.value.status == 403
        own = tables.receive(connection, bob, "source", "mine.bib", b"@book{a,}", sheet="bibtex")
        assert tables.waiting_list(connection, bob, own.id).sheet == "bibtex"
        with pytest.raises(Problem, match="not allowed"):
            tables.waiting_list(connection, dora, own.id)
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection, pytest.raises(Problem, match="no such list"):
        tables.waiting_list(connection, charlie.manager, one.id)


def test_a_list_that_waited_for_more_than_a_day_goes_with_the_next_one(centre: CentreWorld) -> None:
    """What nobody entered does not stay."""
    with store.transaction(centre.org) as connection:
        old = tables.receive(connection, centre.manager, "member", "firms.csv", FIRMS)
        connection.execute(sa.text("update centre_list set added_at = now() - interval '25 hours'"))
        new = tables.receive(connection, centre.manager, "member", "firms.csv", FIRMS)
        assert [one.id for one in tables.lists_waiting(connection, centre.manager)] == [new.id]
        assert old.id != new.id
