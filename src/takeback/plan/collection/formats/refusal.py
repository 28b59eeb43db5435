"""How a file that cannot be read is refused: the place in it, what was found there, what would be right."""

from __future__ import annotations

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

BAD_JSON, BAD_FILE, BAD_VRPSPD = "collection.bad-json", "collection.bad-file", "collection.bad-vrpspd"


def refusal(where: str, found: object, expected: Message, *, kind: str = BAD_FILE, name: str = "") -> Problem:
    """Return the problem of a text file: `where` is a section or field, with its line; `name` the format."""
    return Problem(
        kind,
        msg("The file is not a {format} file that can be read", format=name)
        if name
        else msg("The file cannot be read"),
        where=where,
        found=found,
        expected=expected,
    )
