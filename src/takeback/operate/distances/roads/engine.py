"""What finds the fastest ways in a road graph, and which of the two there are is used."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Protocol

import numpy as np
import numpy.typing as npt

from takeback.operate.distances.roads.graph import RoadGraph

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Engine(Protocol):
    """Tables of fastest ways."""

    name: str

    def tables(self, seconds: Floats, nodes: Ints) -> tuple[Floats, Floats]:
        """Return seconds and metres (k, k) of the fastest ways among k junctions; inf where there is none.

        `seconds`: what each arc takes (m,), inf where it is closed.
        """
        ...


def engine_for(graph: RoadGraph) -> Engine:
    """Return contraction hierarchies where pyroutingkit is installed, else Dijkstra's algorithm of SciPy."""
    if find_spec("pyroutingkit") is not None:
        from takeback.operate.distances.roads.hierarchy import Hierarchy  # noqa: PLC0415 -- an extra

        return Hierarchy(graph)
    from takeback.operate.distances.roads.dijkstra import Dijkstra  # noqa: PLC0415

    return Dijkstra(graph)
