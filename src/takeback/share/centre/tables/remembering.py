"""What columns meant before: a list with the same headers needs no mapping a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.tables.entering import fields_for
from takeback.share.centre.tables.fields import guessed, plain


def suggested(connection: sa.Connection, kind: str, columns: Sequence[str]) -> dict[str, str]:
    """Return which column becomes which field: as it was chosen last, else by the words of its header.

    A column that was left out last is left out again; ``centre.no-list`` (409).
    """
    fields = fields_for(kind)
    known = _remembered(connection, kind, columns)
    names = {field.name for field in fields}
    chosen: dict[str, str] = {}
    for column in columns:
        name = known.get(plain(column), "")
        if name in names and name not in chosen.values():
            chosen[column] = name
    new = [column for column in columns if plain(column) not in known]
    free = [field for field in fields if field.name not in chosen.values()]
    return chosen | guessed(new, free)


def remember(
    connection: sa.Connection, org: object, kind: str, columns: Sequence[str], mapping: Mapping[str, str]
) -> None:
    """Keep what each column of a list meant; nothing for one that was left out."""
    rows = {plain(column): mapping.get(column, "") for column in columns if plain(column)}
    for header, field in rows.items():
        connection.execute(_KEEP, {"org": org, "kind": kind, "header": header, "field": field})


def said_mapping(connection: sa.Connection, kind: str, columns: Sequence[str], said: Sequence[str]) -> dict[str, str]:
    """Return the mapping that holds where a caller says of some columns what they mean: `Name of firm=name`.

    `Notes=` leaves a column out; columns that are not spoken of mean what is suggested.

    Raises
    ------
    Problem
        ``centre.bad-mapping`` for a text that has no `=`; ``centre.no-list`` (409).
    """
    mapping = suggested(connection, kind, columns)
    for one in said:
        header, equals, field = one.rpartition("=")
        if not equals:
            raise Problem(
                "centre.bad-mapping",
                msg("This does not say what a column means."),
                found=one,
                expected="header=field",
            )
        mapping = {column: name for column, name in mapping.items() if name != field} | {header: field}
    return {column: name for column, name in mapping.items() if name}


def _remembered(connection: sa.Connection, kind: str, columns: Sequence[str]) -> dict[str, str]:
    asked = {"kind": kind, "headers": [plain(column) for column in columns]}
    return {row.header: row.field for row in connection.execute(_KNOWN, asked)}


_KEEP = sa.text("""
    insert into centre_list_column (org_id, kind, header, field) values (:org, :kind, :header, :field)
    on conflict (org_id, kind, header) do update set field = excluded.field
""")
_KNOWN = sa.text("select header, field from centre_list_column where kind = :kind and header = any(:headers)")
