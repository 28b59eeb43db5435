"""The graph in memory answers as the everyday trace does, loaded at once, taken in bit by bit, or merged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback import store
from takeback.prove.genealogy.graph import Graph, Registry
from takeback.prove.genealogy.graph import graph as module
from takeback.prove.genealogy.graph.graph import Reached
from takeback.prove.genealogy.walk import walk
from tests.prove.genealogy.histories import AT, EVENTS, THINGS, Event, expected, moment, resolved, write
from tests.store import servers

KINDS = ("aggregation", "association", "transformation")


@pytest.fixture(scope="module")
def ledger() -> Iterator[store.Database]:
    with servers.opened() as opened:
        yield opened


def said(answer: Reached) -> dict[int, tuple[int, int | None, str | None]]:
    return {
        key: (depth, None, None) if via < 0 else (depth, via, KINDS[kind])
        for key, depth, via, kind in zip(*(column.tolist() for column in answer), strict=True)
    }


@settings(max_examples=100, deadline=None)
@given(
    EVENTS,
    st.lists(st.integers(0, 26), max_size=3),
    st.sets(THINGS, min_size=1, max_size=2),
    st.sampled_from(["back", "forward"]),
    st.none() | AT,
    st.none() | st.integers(0, 3),
    st.sampled_from([0, 4, 100]),
    st.booleans(),
)
def test_three_ways_to_the_same_answer(
    ledger: store.Database, events: list[Event], cuts: list[int], seeds: set[int], direction: str, at: int | None,
    depth: int | None, grown: int, settled: bool,
) -> None:  # fmt: skip
    """Definition, SQL and memory agree on things, depths and leading entries; the graph may have been loaded at any
    point of the history, taken in the rest in several goes, and merged after few rows or none, in time or later."""
    org, events = uuid4(), resolved(events)
    marks = [0, *sorted(min(cut, len(events)) for cut in cuts), len(events)]
    ids: list[int] = []
    graph = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "GROWN", grown)
        for first, last in pairwise(marks):
            ids = write(org, events[first:last], ids)
            with store.transaction(org) as connection:
                if graph is None:
                    graph = Graph(connection, org)
                else:
                    graph.refresh(connection)
            if settled:
                graph.settle()
    assert graph is not None
    instant = None if at is None else moment(at)
    answer = said(graph.reach(sorted(seeds), direction, at=instant, depth=depth))
    assert answer == expected(events, ids, seeds, direction, at, depth).nodes
    with store.transaction(org) as connection:
        walked = walk(connection, org, sorted(seeds), direction=direction, at=instant, depth=depth)
    assert answer == {node.key: (node.depth, node.entry, node.kind) for node in walked.nodes}


def test_a_graph_sees_its_own_organisation_only(ledger: store.Database) -> None:
    """What another tenant recorded about the same things is not in the graph, whatever is asked for."""
    alice, charlie = uuid4(), uuid4()
    write(alice, [Event(inner=frozenset({2}), outer=frozenset({1}))])
    write(charlie, [Event(inner=frozenset({3}), outer=frozenset({2}))])
    with store.transaction(charlie) as connection:
        assert Graph(connection, alice).edges == 0
        assert said(Graph(connection, charlie).reach([1, 2], "back")).keys() == {1, 2, 3}


def test_the_registry_keeps_to_its_bound(ledger: store.Database) -> None:
    """Beyond the bound the graph not asked for longest goes; asked again it is loaded again, with all that came."""
    registry, orgs = Registry(bound=1), [uuid4() for _ in range(3)]
    for org in orgs:
        write(org, [Event(inner=frozenset({2}), outer=frozenset({1}))])
        with store.transaction(org) as connection:
            first = registry.current(connection, org)
            assert registry.current(connection, org) is first
    write(orgs[0], [Event(inner=frozenset({3}), outer=frozenset({2}))])
    with store.transaction(orgs[0]) as connection:
        assert said(registry.current(connection, orgs[0]).reach([1], "back")).keys() == {1, 2, 3}
    assert len(registry._graphs) == 1


def test_an_entry_committed_late_is_not_missed(ledger: store.Database) -> None:
    """An entry with a smaller id that is committed after a greater one comes in with the next delta."""
    org = uuid4()
    with store.transaction(org) as slow:
        early = slow.execute(sa.text("select nextval('entry_id_seq')")).scalar_one()
        write(org, [Event(inner=frozenset({2}), outer=frozenset({1}))])
        with store.transaction(org) as connection:
            graph = Graph(connection, org)
        slow.execute(
            sa.text(
                "insert into entry (id, org_id, kind, event_time, record_time, actor, salt, body, thing_keys, "
                "thing_roles) values (:id, :org, 'AggregationEvent', :at, now(), 'late', "
                "'\\x00000000000000000000000000000000', '\\x007b7d', '{2,3}', '{66,68}')"
            ),
            {"id": early, "org": org, "at": moment(1)},
        )
        for key, roles in ((2, 66), (3, 68)):
            slow.execute(
                sa.text("insert into entry_item values (:org, :key, :id, :roles, :at)"),
                {"org": org, "key": key, "id": early, "roles": roles, "at": moment(1)},
            )
        number = slow.execute(
            sa.text("update party_counter set next_number = next_number + 1 returning next_number - 1")
        ).scalar_one()
        slow.execute(
            sa.text("insert into number_run values (:org, :number, :id, 1)"),
            {"org": org, "number": number, "id": early},
        )
    with store.transaction(org) as connection:
        assert graph.refresh(connection)
        assert not graph.refresh(connection)
    assert said(graph.reach([1], "back")).keys() == {1, 2, 3}
