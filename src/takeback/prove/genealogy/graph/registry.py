"""The graphs of this process, one an organisation, within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.genealogy.graph.graph import Graph
from takeback.store.connections import name_of
from takeback.store.settings import Settings

_Key = tuple[str, UUID]


class Registry:
    """Graphs by organisation; the newest always stays, however large.

    ``bound``: bytes of all graphs together, beyond which the one not asked for longest goes; None: as the
    environment says (TAKEBACK_GRAPH_MEMORY).
    """

    def __init__(self, bound: int | None = None) -> None:
        self._bound = bound
        self._graphs: OrderedDict[_Key, Graph] = OrderedDict()
        self._locks: dict[_Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def current(self, connection: sa.Connection, org: UUID) -> Graph:
        """Return the organisation's graph with all that is committed; ``connection`` is of that organisation."""
        key = (name_of(connection), org)
        with self._lock:
            own = self._locks.setdefault(key, threading.Lock())
        with own:  # loading takes seconds: others wait for this organisation only
            graph = self._graphs.get(key)
            if graph is None:
                graph = Graph(connection, org)
            else:
                graph.refresh(connection)
            self._keep(key, graph)
        return graph

    def forget(self) -> None:
        """Let all graphs go."""
        with self._lock:
            self._graphs.clear()

    def _keep(self, key: _Key, graph: Graph) -> None:
        with self._lock:
            if self._bound is None:
                self._bound = Settings.from_environment().graph_memory
            self._graphs[key] = graph
            self._graphs.move_to_end(key)
            while len(self._graphs) > 1 and sum(one.nbytes for one in self._graphs.values()) > self._bound:
                self._graphs.popitem(last=False)


registry = Registry()
