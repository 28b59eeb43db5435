"""How a file that cannot be read is refused: the place in it, what was found there, what would be right."""

from __future__ import annotations

from takeback.core.message import Message, msg
from takeback.core.problem import Problem


def refusal(where: str, found: object, expected: Message, *, name: str) -> Problem:
    """Return the problem of a file of the layout `name`: `where` is a section, line or path."""
    return Problem(
        "collection.bad-file",
        msg("The file is not a {format} file that can be read", format=name),
        where=where,
        found=found,
        expected=expected,
    )
