"""What the ledger says of a record: its facts as plain data, of the form of their kind, and no longer than may be."""

from __future__ import annotations

from typing import Any

import msgspec

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import Facts, Kind

LONGEST = 20_000
"""Characters of a text in a record, whatever its field says: what is in the ledger stays there."""


def said_of(what: Kind, facts: Facts) -> Any:
    """Return what the ledger says; commands build facts of what people sent, which nothing has measured before."""
    said = msgspec.to_builtins(facts)
    try:
        msgspec.convert(said, what.facts, strict=False)
    except msgspec.ValidationError as error:
        raise bad_facts(what, error) from error
    if at := _overlong(said):
        raise bad_facts(what, f"Expected `str` of length <= {LONGEST} - at `{at}`")
    return said


def _overlong(value: Any, at: str = "$") -> str:
    """Return where a text stands that has no end; documents that we sign ourselves are as long as they are."""
    if isinstance(value, str):
        return at if len(value) > LONGEST and not at.endswith(".document") else ""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    return next((found for name, part in parts if (found := _overlong(part, f"{at}.{name}"))), "")


def bad_facts(what: Kind, error: object) -> Problem:
    """Return the problem of facts that are none of a kind, or longer than they may be."""
    return Problem(
        "centre.bad-facts",
        msg("What the record says is not of the right form."),
        where=what.name,
        found=str(error),
        expected=", ".join(field.encode_name for field in msgspec.structs.fields(what.facts)),
    )
