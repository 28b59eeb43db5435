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
        units = LARGEST / self._longest(seconds, nodes)
        fastest = _between(self._metric(seconds * units), nodes, nodes)
        finer = max(1.0, units / A_THOUSANDTH)
        longer = _between(self._metric(seconds * units, self.graph.length_m * finer), nodes, nodes)
        reached = np.isfinite(fastest)
        metres = np.subtract(longer, fastest, out=np.full_like(fastest, np.inf), where=reached) / finer
        return fastest / units, metres

    def _longest(self, seconds: Floats, nodes: Ints) -> float:
        """Return seconds that no fastest way exceeds: no way is longer than the one by the first place.

        Where the first place does not reach all others and back, all pairs are looked at.
        """
        metric, first = self._metric(seconds * COARSE), nodes[:1]
        rough = [_between(metric, first, nodes), _between(metric, nodes, first)]
        if all(np.isfinite(table).all() for table in rough):
            return float(sum(table.max(initial=0.0) for table in rough)) / COARSE + 1.0
        every = _between(metric, nodes, nodes)
        return float(every[np.isfinite(every)].max(initial=0.0)) / COARSE + 1.0

    def _metric(self, weights: Floats, added: Floats | float = 0.0) -> Any:
        """Return the hierarchy fitted to weights of the arcs; infinite ones are closed."""
        from pyroutingkit import INF_WEIGHT, CCHMetric  # noqa: PLC0415

        whole = np.rint(np.where(np.isfinite(weights), weights, 0.0)) + np.rint(added)
        capped = np.where(np.isfinite(weights), np.minimum(whole, INF_WEIGHT - 1), INF_WEIGHT)
        metric = CCHMetric(self.topology)
        metric.customize(capped.astype(np.uint32))
        return metric


def _between(metric: Any, sources: Ints, targets: Ints) -> Floats:
    """Return the weights of the best ways, inf where there is none."""
    from pyroutingkit import INF_WEIGHT  # noqa: PLC0415

    found = np.asarray(metric.distances_many_to_many(sources.astype(np.uint32), targets.astype(np.uint32)))
    weights = found.reshape(len(sources), len(targets)).astype(np.float64)
    return np.where(weights < INF_WEIGHT, weights, np.inf)
