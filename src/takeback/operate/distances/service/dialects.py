"""How the three table services are asked, and what their answers mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from takeback.operate.distances.service.client import Client

Degrees = Sequence[tuple[float, float]]
Rows = list[list[float | None]]
"""Numbers by source and target; None where there is no way."""


class Dialect(Protocol):
    """One kind of service. `usual`: the profile asked for where none is named. `most`: places in one request."""

    usual: str
    most: int

    def ask(self, client: Client, profile: str, sources: Degrees, targets: Degrees) -> tuple[Rows, Rows]:
        """Return metres and seconds; raises KeyError, TypeError or ValueError for an answer of another form."""
        ...


class Osrm:
    """OSRM's table service (project-osrm.org, HTTP API v1); `profile` is a word in its path."""

    usual, most = "driving", 100  # osrm-routed takes so many places unless started with --max-table-size

    def ask(self, client: Client, profile: str, sources: Degrees, targets: Degrees) -> tuple[Rows, Rows]:
        """Ask with GET, places as longitude,latitude."""
        places = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in (*sources, *targets))
        first, rest = _numbers(sources, targets)
        which = f"sources={';'.join(map(str, first))}&destinations={';'.join(map(str, rest))}"
        said = client.ask(f"/table/v1/{profile}/{places}?annotations=duration,distance&{which}")
        if said["code"] != "Ok":
            raise ValueError(f"code {said['code']}")
        return _rows(said["distances"]), _rows(said["durations"])


class Valhalla:
    """Valhalla's sources_to_targets; `profile` is its costing."""

    usual, most = "truck", 100

    def ask(self, client: Client, profile: str, sources: Degrees, targets: Degrees) -> tuple[Rows, Rows]:
        """Ask with POST; distances come in kilometres."""
        ends = {
            name: [{"lat": lat, "lon": lon} for lat, lon in places]
            for name, places in (("sources", sources), ("targets", targets))
        }
        said = client.ask("/sources_to_targets", {**ends, "costing": profile, "units": "kilometers", "verbose": True})
        cells = said["sources_to_targets"]
        if not isinstance(cells, list):
            raise TypeError("sources_to_targets is no list of rows")
        metres = [[_scaled(cell, "distance", 1000) for cell in row] for row in cells]
        return metres, [[_scaled(cell, "time", 1) for cell in row] for row in cells]


class OpenRouteService:
    """openrouteservice's matrix, version 2; `profile` is a word in its path."""

    usual, most = "driving-hgv", 100

    def ask(self, client: Client, profile: str, sources: Degrees, targets: Degrees) -> tuple[Rows, Rows]:
        """Ask with POST, places as [longitude, latitude]."""
        first, rest = _numbers(sources, targets)
        body = {
            "locations": [[lon, lat] for lat, lon in (*sources, *targets)],
            "sources": first,
            "destinations": rest,
            "metrics": ["distance", "duration"],
            "units": "m",
        }
        said = client.ask(f"/v2/matrix/{profile}", body)
        return _rows(said["distances"]), _rows(said["durations"])


DIALECTS: Mapping[str, type[Dialect]] = {"osrm": Osrm, "valhalla": Valhalla, "ors": OpenRouteService}


def _numbers(sources: Degrees, targets: Degrees) -> tuple[list[int], list[int]]:
    """Return where sources and targets stand in the list of all places."""
    return list(range(len(sources))), list(range(len(sources), len(sources) + len(targets)))


def _rows(said: object) -> Rows:
    if not isinstance(said, list):
        raise TypeError("no list of rows")
    return [[None if cell is None else float(cell) for cell in row] for row in said]


def _scaled(cell: Mapping[str, float | None], name: str, factor: int) -> float | None:
    value = cell[name]
    return None if value is None else float(value) * factor
