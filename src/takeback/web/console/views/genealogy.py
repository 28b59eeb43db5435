"""GET /items/{key}/genealogy : what a thing was made of or went into, drawn; and how good its trace is."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from takeback.web.console.views.common import Part, Text, View


class Family(Part, frozen=True, kw_only=True):
    """Things that stand together in the drawing: one, or siblings of one sort.

    ``column`` from the left, ``row`` from above; ``href`` leads to the one thing, or to the family's part of the table.
    """

    id: int
    label: Text
    count: int
    column: int
    row: int
    href: str
    own: bool = False
    """Whether it is the thing that the genealogy is of."""


class Tie(Part, frozen=True, kw_only=True):
    """``inner`` went into or is inside of ``outer`` (ids of families); ``steps``: by how many events."""

    inner: int
    outer: int
    kind: Literal["aggregation", "association", "transformation"]
    steps: int


class Member(Part, frozen=True, kw_only=True):
    """A line of the table behind the drawing."""

    family: int
    label: str
    href: str
    steps: int
    kind: Text
    entry: int | None = None


class QualityPart(Part, frozen=True, kw_only=True):
    """``ratio`` from 0 to 1, None where there was nothing to judge."""

    label: Text
    ratio: float | None
    weight: float
    judged: int


class QualityFault(Part, frozen=True, kw_only=True):
    why: Text
    entry: int


class Quality(Part, frozen=True, kw_only=True):
    """Trace quality; ``score`` from 0 to 100, None without events."""

    score: float | None
    parts: tuple[QualityPart, ...] = ()
    faults: tuple[QualityFault, ...] = ()


class PlaceQuality(Part, frozen=True, kw_only=True):
    """A line of the table by place."""

    name: Text
    score: float | None
    events: int
    parts: tuple[QualityPart, ...] = ()


class Genealogy(Part, frozen=True, kw_only=True):
    """The drawing and its table; ``listed`` members of ``total`` things stand in the table."""

    key: str
    direction: Literal["back", "forward"]
    at: date | None
    families: tuple[Family, ...]
    ties: tuple[Tie, ...]
    members: tuple[Member, ...]
    total: int
    hidden: int
    quality: Quality
    problem: Text | None = None
    item_href: str = ""

    @property
    def columns(self) -> int:
        return max((family.column for family in self.families), default=0) + 1

    @property
    def rows(self) -> int:
        return max((family.row for family in self.families), default=0) + 1


class GenealogyPart(View, frozen=True, kw_only=True):
    """The section alone, for the page of an item."""

    template: ClassVar[str] = "fragments/genealogy.html"

    genealogy: Genealogy


class GenealogyPage(View, frozen=True, kw_only=True):
    template: ClassVar[str] = "genealogy.html"

    title: str
    genealogy: Genealogy


class TraceQualityPage(View, frozen=True, kw_only=True):
    """GET /trace-quality : by place, the worst first."""

    template: ClassVar[str] = "trace-quality.html"

    places: tuple[PlaceQuality, ...]
