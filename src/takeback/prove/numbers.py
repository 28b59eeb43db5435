"""A party's running numbers: which entry has which, kept as runs.

A transaction gives the next numbers to entries whose ids follow each other but for those of other transactions between
them. So `number_run` has a row for each run of ids, not for each entry: ``count`` entries from ``entry_id`` on have the
numbers from ``number`` on. Runs share no id: the run of an entry is the last one that begins at or before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Run(NamedTuple):
    """So many entries from ``entry`` on, the first of them at ``place`` of what is numbered."""

    place: int
    entry: int
    length: int


def runs(ids: Sequence[int]) -> Iterator[Run]:
    """Yield the runs of ids, in their order."""
    begin = 0
    for place in range(1, len(ids) + 1):
        if place == len(ids) or ids[place] != ids[place - 1] + 1:
            yield Run(begin, ids[begin], place - begin)
            begin = place


def number_of(org: str = "e.org_id", entry: str = "e.id") -> str:
    """Return the SQL for the number of an entry, NULL where it has none; ``org`` and ``entry`` are SQL as well."""
    return f"""(
        select case when {entry} - r.entry_id < r.count then r.number + {entry} - r.entry_id end from number_run r
        where r.org_id = {org} and r.entry_id <= {entry} order by r.entry_id desc limit 1
    )"""


def numbered(org: str, first: str, last: str | None = None) -> str:
    """Return the SQL for a table of ``number`` and ``entry_id``: the entries with numbers from ``first`` to ``last``.

    The arguments are SQL as well; without ``last`` all that follow.
    """
    end = "r.number + r.count - 1"
    until, before = (f"least({end}, {last})", f"and r.number <= {last}") if last else (end, "")
    return f"""(
        select n.number, r.entry_id + n.number - r.number as entry_id from number_run r
        cross join lateral generate_series(greatest(r.number, {first}), {until}) as n(number)
        where r.org_id = {org} {before} and r.number >= coalesce(
            (select max(b.number) from number_run b where b.org_id = {org} and b.number <= {first}), 0)
    )"""
