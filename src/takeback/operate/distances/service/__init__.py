"""Distances from a table service over HTTP: OSRM, Valhalla or openrouteservice, run by oneself or trusted by name."""

from takeback.operate.distances.service.stand_in import WithStandIn
from takeback.operate.distances.service.table_service import TableService

__all__ = ["TableService", "WithStandIn"]
