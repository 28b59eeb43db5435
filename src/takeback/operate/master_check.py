"""What master data must be like before it is registered: codes, numbers, words, and that what is named is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.values import (
    LONGEST_CODE,
    LONGEST_NAME,
    LONGEST_TEXT,
    storable,
    wrong_currency,
    wrong_key,
    wrong_text,
)
from takeback.operate.words import GOODS, HOLD, PLACE_KINDS

MOST_TOLD = 100
FEWEST_CORNERS = 3
_CODES = {"site", "partner", "product", "vehicle", "zone"}  # tables in which a code names one row
_LONG = {"source": LONGEST_TEXT, "code": LONGEST_CODE}
_KEYS = {"gtin": "01", "gln": "414"}
_REFERENCES = {"battery_model": ("product_id", "product"), "vehicle": ("site_id", "site")}
Named = tuple[str, int, Any]  # table, number among the rows of the table, row


def check(connection: sa.Connection, rows: Mapping[str, Sequence[Any]]) -> None:
    """Check rows by table, all of them.

    Raises
    ------
    Problem
        ``master.bad-rows`` with one error for each value that cannot be taken; 409 where codes are the only trouble.
    """
    named = [(table, number, row) for table, found in rows.items() for number, row in enumerate(found)]
    errors = [error for one in named for error in _of_row(*one)]
    errors += _codes_taken(connection, rows)
    for table, (field, target) in _REFERENCES.items():
        errors += _unknown(connection, table, field, target, rows)
    errors += _unknown_resources(connection, rows)
    errors += _unknown_passes(connection, rows)
    if errors:
        raise Problem(
            "master.bad-rows",
            msg("Nothing was changed: {count} things that were said cannot be taken.", count=len(errors)),
            errors=errors[:MOST_TOLD],
            status=422 if any(error.status == 422 for error in errors) else 409,
        )


def _of_row(table: str, number: int, row: Any) -> Iterable[Problem]:
    """Return what is wrong with one row, looked at alone."""
    # The types are asked again here: rows of our own making have not come through the gate of the interface.
    try:
        msgspec.convert(msgspec.to_builtins(row), type(row))
    except msgspec.ValidationError as error:
        yield _bad(table, number, "", msg("A row is not of the right form."), str(error))
        return
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, str) and (wrong := _of_text(name, value)) is not None:
            yield _bad(table, number, name, *wrong)
        elif isinstance(value, dict | list):
            yield from (
                _bad(table, number, name, msg("This text cannot be taken."), ascii(text), expected)
                for text in value
                if isinstance(text, str) and (expected := wrong_text(text)) is not None
            )
    if (rule := _RULES.get(table)) is not None:
        yield from (_bad(table, number, *wrong) for wrong in rule(row))


def _of_text(name: str, value: str) -> tuple[Message, str, Message | str | None] | None:
    if (expected := wrong_text(value, _LONG.get(name, LONGEST_NAME))) is not None:
        return msg("This text cannot be taken."), ascii(value), expected
    if name == "currency" and (expected := wrong_currency(value)) is not None:
        return msg("This is not a currency"), value, expected
    if name in _KEYS and (problem := wrong_key(_KEYS[name], value)) is not None:
        return problem.title, value, problem.expected
    return None


def _place(row: Any) -> Iterable[tuple[Any, ...]]:
    if row.kind not in PLACE_KINDS:
        yield "kind", msg("There is no such kind of place."), row.kind, " / ".join(sorted(PLACE_KINDS))
    if (row.lat is None) != (row.lon is None):
        yield "lat", msg("A place needs its latitude and its longitude.")


def _vehicle(row: Any) -> Iterable[tuple[Any, ...]]:
    if row.shift_begin_s >= row.shift_end_s:
        yield "shift_end_s", msg("The end lies before the beginning."), row.shift_end_s
    for pause in row.breaks:
        if pause.start_s > pause.end_s:
            yield "breaks", msg("The end lies before the beginning."), pause.end_s
    if row.carries is not None and (unknown := sorted(set(row.carries) - GOODS)):
        expected = " / ".join(sorted(GOODS))
        yield "carries", msg("There is no such class of goods."), ", ".join(map(ascii, unknown)), expected


def _zone(row: Any) -> Iterable[tuple[Any, ...]]:
    for hours in row.closed:
        if hours.start_s >= hours.end_s:
            yield "closed", msg("The end lies before the beginning."), hours.end_s
    if len({(corner.lat, corner.lon) for corner in row.ring}) < FEWEST_CORNERS:
        yield "ring", msg("A zone needs three corners that differ."), len(row.ring)


def _outlet(row: Any) -> Iterable[tuple[Any, ...]]:
    if row.disposition == HOLD:
        yield "disposition", msg("To decide later is no disposition."), row.disposition


_RULES: Mapping[str, Callable[[Any], Iterable[tuple[Any, ...]]]] = {
    "site": _place,
    "partner": _place,
    "vehicle": _vehicle,
    "zone": _zone,
    "outlet": _outlet,
}


def _codes_taken(connection: sa.Connection, rows: Mapping[str, Sequence[Any]]) -> Iterable[Problem]:
    """Return the codes that stand for another row, here or in what is registered already."""
    for table in sorted(_CODES & rows.keys()):
        found = connection.execute(
            sa.text(f"select code, id from {table} where code = any(:codes) or id = any(:ids)"),
            {"codes": storable(row.code for row in rows[table]), "ids": [row.id for row in rows[table]]},
        )
        own = {row.id: row.code for row in rows[table]}  # a later row of the same id replaces an earlier one
        holders: dict[str, set[UUID]] = defaultdict(set)
        for code, identifier in [*((row.code, row.id) for row in found), *((c, i) for i, c in own.items())]:
            if own.get(identifier, code) == code:
                holders[code].add(identifier)
        for number, row in enumerate(rows[table]):
            if len(holders[row.code]) > 1:
                title = msg("This code stands for another row already.")
                yield _bad(table, number, "code", title, row.code, msg("one that was not used before"), status=409)


def _unknown(
    connection: sa.Connection, table: str, field: str, target: str, rows: Mapping[str, Sequence[Any]]
) -> Iterable[Problem]:
    """Return references to what the organisation does not have; what another one has is as unknown as what nobody
    has."""
    wanted = {getattr(row, field) for row in rows.get(table, ())} - {row.id for row in rows.get(target, ())}
    if not wanted:
        return
    known = set(connection.scalars(sa.text(f"select id from {target} where id = any(:ids)"), {"ids": list(wanted)}))
    for number, row in enumerate(rows[table]):
        if (identifier := getattr(row, field)) in wanted - known:
            yield _bad(table, number, field, msg("There is nothing of this id here."), str(identifier))


def _unknown_resources(connection: sa.Connection, rows: Mapping[str, Sequence[Any]]) -> Iterable[Problem]:
    """Return outlets that use a scarce thing that nobody has entered."""
    if not any(row.resource for row in rows.get("outlet", ())):
        return
    known = {(row.vertical, row.name) for row in connection.execute(sa.text("select vertical, name from resource"))}
    known |= {(row.vertical, row.name) for row in rows.get("resource", ())}
    for number, row in enumerate(rows["outlet"]):
        if row.resource and (row.vertical, row.resource) not in known:
            title, expected = msg("There is no such resource here."), msg("one that was entered before")
            yield _bad("outlet", number, "resource", title, row.resource, expected)


def _unknown_passes(connection: sa.Connection, rows: Mapping[str, Sequence[Any]]) -> Iterable[Problem]:
    """Return passes of zones for vehicles that there are not."""
    if not any(row.passes for row in rows.get("zone", ())):
        return
    known = {*connection.scalars(sa.text("select code from vehicle")), *(row.code for row in rows.get("vehicle", ()))}
    for number, row in enumerate(rows["zone"]):
        if unknown := sorted({*row.passes} - known):
            title, expected = msg("There is no such vehicle here."), msg("one that was entered before")
            yield _bad("zone", number, "passes", title, ", ".join(map(ascii, unknown)), expected)


def _bad(
    table: str,
    number: int,
    field: str,
    title: Message,
    found: object = None,
    expected: Message | str | None = None,
    *,
    status: int = 422,
) -> Problem:
    where = f"/{number}/{field}" if field else f"/{number}"
    kind = "master.code-taken" if status == 409 else "master.bad-row"
    return Problem(kind, title, where=f"{table} {where}", found=found, expected=expected, status=status)
