"""Items as commands need them: found, locked, and at the stage that the step presumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.bulk import driver

_LOCK = """
    select key, epc, code, vertical, level, product_id, category, order_id, stage, stage_since, custody, site_id,
    partner_id,
           grade, soh, soh_low, soh_high, disposition, settlement, mass_g, value_minor, currency, decay_per_day
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
    "disposition",
    "settlement",
    "mass_g",
    "value_minor",
    "currency",
    "decay_per_day",
)

Item = dict[str, Any]


def locked(connection: sa.Connection, epcs: Sequence[str], *, stages: Sequence[str]) -> Mapping[str, Item]:
    """Lock the named items and return them by EPC.

    Raises
    ------
    Problem
        ``spine.refused`` with one error for each item that is unknown, named twice or at another stage.
    """
    rows = driver(connection).execute(_LOCK, ([item_key(epc) for epc in epcs],)).fetchall()
    items = {row[1]: dict(zip(COLUMNS, row, strict=True)) for row in rows}
    errors = [
        *_doubles(epcs),
        *(e for epc in dict.fromkeys(epcs) if (e := _wrong(epc, items.get(epc), stages))),
    ]
    if errors:
        raise refused(errors)
    return items


def refused(errors: Sequence[Problem]) -> Problem:
    """Return the one problem of a command of which no item was taken."""
    return Problem(
        "spine.refused",
        msg("Nothing was changed: {count} of the items named cannot take this step.", count=len(errors)),
        status=409,
        errors=errors,
    )


def _doubles(epcs: Sequence[str]) -> list[Problem]:
    seen: set[str] = set()
    doubles = [epc for epc in epcs if epc in seen or seen.add(epc)]  # type: ignore[func-returns-value]
    return [Problem("spine.named-twice", msg("The item is named twice in one command."), where=epc) for epc in doubles]


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
