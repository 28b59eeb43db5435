"""Dijkstra's algorithm, by SciPy: needs no extra; enough for a city and some hundred places."""

from __future__ import annotations

from typing import Any

import numpy as np

from takeback.operate.distances.roads.engine import Floats, Ints
from takeback.operate.distances.roads.graph import RoadGraph


class Dijkstra:
    """The engine over one graph."""

    name = "Dijkstra (SciPy)"

    def __init__(self, graph: RoadGraph) -> None:
        self.graph = graph

    def tables(self, seconds: Floats, nodes: Ints) -> tuple[Floats, Floats]:
        """Return seconds and metres (k, k) of the fastest ways; see `Engine`."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

        times, lengths = self._sparse(seconds)
        duration, metres = np.empty((2, len(nodes), len(nodes)))
        for k, source in enumerate(nodes.tolist()):  # one at a time: the trees of all would not fit
            found, before = dijkstra(times, indices=source, return_predecessors=True)
            duration[k] = found[nodes]
            metres[k] = np.where(np.isfinite(found), _along(before, lengths, self.graph.nodes), np.inf)[nodes]
        return duration, metres

    def _sparse(self, seconds: Floats) -> tuple[Any, Any]:
        """Return open arcs as matrices of seconds and metres; of parallel ones the fastest."""
        from scipy.sparse import csr_array  # noqa: PLC0415

        graph = self.graph
        order = np.lexsort((seconds, graph.head, graph.tail))
        order = order[np.isfinite(seconds[order]) & (graph.tail[order] != graph.head[order])]
        ends = np.stack([graph.tail[order], graph.head[order]])
        first = np.ones(len(order), dtype=bool)
        first[1:] = (ends[:, 1:] != ends[:, :-1]).any(axis=0)
        kept, shape = order[first], (graph.nodes, graph.nodes)
        where = (graph.tail[kept], graph.head[kept])
        return csr_array((seconds[kept], where), shape=shape), csr_array((graph.length_m[kept], where), shape=shape)


def _along(before: Ints, lengths: Any, nodes: int) -> Floats:
    """Return the metres from the source to each junction along the tree of fastest ways, by doubling of steps."""
    ahead = np.where(before < 0, np.arange(nodes), before)
    reached = np.nonzero(before >= 0)[0]
    metres = np.zeros(nodes)
    metres[reached] = np.asarray(lengths[before[reached], reached]).ravel()
    while (ahead != ahead[ahead]).any():
        metres, ahead = metres + metres[ahead], ahead[ahead]
    return metres
