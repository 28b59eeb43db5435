"""The kinds of records that a centre keeps: their schemas, states, and who may do what with them."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Kind, kind_named, kinds
from takeback.share.centre.saying import bad_facts
from takeback.share.centre.writing import ROUTES, may_alter, may_move, may_put
from takeback.web.api.centre_answers import described, mended
from takeback.web.api.centre_asking import URL, within

TAGS = ["Centre: records"]
_REFS = "#/components/schemas/"
TYPED = ("NewRecord", "RecordChange", "RecordMove", "Record")
"""Schemas of the document whose field `facts` is what a kind says."""


class CentreKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind. `states`: state -> those that may follow, the first is where a record begins.

    `may_create`, `may_edit`: whether you may below /records; `may_move`: states that you may move a record to;
    `routes`: where its other commands are; `facts`: JSON schema.
    """

    name: str
    states: dict[str, tuple[str, ...]]
    parent: str | None
    year: str | None
    fixed_in: tuple[str, ...]
    may_create: bool
    may_edit: bool
    may_move: tuple[str, ...]
    routes: str
    facts: dict[str, Any]


@get(f"{URL}/kinds", sync_to_thread=True, tags=TAGS, summary="The kinds of records that you may see, with schemas")
def read_kinds(actor: Actor) -> list[CentreKind]:
    return within(actor, lambda _, who: [_line(what, who) for what in kinds() if who.may(what.read)])


def _line(what: Kind, who: CentreActor) -> CentreKind:
    return CentreKind(
        name=what.name,
        states=dict(what.states),
        parent=what.parent,
        year=what.year,
        fixed_in=tuple(sorted(what.fixed_in)),
        may_create=may_put(what.name) and who.may(what.create),
        may_edit=may_alter(what.name) and who.may(what.edit),
        may_move=tuple(
            one for one in what.states if may_move(what.name, one) and who.may(what.move.get(one, what.edit))
        ),
        routes=ROUTES.get(what.name, ""),
        facts=msgspec.json.schema(what.facts),
    )


def readable(who: CentreActor, name: str) -> Kind:
    """Return a kind that `who` may see; ``centre.no-kind`` (404), ``centre.forbidden`` (403)."""
    try:
        what = kind_named(name)
    except KeyError:
        known = " / ".join(one.name for one in kinds() if who.may(one.read))
        raise Problem(
            "centre.no-kind", msg("There is no such kind of record."), found=name, expected=known, status=404
        ) from None
    who.require(what.read)
    return what


def facts_of(what: Kind, given: dict[str, Any]) -> Facts:
    """Return what was sent as the facts of a kind; ``centre.bad-facts``."""
    try:
        return msgspec.convert(given, what.facts)
    except msgspec.ValidationError as error:
        raise bad_facts(what, error) from error


def with_kinds(document: dict[str, Any]) -> dict[str, Any]:
    """Complete the OpenAPI document: a schema for each kind, and `facts` is one of them."""
    schemas, choices = document["components"]["schemas"], []
    for what in kinds():
        (said,), parts = msgspec.json.schema_components(
            [what.facts], ref_template=f"{_REFS}centre.{what.name}.{{name}}"
        )
        schemas |= {f"centre.{what.name}.{name}": part for name, part in parts.items()}
        choices.append(said)
    for name in TYPED:
        optional = [{"type": "null"}] if name == "RecordMove" else []
        schemas[name]["properties"]["facts"] = {"anyOf": [*choices, *optional]}
    described(schemas)
    _enumerate(document["paths"])
    whole: dict[str, Any] = mended(document)
    return whole


def _enumerate(paths: dict[str, Any]) -> None:
    for path, operations in paths.items():
        if "/centre/records/" not in path:
            continue
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["name"] == "kind":
                    parameter["schema"] = {"type": "string", "enum": [what.name for what in kinds()]}


HANDLERS = [read_kinds]
