"""A person decides otherwise than the model did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.items import one, parse_key
from takeback.operate.ledger import Author
from takeback.operate.spine.decide import Decision, Option, decide
from takeback.operate.statements import decisions_of
from takeback.plan.disposition.reasons import HOLD

LONGEST_REASON = 500


def decide_otherwise(
    connection: sa.Connection,
    author: Author,
    key: str,
    disposition: str,
    *,
    reason: str = "",
    at: datetime | None = None,
) -> int:
    """Record a person's choice among the options of the last decision; return the id of the entry.

    ``reason`` is what the person says for it, in own words; it is kept in the ledger with the choice.

    Raises
    ------
    Problem
        ``decisions.none-yet``; ``decisions.not-an-option`` when the disposition was barred or is not among them.
    """
    author.require("spine.decide")
    item = one(connection, key)
    earlier = decisions_of(connection, parse_key(key))
    if not earlier:
        raise Problem(
            "decisions.none-yet", msg("Nothing was decided about this item yet."), where=item.code, status=409
        )
    options = {option["disposition"]: option for option in earlier[0].options if _open(option)}
    if disposition not in options:
        raise Problem(
            "decisions.not-an-option",
            msg("This disposition is not open to the item."),
            where=item.code,
            found=disposition,
            expected=" / ".join(options),
        )
    chosen = options[disposition]
    decision = Decision(
        epc=item.epc,
        at=at or clock.now(connection, author.org_id),
        disposition=disposition,
        expected_minor=chosen["expected_minor"],
        low_minor=chosen["low_minor"],
        high_minor=chosen["high_minor"],
        options=[Option(**option) for option in earlier[0].options],
        why=_why(earlier[0].disposition, reason),
        by_kind="person",
        by_name=author.label,
        rule_disposition=earlier[0].rule_disposition,
    )
    return decide(connection, author, [decision])[0]


def _why(instead_of: str, reason: str) -> list[dict[str, Any]]:
    said = [msg("A person chose this over {option}.", option=instead_of)]
    if reason.strip():
        said.append(msg("Their reason: {reason}", reason=reason.strip()[:LONGEST_REASON]))
    return [{"msgid": one.msgid, "params": dict(one.params)} for one in said]


def _open(option: Mapping[str, Any]) -> bool:
    """Tell whether an item can be given it: it is not barred, and more than to decide later."""
    return option.get("barred") is None and option["disposition"] != HOLD
