"""Customizable contraction hierarchies (Dibbelt, Strasser, Wagner 2016), by pyroutingkit.

The order of junctions is found once for a graph; a profile or an hour only fits new weights to it, which takes a tenth
of a second where the order took seconds.

An engine of this kind tells the weight of the best way, not the way. Metres of the fastest way come from two tables of
weights: w, the seconds in fine units, and w + length. With units so fine that a metre adds at most a thousandth of its
time (ways of up to twelve hours; a five-hundredth up to a day), what the second table says beyond the first lies
between the lengths of two ways whose times differ by at most that: exact where the fastest way has no such rival.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from takeback.operate.distances.roads.engine import Floats, Ints
from takeback.operate.distances.roads.graph import RoadGraph

LARGEST = 2**30  # the fastest ways weigh at most half of what the engine takes for "no way"
COARSE = 10.0  # units a second with which the longest way is found first: 3.4 years fit
A_THOUSANDTH = 25_000.0
"""Units a second with which one unit a metre is a thousandth of its time at 25 m/s (motorways), less at any other."""


class Hierarchy:
    """The engine over one graph."""

    name = "customizable contraction hierarchies (pyroutingkit)"

    def __init__(self, graph: RoadGraph) -> None:
        from pyroutingkit import CCHTopology  # noqa: PLC0415 -- an extra

        self.graph = graph
        self.topology: Any = CCHTopology()
        ends = (graph.tail.astype(np.uint32), graph.head.astype(np.uint32))
        self.topology.build(*ends, graph.lat.astype(np.float32), graph.lon.astype(np.float32), graph.nodes)

    def tables(self, seconds: Floats, nodes: Ints) -> tuple[Floats, Floats]:
        """Return seconds and metres (k, k) of the fastest ways; see `Engine`."""
        rough, reached = self._table(seconds * COARSE, nodes)
        longest = float(rough[reached].max(initial=1.0)) / COARSE + 1.0
        units = LARGEST / longest
        fastest, reached = self._table(seconds * units, nodes)
        finer = max(1.0, units / A_THOUSANDTH)
        longer, _ = self._table(seconds * units, nodes, self.graph.length_m * finer)
        metres = (longer - fastest) / finer
        return np.where(reached, fastest / units, np.inf), np.where(reached, metres, np.inf)

    def _table(self, weights: Floats, nodes: Ints, added: Floats | float = 0.0) -> tuple[Floats, Any]:
        """Return the weights of the best ways, and which pairs have one."""
        from pyroutingkit import INF_WEIGHT, CCHMetric  # noqa: PLC0415

        whole = np.rint(np.where(np.isfinite(weights), weights, 0.0)) + np.rint(added)
        capped = np.where(np.isfinite(weights), np.minimum(whole, INF_WEIGHT - 1), INF_WEIGHT)
        metric = CCHMetric(self.topology)
        metric.customize(capped.astype(np.uint32))
        ends = nodes.astype(np.uint32)
        found = np.asarray(metric.distances_many_to_many(ends, ends)).reshape(len(nodes), len(nodes))
        return found.astype(np.float64), found < INF_WEIGHT
