"""Great-circle distance times a circuity factor: needs nothing, and knows neither rivers nor mountains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from takeback.core.places import CIRCUITY, Place, haversine_matrix_m
from takeback.operate.distances.profiles import Region, TravelProfile, TravelTable, built_in, percent
from takeback.operate.distances.travel import Floats, Somewhere, Travel, coordinates, key, told, whole

__all__ = ["CIRCUITY", "METRES_PER_SECOND", "Haversine", "travel"]

METRES_PER_SECOND = 65 / 3.6  # assumption: a lorry mostly on trunk roads and motorways


@dataclass(frozen=True, slots=True)
class Haversine:
    """Straight lines x a factor by region, at the speed of the vehicle's profile.

    A way counts for the smallest region that holds both its ends, for the table's own factor where none does.
    """

    table: TravelTable = field(default_factory=built_in)

    def matrix(self, places: Sequence[Somewhere], *, profile: str = "", depart_s: int | None = None) -> Travel:
        """Return estimated travel; see `DistanceProvider`."""
        way = self.table.profile(profile)
        where = coordinates(places)
        factor, share, used = self._factors(where)
        driven = haversine_matrix_m(where[:, 0], where[:, 1]) * factor
        seconds = driven / (way.kmh / 3.6) / share * (percent(way, depart_s) / 100)
        detail = self._said(way, used, depart_s)
        return Travel(whole(driven), whole(seconds), told(detail, "", key(places, profile, depart_s)))

    def _factors(self, where: Floats) -> tuple[Floats, Floats, list[Region]]:
        """Return circuity and share of speed for each pair (n, n), and the regions that were met."""
        n = len(where)
        factor, share = np.full((n, n), self.table.circuity), np.ones((n, n))
        used = []
        for region in sorted(self.table.regions, key=lambda region: -region.size):
            inside = (region.south <= where[:, 0]) & (where[:, 0] <= region.north)
            inside &= (region.west <= where[:, 1]) & (where[:, 1] <= region.east)
            both = inside[:, None] & inside[None, :]
            if both.any():
                factor[both], share[both] = region.circuity, region.speed_percent / 100
                used.append(region)
        return factor, share, used

    def _said(self, way: TravelProfile, used: list[Region], depart_s: int | None) -> str:
        said = [f"haversine x {self.table.circuity:g}"]
        said += [f"{region.name} x {region.circuity:g} at {region.speed_percent} %" for region in used]
        said.append(f"{way.kmh:g} km/h")
        if (slowed := percent(way, depart_s)) != 100:
            said.append(f"{slowed} % of the time at {(depart_s or 0) // 3600 % 24}:00")
        return ", ".join(said)


def travel(
    places: Sequence[Place], *, circuity: float = CIRCUITY, metres_per_second: float = METRES_PER_SECOND
) -> Travel:
    """Return estimated travel between all pairs of `places`, one factor and one speed for all."""
    plain = TravelProfile(kmh=metres_per_second * 3.6)
    return Haversine(TravelTable(circuity=circuity, profiles={"lorry": plain})).matrix(places)
