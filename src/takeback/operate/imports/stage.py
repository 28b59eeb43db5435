"""The rows of a file between reading and writing: temporary tables, so that no file is too large for the memory.

What rows have to do with each other (doubles, orders that contradict themselves) and with what exists is asked in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

import msgspec
import sqlalchemy as sa

from takeback.operate.imports.fields import Entered
from takeback.operate.imports.report import MOST_ERRORS
from takeback.store.bulk import driver

T = TypeVar("T")
MOST_ITEMS = 10_000  # of one order: it is one entry of the ledger
_FETCH = 1000

# The text of a body is kept as it is: jsonb would take time and change numbers. `n` counts the records; `row` is what
# people call one, which several records of a nested object share.
_CREATE = """
create temporary table import_stage (
    n bigint not null, row bigint not null, name text not null collate "C", head text not null, body text not null,
    known boolean not null
) on commit drop;
create temporary table import_mark (
    n bigint not null, row bigint not null, field text not null collate "C", value text not null collate "C",
    shown text not null, key bigint
) on commit drop;
create temporary table import_bad (n bigint not null, name text collate "C", companion boolean not null) on commit drop
"""
_ANALYZE = "analyze import_stage, import_mark, import_bad"
_DOUBLES = """
create temporary table import_double on commit drop as
select n, row, field, shown, first from (
    select n, row, field, shown, first_value(row) over earlier as first, row_number() over earlier as place
    from import_mark where field <> 'order' window earlier as (partition by field, value order by n)
) marked where place > 1
"""
# A code that is double because the whole identity is, needs no second error.
_FORGET = """
delete from import_double d where d.field = 'code'
and exists (select 1 from import_double o where o.n = d.n and o.field = 'serial')
"""
EXISTING = {
    "order": """
        select m.n, m.row, m.shown from import_mark m join takeback_order o on o.number = m.value
        where m.field = 'order'
    """,
    "serial": "select m.n, m.row, m.shown from import_mark m join item i on i.key = m.key where m.field = 'serial'",
    "code": """
        select m.n, m.row, m.shown from import_mark m join item i on i.code = m.value
        where m.field = 'code' and not exists (
            select 1 from import_mark s join item j on j.key = s.key where s.field = 'serial' and s.n = m.n)
    """,
}
"""Records whose value of a field exists already, by field. Row-level security leaves the tenant's own."""

_CONTRADICTIONS = """
select n, row, head, first, first_head from (
    select n, row, head, first_value(row) over earlier as first, first_value(head) over earlier as first_head
    from import_stage window earlier as (partition by name order by n)
) read where head <> first_head
"""
_TOO_LARGE = f"select name, min(row), count(*) from import_stage group by name having count(*) > {MOST_ITEMS}"
_COMPANIONS = """
insert into import_bad
select s.n, s.name, true from import_stage s
where s.name in (select name from import_bad where name is not null)
and not exists (select 1 from import_bad b where b.n = s.n)
"""
_COUNTS = "select count(distinct n), count(distinct n) filter (where companion) from import_bad"
_GOOD = "from import_stage s where not exists (select 1 from import_bad b where b.n = s.n)"
_GROUPS = f"select count(distinct s.name), count(distinct s.name) filter (where s.known) {_GOOD}"
_READ = f"""
select s.name, s.head, s.body from (
    select s.n, s.name, s.head, s.body, min(s.n) over (partition by s.name) as first {_GOOD}
) s order by s.first, s.n
"""


class Group(NamedTuple):
    """What belongs to one order or one thing: the head is that of the first row, the bodies are in the file's order."""

    name: str
    head: dict[str, Any]
    bodies: list[dict[str, Any]]


class Double(NamedTuple):
    """A value that stands in two rows; `first` is the earlier one."""

    row: int
    field: str
    shown: str
    first: int


class Contradiction(NamedTuple):
    """A row whose order says something else in an earlier row."""

    row: int
    head: dict[str, Any]
    first: int
    first_head: dict[str, Any]


