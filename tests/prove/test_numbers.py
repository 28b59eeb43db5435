"""Numbers kept as runs say of each entry what a row for each would have said."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID, uuid4

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from takeback import store
from takeback.prove.entry import Appended, Entry
from takeback.prove.ledger import append, seal
from takeback.prove.numbers import number_of, numbered, runs

AT = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.lists(st.integers(0, 60), unique=True))
def test_runs_hold_every_id_once_and_are_as_long_as_can_be(ids: list[int]) -> None:
    """Written out, the runs are the ids in their order; none goes on where the one before ends."""
    found = list(runs(ids))
    assert [run.entry + step for run in found for step in range(run.length)] == ids
    assert [run.place for run in found] == [sum(run.length for run in found[:n]) for n in range(len(found))]
    assert all(one.entry + one.length != other.entry for one, other in pairwise(found))


def test_numbers_of_entries_whose_ids_are_mixed_with_those_of_others(database: store.Database) -> None:
    """Two parties append by turns in open transactions, and seal in an order of their own: each has 1, 2, 3, ..."""
    one, two = uuid4(), uuid4()
    ids = mixed(one, two)
    for party in (one, two):
        check(party, ids[party])


def mixed(one: UUID, two: UUID) -> dict[UUID, list[int]]:
    """Record six entries of each party; return their ids in the order of their numbers."""
    appended: dict[UUID, list[Appended]] = {one: [], two: []}
    with store.transaction(one) as first, store.transaction(two) as second:
        for count in (1, 3, 2):
            for party, connection in ((one, first), (two, second)):
                entries = [Entry("takeback:Note", {"n": n}, AT) for n in range(count)]
                appended[party] += append(connection, party, entries, actor="test")
        for party, connection in ((one, first), (two, second)):
            appended[party] = [*appended[party][4:], *appended[party][:4]]
            seal(connection, party, appended[party])
    return {party: [a.id for a in some] for party, some in appended.items()}


def check(party: UUID, ids: list[int]) -> None:
    with store.transaction(party) as connection:
        assert connection.scalars(sa.text(f"select e.id from entry e order by {number_of()}")).all() == ids
        number = sa.text(f"select {number_of()} from entry e where id = :id")
        assert [connection.scalar(number, {"id": each}) for each in ids] == [1, 2, 3, 4, 5, 6]
        assert connection.scalar(sa.text("select count(*) from number_run")) == 3
        between = sa.text(f"select number, entry_id from {numbered(':org', ':first', ':last')} n order by number")
        for first, last in ((1, 6), (2, 4), (5, 5), (6, 9), (7, 9)):
            rows = connection.execute(between, {"org": party, "first": first, "last": last})
            assert [tuple(row) for row in rows] == [(n, ids[n - 1]) for n in range(first, min(last, 6) + 1)]
        rest = sa.text(f"select entry_id from {numbered(':org', ':first')} n order by number")
        assert connection.scalars(rest, {"org": party, "first": 3}).all() == ids[2:]


def test_an_entry_behind_a_run_has_no_number(database: store.Database) -> None:
    """Though the run is the last one that begins before the entry."""
    party = uuid4()
    with store.transaction(party) as connection:
        one, other = (append(connection, party, [Entry("takeback:Note", {}, AT)], actor="test")[0] for _ in range(2))
        seal(connection, party, [one])
        number = sa.text(f"select {number_of()} from entry e where id = :id")
        assert [connection.scalar(number, {"id": each.id}) for each in (one, other)] == [1, None]
        seal(connection, party, [other])
