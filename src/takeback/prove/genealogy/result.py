"""What a trace answers: the things that were reached, and the steps by which they hang together."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Direction = Literal["back", "forward"]
Kind = Literal["aggregation", "association", "transformation"]

KINDS: dict[str, Kind] = {
    "AggregationEvent": "aggregation",
    "AssociationEvent": "association",
    "TransformationEvent": "transformation",
}
"""The EPCIS event types (EPCIS 2.0, 7.4.3, 7.4.6, 7.4.7) that join things, by the word we use for the joint."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A thing; ``depth`` counts steps from where the trace began, ``entry`` is the one that led here (None at 0).

    Where several entries of the least depth lead to a thing, ``entry`` is the one recorded first.
    """

    key: int
    depth: int
    entry: int | None = None
    kind: Kind | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One joint: ``inner`` were put into, used up in or joined to ``outer``; of both, what the trace reached.

    ``entries`` are the events that tell it: several where a transformation was told in parts (EPCIS 2.0, 7.4.6,
    transformationID); ``at`` is the time of the first.
    """

    kind: Kind
    entries: tuple[int, ...]
    at: datetime
    inner: tuple[int, ...]
    outer: tuple[int, ...]


class Genealogy(msgspec.Struct, frozen=True, kw_only=True):
    """All that a set of things was made of and holds (``back``), or all that it went into (``forward``).

    ``at``: as things stood then; None: as they stand now. ``nodes`` are in the order of depth, then of key.
    """

    direction: Direction
    at: datetime | None
    nodes: tuple[Node, ...]
    steps: tuple[Step, ...]
