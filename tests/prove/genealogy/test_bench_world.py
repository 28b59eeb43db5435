"""The world that the bench measures is what it says, and both ways of tracing agree on it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import numpy as np
import pytest

from bench.genealogy import CELLS, LEVELS, MODULES, World, build, settle
from takeback import store
from takeback.prove.genealogy import walk
from takeback.prove.genealogy.graph import Graph
from tests.store import servers


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[UUID, World]]:
    """A hundred packs, written as the bench writes fifty thousand."""
    with servers.opened() as database:
        name = database.application_url.rsplit("/", 1)[1].split("?")[0]
        administrator = store.Database(servers.administrator(name), database.owner_url)
        org = uuid4()
        with administrator.transaction({}) as connection:
            built = build(connection, org, 20_000, seed=3)
        settle(administrator)
        administrator.close()
        yield org, built


def test_a_pack_is_eleven_steps_deep(world: tuple[UUID, World]) -> None:
    """Pack, modules, cells, cell lots and eight levels of material lots; the graph holds the edges that are claimed."""
    org, built = world
    with store.transaction(org) as connection:
        found = walk(connection, org, [int(built.packs[0])], direction="back")
    counts = np.bincount([node.depth for node in found.nodes]).tolist()
    assert counts[:3] == [1, MODULES, CELLS]
    assert len(counts) == 4 + LEVELS
    assert 20_000 <= built.edges <= 22_000


def test_memory_and_sql_agree_on_it(world: tuple[UUID, World]) -> None:
    """Forward from cells and back from packs, the same things by the same entries."""
    org, built = world
    with store.transaction(org) as connection:
        graph = Graph(connection, org)
        for direction, keys in (("back", built.packs[:5].tolist()), ("forward", built.cells[:40:3].tolist())):
            found = walk(connection, org, keys, direction=direction)  # type: ignore[arg-type]
            reached = graph.reach(keys, direction)  # type: ignore[arg-type]
            assert dict(zip(reached.keys.tolist(), reached.via.tolist(), strict=True)) == {
                node.key: -1 if node.entry is None else node.entry for node in found.nodes
            }
