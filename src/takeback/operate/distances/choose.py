"""Which provider an installation uses: the setting TAKEBACK_DISTANCES."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.distances.cached import Cached
from takeback.operate.distances.files import MatrixFile
from takeback.operate.distances.haversine import Haversine
from takeback.operate.distances.profiles import TravelTable, built_in, read_table
from takeback.operate.distances.provider import DistanceProvider
from takeback.operate.distances.service.client import Client
from takeback.operate.distances.service.dialects import DIALECTS
from takeback.operate.distances.service.stand_in import WithStandIn
from takeback.operate.distances.service.table_service import TableService
from takeback.store.settings import Settings


def provider_of(settings: Settings) -> DistanceProvider:
    """Return the provider that an installation uses; the same one, with its memory, for the same settings.

    Raises
    ------
    Problem
        ``settings.bad-value``, ``distances.bad-profiles``, ``distances.host-not-allowed``, ``distances.bad-service``.
    """
    return _made(settings.distances, settings.distance_profiles, settings.distance_hosts, settings.distance_key)


@lru_cache(maxsize=8)
def _made(chosen: str, profiles: Path | None, hosts: tuple[str, ...], key: str) -> DistanceProvider:
    kind, _, source = chosen.partition(":")
    table = read_table(profiles) if profiles else built_in()
    return Cached(_plain(kind, source, table, Client(source, hosts, key) if kind in DIALECTS else None))


def _plain(kind: str, source: str, table: TravelTable, client: Client | None) -> DistanceProvider:
    if client is not None:
        return WithStandIn(TableService(kind, client), Haversine(table))
    if kind == "haversine" and not source:
        return Haversine(table)
    if kind == "file" and source:
        return MatrixFile(Path(source).expanduser())
    if kind == "roads" and source:
        from takeback.operate.distances.roads import RoadNetwork  # noqa: PLC0415 -- SciPy takes time to import

        return RoadNetwork(Path(source).expanduser(), table)
    raise Problem(
        "settings.bad-value",
        msg("The value of a setting is not understood."),
        where="TAKEBACK_DISTANCES",
        found=f"{kind}:{source}" if source else kind,
        expected=msg("haversine, file:PATH, roads:PATH, or osrm:, valhalla: or ors: with the address of a service"),
        exit_code=78,
    )
