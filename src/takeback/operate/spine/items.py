"""Items as commands need them: found, locked, and at the stage that the step presumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.values import thing_uri
from takeback.store.bulk import driver

MOST_TOLD = 100
_UNPROCESSABLE = 422

_LOCK = """
    select key, epc, code, vertical, level, product_id, category, order_id, stage, stage_since, custody, site_id,
    partner_id,
           grade, soh, soh_low, soh_high, belief, disposition, settlement, mass_g, value_minor, currency, decay_per_day
    from item where key = any(%s) order by key for update
"""
COLUMNS = (
    "key",
    "epc",
    "code",
    "vertical",
    "level",
    "product_id",
    "category",
    "order_id",
    "stage",
    "stage_since",
    "custody",
    "site_id",
    "partner_id",
    "grade",
    "soh",
    "soh_low",
    "soh_high",
    "belief",
    "disposition",
    "settlement",
    "mass_g",
    "value_minor",
    "currency",
    "decay_per_day",
)

Item = dict[str, Any]


def found_and_locked(
    connection: sa.Connection, epcs: Sequence[str], *, stages: Sequence[str]
) -> tuple[Mapping[str, Item], list[Problem]]:
    """Lock the named items and return them by the names given, and what is wrong with the rest.

    A thing may be named by its canonical URI or by any other spelling of its identifier.
    """
    items = _locked(connection, epcs)
    spelled = {epc: uri for epc in epcs if epc not in items and (uri := _uri(epc)) is not None}
    if spelled:
        others = _locked(connection, list(spelled.values()))
        items |= {epc: others[uri] for epc, uri in spelled.items() if uri in others}
    wrong = {epc: e for epc in dict.fromkeys(epcs) if (e := _wrong(epc, items.get(epc), stages))}
    right = {epc: item for epc, item in items.items() if epc not in wrong}
    return right, [*_doubles(epcs, items), *wrong.values()]


def refused(errors: Sequence[Problem]) -> Problem:
    """Return the one problem of a command of which nothing was taken; the first hundred errors are told."""
    bad = any(error.status == _UNPROCESSABLE for error in errors)
    return Problem(
        "spine.refused",
        msg("Nothing was changed: {count} things that were said cannot be taken.", count=len(errors))
        if bad
        else msg("Nothing was changed: {count} of the items named cannot take this step.", count=len(errors)),
        status=_UNPROCESSABLE if bad else 409,
        errors=errors[:MOST_TOLD],
    )


def _locked(connection: sa.Connection, epcs: Sequence[str]) -> dict[str, Item]:
    rows = driver(connection).execute(_LOCK, ([item_key(epc) for epc in epcs],)).fetchall()
    return {row[1]: dict(zip(COLUMNS, row, strict=True)) for row in rows}


def _uri(epc: str) -> str | None:
    try:
        return thing_uri(epc)
    except Problem:
        return None


def _doubles(epcs: Sequence[str], items: Mapping[str, Item]) -> list[Problem]:
    seen: set[object] = set()
    names = [(epc, items[epc]["key"] if epc in items else epc) for epc in epcs]
    doubles = [epc for epc, name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    return [
        Problem("spine.named-twice", msg("The item is named twice in one command."), where=epc, status=409)
        for epc in doubles
    ]


def _wrong(epc: str, item: Item | None, stages: Sequence[str]) -> Problem | None:
    if item is None:
        return Problem("spine.unknown-item", msg("No such item."), where=epc, status=404)
    if item["stage"] not in stages:
        return Problem(
            "spine.wrong-stage",
            msg("The item is not at the stage that this step presumes."),
            where=epc,
            found=item["stage"],
            expected=" / ".join(stages),
            status=409,
        )
    return None
