"""A road graph as a provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.places import haversine_matrix_m
from takeback.core.problem import Problem
from takeback.operate.distances.profiles import USUAL, TravelProfile, TravelTable, built_in
from takeback.operate.distances.roads.engine import Engine, Floats, Ints, engine_for
from takeback.operate.distances.roads.graph import RoadGraph
from takeback.operate.distances.roads.read import read_graph
from takeback.operate.distances.roads.snap import Snapped, Snapper
from takeback.operate.distances.travel import Somewhere, Travel, coordinates, identity, key, told, whole

APPROACH_KMH = 15.0  # from a junction to the gate, over what is no road of the map (assumption)
MOST_TOLD = 20


class RoadNetwork:
    """Fastest ways on a road graph, by profile and hour, and the metres of those ways.

    The graph is read, and put in order, when it is first needed. A place is reached from the nearest junction of the
    main network, the rest in a straight line at walking pace of a lorry.
    """

    def __init__(self, path: Path, table: TravelTable | None = None, *, engine: Engine | None = None) -> None:
        self.path = path
        self.table = table or built_in()
        if engine is not None:
            self.__dict__["engine"] = engine

    @cached_property
    def graph(self) -> RoadGraph:
        """The roads. Raises as `read_graph`."""
        return read_graph(self.path)

    @cached_property
    def engine(self) -> Engine:
        """What finds the ways."""
        return engine_for(self.graph)

    @cached_property
    def snappers(self) -> dict[str, Snapper]:
        """What finds the junctions of places, by profile."""
        return {}

    @cached_property
    def edition(self) -> str:
        """The hash of the graph."""
        return self.graph.digest

    def matrix(self, places: Sequence[Somewhere], *, profile: str = "", depart_s: int | None = None) -> Travel:
        """Return travel on the roads; see `DistanceProvider`.

        Raises
        ------
        Problem
            ``distances.unreachable`` with the pairs and why, ``distances.off-the-map``, ``distances.no-roads``, ...
        """
        way = self.table.profile(profile)
        where = coordinates(places)
        at = self._snapper(profile).snap(places, where)
        seconds, metres = self.engine.tables(self.graph.seconds(way, depart_s), at.nodes)
        if not np.isfinite(seconds).all():
            raise self._unreachable(places, at, profile or USUAL, seconds)
        seconds, metres = _with_approach(seconds, metres, at, where)
        detail = f"{self.path.name}, roads sha256:{self.edition}, {self.engine.name}, profile {profile or USUAL}"
        if depart_s is not None:
            detail += f", at {depart_s // 3600 % 24}:{depart_s // 60 % 60:02}"
        return Travel(whole(metres), whole(seconds), told("own roads", detail, key(places, profile, depart_s)))

    def _snapper(self, profile: str) -> Snapper:
        if profile not in self.snappers:
            seconds = self.graph.seconds(self.table.profile(profile))
            self.snappers[profile] = Snapper(self.graph, np.isfinite(seconds))
        return self.snappers[profile]

    def _unreachable(self, places: Sequence[Somewhere], at: Snapped, profile: str, seconds: Floats) -> Problem:
        """Return the explanation: which places are cut off from the most, and what closes the way to them."""
        both = np.isfinite(seconds) & np.isfinite(seconds.T)
        hub = int(both.sum(axis=1).argmax())
        names = [identity(place) or f"{place.lat}, {place.lon}" for place in places]
        lost = np.nonzero(~both[hub])[0].tolist()
        return Problem(
            "distances.unreachable",
            msg("Between these places and the others there is no way for the profile {profile}.", profile=profile),
            where="; ".join(names[k] for k in lost[:MOST_TOLD]),
            found=int((~np.isfinite(seconds)).sum()),
            expected=msg("a way between every pair, both ways: 0 pairs without"),
            remedy=msg("Leave the places to other vehicles, check their coordinates, or mend the map."),
            errors=[self._cut_off(names[k], at.nodes[[k, hub]], profile) for k in lost[:MOST_TOLD]],
        )

    def _cut_off(self, name: str, nodes: Ints, profile: str) -> Problem:
        """Return why a junction, the first of two, does not reach the other or is not reached by it."""
        for reason, freed in _loosened(self.table.profile(profile)):
            seconds, _ = self.engine.tables(self.graph.seconds(freed), nodes)
            if np.isfinite(seconds).all():
                return Problem("distances.cut-off", reason, where=name)
        return Problem("distances.cut-off", _ISLAND, where=name)


_ISLAND = msg("Only roads lead there that this profile does not drive on: it names no speed for their class.")


def _loosened(way: TravelProfile) -> list[tuple[Message, TravelProfile]]:
    """Return a profile freed of one limit after the other, and what it means when that opens the way."""
    no_goods = replace(way, dangerous_goods=False, tunnels_closed=())
    no_size = replace(way, gross_t=0.0, height_m=0.0)
    no_sign = replace(way, lorry=False)
    free = replace(no_goods, gross_t=0.0, height_m=0.0, lorry=False)
    return [
        (msg("Every way there is closed to dangerous goods, or leads through a tunnel closed to them."), no_goods),
        (msg("Every way there has a limit of weight or height that the vehicle exceeds."), no_size),
        (msg("Every way there is closed to lorries."), no_sign),
        (msg("Every way there is closed by some limit of weight, height, lorries or dangerous goods."), free),
    ]


def _with_approach(seconds: Floats, metres: Floats, at: Snapped, where: Floats) -> tuple[Floats, Floats]:
    """Add the straight lines from places to their junctions; neighbours at one junction have the one between them."""
    added = at.away_m[:, None] + at.away_m[None, :]
    neighbours = at.nodes[:, None] == at.nodes[None, :]
    added = np.where(neighbours, np.minimum(added, haversine_matrix_m(where[:, 0], where[:, 1])), added)
    return seconds + added / (APPROACH_KMH / 3.6), metres + added