class Stage:
    """The temporary tables of one import, which live as long as the transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._driver = driver(connection)
        self._driver.execute(_CREATE.encode())
        self._encode = msgspec.json.Encoder().encode

    def add(self, records: Sequence[tuple[int, int, Entered]]) -> None:
        """Keep records that are right by themselves: their number, their row, what will be entered."""
        staged = [
            (n, row, e.group, self._encode(e.head).decode(), self._encode(e.body).decode(), e.known)
            for n, row, e in records
        ]
        self._copy("import_stage (n, row, name, head, body, known)", staged)
        marks = [(n, row, mark.field, mark.value, mark.shown, mark.key) for n, row, e in records for mark in e.marks]
        self._copy("import_mark (n, row, field, value, shown, key)", marks)

    def refuse(self, records: Sequence[tuple[int, str | None]]) -> None:
        """Leave records out; the name of their order, if it was readable, leaves out what else it has."""
        self._copy("import_bad (n, name, companion)", [(n, name, False) for n, name in records])

    def doubles(self) -> tuple[int, list[Double]]:
        """Find values that stand in several records, leave all but the first out; return how many, and the first."""
        for statement in (_ANALYZE, _DOUBLES, _FORGET):
            self._driver.execute(statement.encode())
        self._refuse_by("select n from import_double")
        columns = "row, field, shown, first"
        return self._found("select * from import_double", Double, columns)

    def existing(self, field: str) -> tuple[int, list[tuple[int, str]]]:
        """Find records whose value of `field` exists in the database, and leave them out."""
        self._refuse_by(f"select n from ({EXISTING[field]}) there")
        return self._found(EXISTING[field], lambda *row: row, "row, shown")

    def contradictions(self) -> tuple[int, list[Contradiction]]:
        """Find records that contradict the first one of their order, and leave them out."""
        self._refuse_by(f"select n from ({_CONTRADICTIONS}) there")
        load = msgspec.json.decode
        return self._found(
            _CONTRADICTIONS,
            lambda row, head, first, early: Contradiction(row, load(head), first, load(early)),
            "row, head, first, first_head",
        )

    def too_large(self) -> list[tuple[str, int, int]]:
        """Find orders with too many items, and leave them out; return name, first row and number of items."""
        self._refuse_by(f"select n from import_stage where name in (select name from ({_TOO_LARGE}) there)")
        return self._rows(_TOO_LARGE)

    def settle(self) -> tuple[int, int]:
        """Leave out what shares an order with what is left out; return how many records are, and how many of them
        for the company they keep."""
        self._driver.execute(_ANALYZE)
        self._driver.execute(_COMPANIONS.encode())
        left_out, companions = self._rows(_COUNTS)[0]
        return left_out, companions

    def counts(self) -> tuple[int, int]:
        """Return how many groups are left, and how many of them are known already."""
        groups, known = self._rows(_GROUPS)[0]
        return groups, known

    def groups(self) -> Iterator[Group]:
        """Yield what is left, group by group in the order of the file; a thousand records are in memory at a time."""
        load = msgspec.json.decode
        with self._driver.cursor(name="import_groups") as cursor:
            cursor.itersize = _FETCH
            cursor.execute(_READ.encode())
            for name, rows in groupby(cursor, key=lambda row: row[0]):
                read = list(rows)
                yield Group(name, load(read[0][1]), [load(row[2]) for row in read])

    def _refuse_by(self, query: str) -> None:
        self._driver.execute(
            f"insert into import_bad select n, name, false from import_stage where n in ({query})".encode()
        )

    def _found(self, query: str, make: Callable[..., T], columns: str) -> tuple[int, list[T]]:
        count = int(self._rows(f"select count(*) from ({query}) there")[0][0])
        if not count:
            return 0, []
        first = self._rows(f"select {columns} from ({query}) there order by n limit {MOST_ERRORS}")
        return count, [make(*row) for row in first]

    def _copy(self, target: str, rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        with self._driver.cursor() as cursor, cursor.copy(f"copy pg_temp.{target} from stdin".encode()) as lines:
            for row in rows:
                lines.write_row(row)

    def _rows(self, query: str) -> list[Any]:
        return self._driver.execute(query.encode()).fetchall()
