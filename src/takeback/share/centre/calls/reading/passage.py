"""What was read of a file: stretches of text with their places, and the places of which nothing can be read."""

from __future__ import annotations

import msgspec

from takeback.core.message import Message


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of text; `place`: the page, cell or part in which it stands, none where the file has no such thing."""

    text: str
    place: Message | None = None


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """All that was read of a file. `unread`: places whose words cannot be read, such as pages that are pictures."""

    passages: tuple[Passage, ...] = ()
    unread: tuple[Message, ...] = ()
