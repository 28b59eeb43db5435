"""What was read of a file: stretches of text with their places, and the places of which nothing can be read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import msgspec

from takeback.core.message import Message

MOST = 50_000
"""Passages of a file that have a place each; a small file can be made to hold millions."""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of text; `place`: the page, cell or part in which it stands, none where the file has no such thing."""

    text: str
    place: Message | None = None


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """All that was read of a file. `unread`: places whose words cannot be read, such as pages that are pictures."""

    passages: tuple[Passage, ...] = ()
    unread: tuple[Message, ...] = ()


def bounded(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return the first passages as they are, and the words of all others as one."""
    left = iter(passages)
    first = [*islice(left, MOST)]
    rest = "\n".join(one.text for one in left)
    return (*first, Passage(text=rest)) if rest else (*first,)
