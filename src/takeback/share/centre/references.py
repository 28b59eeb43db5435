"""What a record names is there: in this centre, and of the kind that the field declares (`naming`).

A record that named something keeps it, whatever becomes of that; only what is named newly is looked at. A person who
withdrew is refused in the words for one whom there never was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import inspect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import Facts, kind_named
from takeback.share.centre.naming import FILE, PERSON, Named, named_by

_GONE = "gone"
_NO_RECORD = frozenset({PERSON, FILE, _GONE})


class Mention(NamedTuple):
    """An id that a record names, and where: `team[1].person`."""

    where: str
    id: UUID
    named: Named


Walk = Callable[[Any, str], Iterator[Mention]]


def mentions(facts: msgspec.Struct) -> Iterator[Mention]:
    """Yield what facts name, in the order of their fields."""
    yield from _of_struct(type(facts))(facts, "")


def require_named(connection: sa.Connection, facts: Iterable[Facts], old: Facts | None = None) -> None:
    """Go on only where all that facts name, and `old` did not, is there; ``centre.names-nothing``."""
    before = {one[1:] for one in mentions(old)} if old is not None else frozenset()
    new = [one for said in facts for one in mentions(said) if one[1:] not in before]
    there = _there(connection, {one.id for one in new})
    for one in new:
        if not _fits(one.named, there.get(one.id, frozenset())):
            raise _names_nothing(one, there)


def _fits(named: Named, found: frozenset[str]) -> bool:
    if named.gone and _GONE in found:
        return True
    return bool(found.intersection(named.kinds) if named.kinds else found - _NO_RECORD)


def _there(connection: sa.Connection, ids: set[UUID]) -> Mapping[UUID, frozenset[str]]:
    found: dict[UUID, frozenset[str]] = defaultdict(frozenset)
    for row in connection.execute(_KINDS, {"ids": list(ids)}) if ids else ():
        found[row.id] |= {row.kind}
    return found


def _names_nothing(one: Mention, there: Mapping[UUID, frozenset[str]]) -> Problem:
    """Return the refusal; what stands there instead is told where everybody reads records of that kind."""
    other = [kind for kind in there.get(one.id, ()) if kind not in _NO_RECORD and _is_open(kind)]
    return Problem(
        "centre.names-nothing",
        msg("This names nothing that there is in this centre."),
        where=one.where,
        found=f"{one.id} ({other[0]})" if other else one.id,
        expected=_expected(one.named.kinds),
        remedy=msg("Choose one of those that {route} lists.", route=_route(one.named.kinds)),
    )


def _is_open(kind: str) -> bool:
    return kind_named(kind).read == "centre.read"


def _expected(kinds: tuple[str, ...]) -> Message:
    if not kinds:
        return msg("the id of a record of this centre")
    return msg("the id of one of this centre's: {kinds}", kinds=", ".join(kinds))


def _route(kinds: tuple[str, ...]) -> str:
    if PERSON in kinds:
        return "/api/v1/centre/people"
    return f"/api/v1/centre/records/{kinds[0] if kinds and FILE not in kinds else '{kind}'}"


@cache
def _of_struct(facts: type[msgspec.Struct]) -> Walk:
    struct = inspect.type_info(facts)
    assert isinstance(struct, inspect.StructType)  # noqa: S101 - facts are structs
    parts = [(one.name, walk) for one in struct.fields if (walk := _walk(one.type))]

    def through(value: Any, at: str) -> Iterator[Mention]:
        for name, walk in parts:
            yield from walk(getattr(value, name), f"{at}.{name}" if at else name)

    return through


def _walk(info: inspect.Type) -> Walk | None:
    """Return how the ids in a value of a type are found; None where it holds none."""
    if isinstance(info, inspect.Metadata):
        named = named_by(info)
        bare = info.type
        return _one(named) if named and isinstance(bare, inspect.UUIDType) else _walk(bare)
    if isinstance(info, inspect.UnionType):
        return next(filter(None, map(_walk, info.types)), None)
    if isinstance(info, inspect.VarTupleType | inspect.ListType):
        item = _walk(info.item_type)
        return _many(item) if item else None
    if isinstance(info, inspect.TupleType):
        return _each([_walk(part) for part in info.item_types])
    return _of_part(info.cls) if isinstance(info, inspect.StructType) and _holds(info) else None


def _holds(struct: inspect.StructType) -> bool:
    return any(_walk(one.type) for one in struct.fields)


def _one(named: Named) -> Walk:
    return lambda value, at: iter(() if value is None else (Mention(at, value, named),))


def _many(item: Walk) -> Walk:
    return lambda value, at: (found for place, one in enumerate(value or ()) for found in item(one, f"{at}[{place}]"))


def _each(parts: list[Walk | None]) -> Walk | None:
    known = [(place, walk) for place, walk in enumerate(parts) if walk]
    return (lambda value, at: (found for place, walk in known for found in walk(value[place], at))) if known else None


def _of_part(struct: type[msgspec.Struct]) -> Walk:
    return lambda value, at: iter(()) if value is None else _of_struct(struct)(value, at)


_KINDS = sa.text("""
    select id, kind from centre_record where id = any(:ids)
    union all
    select id, case when withdrawn_at is null then 'person' else 'gone' end from centre_person where id = any(:ids)
    union all
    select id, 'file' from centre_file where id = any(:ids)
""")
