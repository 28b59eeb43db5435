"""Fastest ways: the two engines agree with each other, and with every way tried."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.operate.distances.roads.dijkstra import Dijkstra
from takeback.operate.distances.roads.engine import Engine, engine_for
from takeback.operate.distances.roads.graph import RoadGraph

Floats = npt.NDArray[np.float64]


def graph_of(nodes: int, arcs: list[tuple[int, int, int, int]]) -> tuple[RoadGraph, Floats]:
    """Return a graph of arcs (tail, head, metres, seconds x 10), and its seconds."""
    columns = np.array(arcs, dtype=np.int64).reshape(-1, 4)
    rng, m = np.random.default_rng(nodes), len(columns)
    nothing, words = np.zeros(m, dtype=bool), np.full(m, "", dtype=np.str_)
    graph = RoadGraph(
        lat=31 + rng.random(nodes) / 10,
        lon=121 + rng.random(nodes) / 10,
        tail=columns[:, 0],
        head=columns[:, 1],
        length_m=columns[:, 2].astype(np.float64),
        road=words,
        limit_kmh=np.full(m, np.inf),
        no_lorries=nothing,
        no_dangerous_goods=nothing,
        tunnel=words,
        max_weight_t=np.full(m, np.inf),
        max_height_m=np.full(m, np.inf),
        way=words,
    )
    return graph, columns[:, 3] / 10


def every_way(graph: RoadGraph, seconds: Floats) -> Floats:
    """Return the seconds between all junctions by Floyd and Warshall's algorithm."""
    best = np.full((graph.nodes, graph.nodes), np.inf)
    np.minimum.at(best, (graph.tail, graph.head), seconds)
    np.fill_diagonal(best, 0)
    for k in range(graph.nodes):
        best = np.minimum(best, best[:, [k]] + best[[k], :])
    return best


@st.composite
def graphs(draw: st.DrawFn) -> tuple[RoadGraph, Floats]:
    nodes = draw(st.integers(2, 9))
    arc = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1), st.integers(1, 3000), st.integers(1, 3000))
    graph, seconds = graph_of(nodes, draw(st.lists(arc, min_size=1, max_size=30)))
    closed = draw(st.lists(st.booleans(), min_size=graph.arcs, max_size=graph.arcs))
    return graph, np.where(closed, np.inf, seconds)


def engines(graph: RoadGraph) -> list[Engine]:
    pytest.importorskip("pyroutingkit", reason="the extra takeback[roads] is not installed")
    from takeback.operate.distances.roads.hierarchy import Hierarchy  # noqa: PLC0415

    return [Dijkstra(graph), Hierarchy(graph)]


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_seconds_are_those_of_the_fastest_way(made: tuple[RoadGraph, Floats]) -> None:
    """Both engines find what trying every way finds: parallel, closed and circular arcs, pairs without a way."""
    graph, seconds = made
    expected = every_way(graph, seconds)
    for engine in engines(graph):
        found, metres = engine.tables(seconds, np.arange(graph.nodes))
        assert np.array_equal(np.isfinite(found), np.isfinite(expected)), engine.name
        assert np.array_equal(np.isfinite(metres), np.isfinite(expected)), engine.name
        assert np.allclose(found, expected, atol=1e-3), engine.name


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_metres_are_those_of_a_way_that_is_as_fast(made: tuple[RoadGraph, Floats]) -> None:
    """The metres belong to the seconds: no way that takes hardly longer is shorter, and none at all that is as fast.

    Trying all ways by seconds + a hundred-thousandth of their metres gives the shortest of the fastest.
    """
    graph, seconds = made
    slightly = every_way(graph, seconds + graph.length_m * 1e-5)
    fastest = every_way(graph, seconds)
    with np.errstate(invalid="ignore"):
        shortest = (slightly - fastest) / 1e-5
    reached = np.isfinite(fastest)
    hierarchy = engines(graph)[1]
    _, metres = hierarchy.tables(seconds, np.arange(graph.nodes))
    assert np.all(metres[reached] <= shortest[reached] + 1)
    _, exact = Dijkstra(graph).tables(seconds, np.arange(graph.nodes))
    assert np.all(metres[reached] <= exact[reached] + 1)


def test_a_longer_and_faster_road_is_taken_with_its_own_metres() -> None:
    """The motorway of 9 km beats the lane of 3 km, and 9 km are told: metres of one way, not of two."""
    graph, seconds = graph_of(3, [(0, 2, 3_000, 6_000), (0, 1, 5_000, 2_000), (1, 2, 4_000, 1_500)])
    for engine in engines(graph):
        found, metres = engine.tables(seconds, np.array([0, 2]))
        assert found[0, 1] == pytest.approx(350, abs=0.01)
        assert metres[0, 1] == pytest.approx(9_000, abs=0.5)
        assert np.isinf(metres[1, 0])


def test_ways_of_a_day_and_of_a_minute_are_told_alike() -> None:
    """Units are fitted to the longest way: neither do long ways overflow, nor do short ones lose their digits."""
    day = 864_000  # tenths of a second
    graph, seconds = graph_of(4, [(0, 1, 1_500_000, day), (1, 0, 1_500_000, day), (2, 3, 7, 5), (3, 2, 7, 5)])
    for engine in engines(graph):
        found, metres = engine.tables(seconds, np.arange(4))
        assert found[0, 1] == pytest.approx(day / 10, rel=1e-6)
        assert metres[0, 1] == pytest.approx(1_500_000, rel=1e-3)
        assert found[2, 3] == pytest.approx(0.5, abs=0.01)
        assert metres[2, 3] == pytest.approx(7, abs=1)


def test_dijkstra_stands_in_where_the_extra_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyroutingkit the same question is answered by SciPy."""
    graph, seconds = graph_of(2, [(0, 1, 10, 10), (1, 0, 10, 10)])
    monkeypatch.setattr("takeback.operate.distances.roads.engine.find_spec", lambda name: None)
    engine = engine_for(graph)
    assert isinstance(engine, Dijkstra)
    assert engine.tables(seconds, np.arange(2))[1].tolist() == [[0, 10], [10, 0]]


def test_a_saved_graph_is_the_same(tmp_path: object) -> None:
    """What is written and read again has the same hash; a changed arc has another."""
    from pathlib import Path  # noqa: PLC0415

    graph, _ = graph_of(3, [(0, 1, 10, 10), (1, 2, 10, 10)])
    graph.save(Path(str(tmp_path)) / "g.npz")
    assert RoadGraph.load(Path(str(tmp_path)) / "g.npz").digest == graph.digest
    assert replace(graph, length_m=graph.length_m + 1).digest != graph.digest
