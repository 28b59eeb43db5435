"""Nobody sees through another party's events without its grant; what is not shown is counted."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from takeback import store
from takeback.core.problem import Problem
from takeback.prove.genealogy import grant, granted_by, granted_to, trace, withdraw
from takeback.prove.genealogy.graph import registry
from takeback.prove.genealogy.graph.graph import Reached
from takeback.prove.genealogy.recall import recall
from tests.prove.genealogy.histories import AT, EVENTS, THINGS, Event, expected, moment, resolved, write
from tests.store import servers


@pytest.fixture(scope="module")
def ledger() -> Iterator[store.Database]:
    with servers.opened() as opened:
        yield opened
    registry.forget()


def give(grantor: UUID, grantee: UUID, item: int | None) -> None:
    with store.transaction(grantor) as connection:
        grant(connection, grantor, grantee, item=item)


SCOPES = st.none() | st.just(frozenset({-1})) | st.frozensets(THINGS, min_size=1, max_size=2)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(EVENTS, EVENTS, EVENTS),
    st.tuples(SCOPES, SCOPES),
    THINGS,
    st.sampled_from(["back", "forward"]),
    st.none() | AT,
    st.none() | st.integers(1, 3),
)
def test_only_granted_events_are_ever_seen(
    ledger: store.Database,
    histories: tuple[list[Event], ...],
    scopes: tuple[frozenset[int] | None, ...],
    seed: int,
    direction: str,
    at: int | None,
    depth: int | None,
) -> None:
    """Alice's trace and recall, beside two other parties of which each has granted all, some things or nothing, name
    entries of hers or granted ones alone, and both reach the same; without a grant what her own events reach."""
    parties = [uuid4() for _ in histories]
    alice = parties[0]
    told = [resolved(history) for history in histories]
    ids = [write(party, events) for party, events in zip(parties, told, strict=True)]
    seen = set(ids[0])
    for party, entries, events, scope in zip(parties[1:], ids[1:], told[1:], scopes, strict=True):
        for item in scope or ():
            give(party, alice, None if item == -1 else item)
        for entry, event in zip(entries, events, strict=True):
            if scope and (-1 in scope or scope & (event.inner | event.outer)):
                seen.add(entry)
    instant = None if at is None else moment(at)
    traced = trace(alice, [seed], direction=direction, at=instant, depth=depth, parties=parties)
    nodes = {node.key: node.depth for node in traced.genealogy.nodes}
    assert {entry for step in traced.genealogy.steps for entry in step.entries} <= seen
    recalled = recall(alice, [seed], direction=direction, at=instant, depth=depth, parties=parties)
    assert {via for via in recalled.reached.via.tolist() if via >= 0} <= seen
    assert said(recalled.reached) == nodes
    assert recalled.hidden == traced.hidden
    if not any(scopes):
        own = expected(told[0], ids[0], {seed}, direction, at, depth)
        assert nodes == {key: found[0] for key, found in own.nodes.items()}
    if all(scope == {-1} for scope in scopes):
        assert traced.hidden == 0


def said(reached: Reached) -> dict[int, int]:
    return dict(zip(reached.keys.tolist(), reached.depths.tolist(), strict=True))


def test_a_chain_through_three_parties(ledger: store.Database) -> None:
    """Pack of Alice, cells of Bob, lot of Charlie: shown as far as granted, counted beyond; withdrawn, it ends."""
    alice, bob, charlie = uuid4(), uuid4(), uuid4()
    write(alice, [Event("AssociationEvent", 3, "ADD", frozenset({2}), frozenset({1}))])
    write(bob, [Event("TransformationEvent", 2, "OBSERVE", frozenset({3}), frozenset({2}))])
    write(charlie, [Event("TransformationEvent", 1, "OBSERVE", frozenset({4}), frozenset({3}))])
    everybody = [alice, bob, charlie]

    def seen() -> tuple[list[int], int]:
        found = trace(alice, [1], direction="back", parties=everybody)
        same = recall(alice, [1], direction="back", parties=everybody)
        assert sorted(same.reached.keys.tolist()) == sorted(node.key for node in found.genealogy.nodes)
        assert same.hidden == found.hidden
        return [node.key for node in found.genealogy.nodes], found.hidden

    assert seen() == ([1, 2], 1)
    give(bob, alice, 2)
    assert seen() == ([1, 2, 3], 1)
    give(charlie, alice, None)
    assert seen() == ([1, 2, 3, 4], 0)
    with store.transaction(bob) as connection:
        assert [(one.grantee, one.item) for one in granted_by(connection, bob)] == [(alice, 2)]
        withdraw(connection, bob, alice, item=2)
    assert seen() == ([1, 2], 1)


def test_a_grant_is_given_by_its_owner_alone(ledger: store.Database) -> None:
    """The grantee reads the grant and cannot make, change or keep one; a third party does not see it."""
    alice, bob, charlie = uuid4(), uuid4(), uuid4()
    give(bob, alice, 5)
    with store.transaction(alice) as connection:
        assert granted_to(connection, alice) == {bob: frozenset({5})}
        withdraw(connection, bob, alice, item=5)
        assert granted_to(connection, alice) == {bob: frozenset({5})}
    with store.transaction(charlie) as connection:
        assert connection.scalar(sa.text("select count(*) from trace_grant")) == 0
    with pytest.raises(DBAPIError, match="row-level security"), store.transaction(alice) as connection:
        grant(connection, bob, alice)
    with pytest.raises(Problem) as caught, store.transaction(alice) as connection:
        grant(connection, alice, alice)
    assert caught.value.kind == "grants.own"
