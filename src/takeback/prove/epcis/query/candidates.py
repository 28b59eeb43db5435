"""Entries that may answer a query, in order, in pieces, and never more than may be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove import bodies
from takeback.prove.epcis.hashing import hash_uri
from takeback.prove.epcis.query.master import MasterData
from takeback.prove.epcis.query.matches import matches
from takeback.prove.epcis.query.query import Query
from takeback.prove.epcis.query.trouble import too_complex
from takeback.prove.epcis.query.where import Finder, Values, clauses, finder

FEW = 5000  # entries found by things or marks that are fetched by their ids
_LARGEST_PIECE = 4000
_COLUMNS = "e.id, e.event_time, e.record_time, e.event_hash, e.body"


@dataclass(frozen=True, slots=True)
class Found:
    """An event of the ledger that answers a query.

    ``event`` is its standard form, ``id`` its entry, ``event_id`` the hash URI by which the repository knows it.
    """

    id: int
    event: dict[str, Any]
    event_time: datetime
    record_time: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Search:
    """Where a query looks: the connection of one organisation, its master data, and how many entries at most."""

    connection: sa.Connection
    org: UUID
    query: Query
    master: MasterData
    scanned: int

    def found(self, column: str, ascending: bool, after: tuple[Any, int] | None, piece: int) -> Iterator[Found]:
        """Yield what answers, by ``column`` (event_time, record_time or id) and id, behind the place ``after``.

        Raises ``Problem`` (``epcis.query-too-complex``) when more than ``scanned`` entries were looked at.
        """
        if (clause := self._where()) is None:
            return
        where, values = clause
        looked = 0
        while True:
            rows = self._piece(where, values, column, ascending, after, min(piece, self.scanned - looked + 1))
            for row in rows:
                looked += 1
                if looked > self.scanned:
                    raise too_complex(self.scanned)
                if (event := self._answer(row)) is not None:
                    yield event
            if len(rows) < piece:
                return
            after, piece = (getattr(rows[-1], column), rows[-1].id), min(piece * 4, _LARGEST_PIECE)

    def by_ids(self, ids: list[int]) -> list[Found]:
        """Return the events of some entries, in their order."""
        values = Values(self.org)
        where = f"e.org_id = :org and e.id = any({values.add(ids, 'bigint[]')})"
        rows = self.connection.execute(sa.text(f"select {_COLUMNS} from entry e where {where}"), values.given)
        found = {row.id: _found(row) for row in rows}
        return [found[one] for one in ids if one in found]

    def _answer(self, row: sa.Row[Any]) -> Found | None:
        found = _found(row)
        fits = matches(
            self.query, found.event, record_time=found.record_time, event_id=found.event_id, master=self.master
        )
        return found if fits else None

    def _where(self) -> tuple[str, Values] | None:
        """Return the conditions on entries, None where things or marks show that there are none."""
        values = Values(self.org)
        parts = ["e.org_id = :org", "e.event_key is not null"]
        for condition in self.query.conditions:
            parts += clauses(condition, values, self.master)
        chosen: set[int] | None = None
        for condition in self.query.conditions:
            probe = Values(self.org)
            way = finder(condition, probe)
            if way is None:
                continue
            few = self._few(way, probe)
            if few is None:
                again = finder(condition, values)
                parts.append(again.test if again else "true")
            else:
                chosen = few if chosen is None else chosen & few
        if chosen is not None:
            parts.append(f"e.id = any({values.add(sorted(chosen), 'bigint[]')})")
        return None if chosen is not None and not chosen else (" and ".join(parts), values)

    def _few(self, way: Finder, values: Values) -> set[int] | None:
        """Return the entries on a way, None where they are more than a few."""
        statement = f"select x.entry_id from ({way.ids}) x limit {FEW + 1}"
        found = self.connection.scalars(sa.text(statement), values.given).all()
        return set(found) if len(found) <= FEW else None

    def _piece(
        self, where: str, values: Values, column: str, ascending: bool, after: tuple[Any, int] | None, count: int
    ) -> list[sa.Row[Any]]:
        way, sign = ("asc", ">") if ascending else ("desc", "<")
        given = {**values.given, "count": count}
        if after is not None:
            where += f" and (e.{column}, e.id) {sign} (:after, :after_id)"
            given |= {"after": after[0], "after_id": after[1]}
        order = f"e.{column} {way}, e.id {way}"
        statement = f"select {_COLUMNS} from entry e where {where} order by {order} limit :count"
        return list(self.connection.execute(sa.text(statement), given))


def _found(row: sa.Row[Any]) -> Found:
    return Found(row.id, bodies.load(row.body), row.event_time, row.record_time, hash_uri(row.event_hash))
