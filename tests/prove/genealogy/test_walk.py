"""The everyday trace finds what its definition says, at any instant, in whatever order events were recorded."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback import store
from takeback.core.problem import Problem
from takeback.prove.genealogy.result import Genealogy
from takeback.prove.genealogy.walk import walk
from tests.prove.genealogy.histories import AT, EVENTS, THINGS, Event, Found, expected, moment, resolved, write
from tests.store import servers

module = importlib.import_module("takeback.prove.genealogy.walk")  # the package shows the function of that name


@pytest.fixture(scope="module")
def ledger() -> Iterator[store.Database]:
    """One database for all examples: each works in an organisation of its own."""
    with servers.opened() as opened:
        yield opened


def said(answer: Genealogy) -> Found:
    return Found(
        {node.key: (node.depth, node.entry, node.kind) for node in answer.nodes},
        {(step.kind, step.entries, step.inner, step.outer) for step in answer.steps},
    )


@settings(max_examples=150, deadline=None)
@given(
    EVENTS,
    st.sets(THINGS, min_size=1, max_size=2),
    st.sampled_from(["back", "forward"]),
    st.none() | AT,
    st.none() | st.integers(0, 3),
)
def test_a_walk_finds_what_the_definition_says(
    ledger: store.Database, events: list[Event], seeds: set[int], direction: str, at: int | None, depth: int | None
) -> None:
    """Things, depths, leading entries and steps are those of the naive reading of the definition."""
    org, events = uuid4(), resolved(events)
    ids = write(org, events)
    with store.transaction(org) as connection:
        answer = walk(
            connection, org, sorted(seeds), direction=direction, at=None if at is None else moment(at), depth=depth
        )
    assert said(answer) == expected(events, ids, seeds, direction, at, depth)


def test_a_walk_that_is_too_large_says_so(ledger: store.Database) -> None:
    """More rows than allowed give a problem that names the limit and the way out, never a part of the answer."""
    org = uuid4()
    write(org, [Event(inner=frozenset(range(100, 150)), outer=frozenset({1}))])
    with store.transaction(org) as connection:
        with pytest.raises(Problem) as caught:
            walk(connection, org, [1], direction="back", largest=50)
        assert caught.value.kind == "trace.too-large"
        assert len(walk(connection, org, [1], direction="back", largest=52).nodes) == 51
        assert connection.scalar(sa.text("show statement_timeout")) == "0"


def test_another_tenant_finds_nothing(ledger: store.Database) -> None:
    """A walk sees its own organisation's entries only."""
    org = uuid4()
    write(org, [Event(inner=frozenset({2, 3}), outer=frozenset({1}))])
    other = uuid4()
    with store.transaction(other) as connection:
        assert [node.key for node in walk(connection, other, [1], direction="back").nodes] == [1]
        assert [node.key for node in walk(connection, org, [1], direction="back").nodes] == [1]


def test_a_walk_without_end_is_ended(ledger: store.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes too long is stopped and told as too large; the transaction goes on, with its own settings."""
    org = uuid4()
    monkeypatch.setattr(module, "_statement", lambda _: b"select pg_sleep(%(depth)s)")
    monkeypatch.setattr(module, "_SETTINGS", (b"savepoint walk", b"set local statement_timeout = '40ms'"))
    with store.transaction(org) as connection:
        with pytest.raises(Problem) as caught:
            walk(connection, org, [1], direction="back")
        assert caught.value.kind == "trace.too-large"
        assert connection.scalar(sa.text("show statement_timeout")) == "0"
