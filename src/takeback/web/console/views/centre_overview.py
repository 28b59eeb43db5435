"""The first page of a centre: from a problem to its use, what waits, targets, money, deadlines, results."""

from __future__ import annotations

from typing import ClassVar

from takeback.core.money import Money
from takeback.web.console.views.centre import Block, FigureCard, Purse
from takeback.web.console.views.common import Part, Text, Tone, View


class Station(Part, frozen=True, kw_only=True):
    """A step on the way from a problem to its use: how many came so far; `note`: how many are there now."""

    label: Text
    count: int
    note: Text = ""
    href: str
    waits: bool = False


class Fruit(Part, frozen=True, kw_only=True):
    """What came of it for its users: money, or kilograms; `of`: of what, behind the kilograms."""

    label: Text
    href: str
    tone: Tone
    money: Money | None = None
    kg: float | None = None
    of: str = ""


class Chain(Part, frozen=True, kw_only=True):
    """From demand to practice; `unsolved`: problems that no project works on, which the next call may take up."""

    stations: tuple[Station, ...]
    fruits: tuple[Fruit, ...] = ()
    unsolved: int = 0


class Bullet(Part, frozen=True, kw_only=True):
    """An indicator so far: a bar up to its value, a tick at its target; both as shares of the scale."""

    label: Text
    href: str
    value: Text
    share: float
    tick: float | None = None
    tone: Tone = "plain"
    says: Text = ""


class CentreOverviewPage(View, frozen=True, kw_only=True):
    """GET /centre."""

    template: ClassVar[str] = "centre-overview.html"

    title: Text
    note: Text = ""
    strip: tuple[FigureCard, ...] = ()
    chain: Chain
    waits: Block
    news: Block
    targets: tuple[Bullet, ...] = ()
    purse: Purse | None = None
    deadlines: Block
    results: Block
