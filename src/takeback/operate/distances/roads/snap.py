"""Which junction a place stands at: the nearest one from which the rest of the network is reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from takeback.core.message import msg
from takeback.core.places import EARTH_RADIUS_M
from takeback.core.problem import Problem
from takeback.operate.distances.roads.graph import RoadGraph
from takeback.operate.distances.travel import Somewhere, identity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FARTHEST_M = 2_000.0  # a place that is farther from any road is not on this map
DETOUR_M = 150.0  # how much farther than the nearest road of any kind the nearest usable one may be


class Snapped(NamedTuple):
    """Junctions of the places (k,), and how many metres they are away from them as the crow flies (k,)."""

    nodes: Ints
    away_m: Floats


class Snapper:
    """Finds the nearest junction of the main network, the largest part in which every junction reaches every other.

    First of what is open to a vehicle: nobody means the underground garage beside the gate. Where that is much farther
    than the nearest road of any kind, the place lies on roads closed to the vehicle, and that is not glossed over.
    """

    def __init__(self, graph: RoadGraph, open_arcs: Flags) -> None:
        self.any = _Nearest(graph, np.ones(graph.arcs, dtype=bool))
        self.open = _Nearest(graph, open_arcs)

    def snap(self, places: Sequence[Somewhere], where: Floats) -> Snapped:
        """Return the junctions of `places`, whose coordinates are `where` (k, 2).

        Raises
        ------
        Problem
            ``distances.off-the-map`` with every place that is too far from any road.
        """
        at, usable = self.any.query(where), self.open.query(where)
        near = usable.away_m <= at.away_m + DETOUR_M
        nodes, away = np.where(near, usable.nodes, at.nodes), np.where(near, usable.away_m, at.away_m)
        far = np.nonzero(away > FARTHEST_M)[0].tolist()
        if far:
            told = [f"{identity(places[k]) or tuple(where[k].tolist())}: {away[k] / 1000:.1f} km" for k in far]
            raise Problem(
                "distances.off-the-map",
                msg("These places are far from every road of the map."),
                where="; ".join(told[:20]),
                found=len(far),
                expected=msg("at most {km} km to a road", km=FARTHEST_M / 1000),
                remedy=msg("Check their coordinates, or take a map that covers them."),
            )
        return Snapped(nodes, away)


class _Nearest:
    """The junctions of the main part of some arcs, to be searched by place."""

    def __init__(self, graph: RoadGraph, arcs: Flags) -> None:
        from scipy.spatial import cKDTree  # noqa: PLC0415 -- takes time to import

        self.main = np.nonzero(_main(graph, arcs))[0]
        self.tree: Any = cKDTree(_on_the_sphere(graph.lat[self.main], graph.lon[self.main]))

    def query(self, where: Floats) -> Snapped:
        chord, nearest = self.tree.query(_on_the_sphere(where[:, 0], where[:, 1]))
        return Snapped(self.main[np.asarray(nearest)], np.asarray(chord, dtype=np.float64))


def _main(graph: RoadGraph, chosen: Flags) -> Flags:
    """Return which junctions (n,) belong to the largest part in which all reach each other by the chosen arcs."""
    from scipy.sparse import csr_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    ends = (graph.tail[chosen], graph.head[chosen])
    arcs = csr_array((np.ones(len(ends[0])), ends), shape=(graph.nodes, graph.nodes))
    _, part = connected_components(arcs, directed=True, connection="strong")
    main: Flags = part == np.bincount(part).argmax()
    return main


def _on_the_sphere(lat: Floats, lon: Floats) -> Floats:
    """Return points in metres (k, 3); over some kilometres the straight line between two is the distance."""
    phi, lam = np.radians(lat), np.radians(lon)
    return EARTH_RADIUS_M * np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)
