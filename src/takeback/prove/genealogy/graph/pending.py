"""What came since the base of a graph was built."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takeback.prove.genealogy.graph.keys import Longs, numbered
from takeback.prove.genealogy.graph.layer import Rows
from takeback.prove.genealogy.graph.read import Read


class Pending:
    """Rows in the order in which they were read, each entry once."""

    def __init__(self, parts: Sequence[Read] = ()) -> None:
        self.parts = list(parts)
        self._ids = np.sort(np.concatenate([part.id for part in parts])) if parts else np.empty(0, np.int64)

    def add(self, found: Read, base: Longs) -> None:
        """Take in what is not in the base, whose entries are ``base`` (ascending), and not here yet."""
        new = (numbered(found.id, base) < 0) & (numbered(found.id, self._ids) < 0)
        ids = found.id[new]
        rows = numbered(found.entry, ids) >= 0
        part = Read(
            found.number, ids, found.time[new], found.kind[new], found.item[rows], found.entry[rows], found.roles[rows]
        )
        self.parts.append(part)
        self._ids = np.sort(np.concatenate([self._ids, ids]))

    def after(self, count: int) -> Pending:
        """Return what was added after the first ``count`` times."""
        return Pending(self.parts[count:])

    def rows(self, keys: Longs) -> tuple[Rows, Longs]:
        """Return the rows, and the keys that are not among the base's ``keys``: they are numbered behind these."""
        if not self.parts:
            none = np.empty(0, np.int32)
            return Rows(none, none, np.empty(0, np.int16), self._ids, self._ids, np.empty(0, np.int8)), self._ids
        columns = [np.concatenate(column) for column in zip(*(part[1:] for part in self.parts), strict=True)]
        ids, time, kind, item, entry, roles = columns
        order = np.argsort(ids)
        number = numbered(item, keys)
        extra = np.unique(item[number < 0])
        number = np.where(number < 0, numbered(item, extra) + len(keys), number).astype(np.int32)
        return Rows(number, numbered(entry, ids[order]), roles, ids[order], time[order], kind[order]), extra
