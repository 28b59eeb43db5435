"""What is recorded of resources: what members offer on which conditions, and what was used."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import MONEY, Facts, Line, LineZh, Minor, Text, kind
from takeback.share.centre.naming import ActedId, Elsewhere, FundId, MemberId, OutcomeId, PersonId, ProjectId, naming

Sort = Literal["equipment", "laboratory", "data set", "compute", "people"]
Clock = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""A time of day, 00:00 to 24:00."""


class Opening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a resource can be used on a day of the week (0: Monday)."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    opens: Clock
    closes: Clock


Hourly = Annotated[int, Meta(ge=0, le=10**10, extra=MONEY)]
"""Minor units an hour: so many that a year of hours is still an amount."""


@kind(
    "resource",
    title="name",
    states={"offered": ("withdrawn",), "withdrawn": ("offered",)},
    create="centre.edit",
    member="member",
)
class Resource(Facts, frozen=True, kw_only=True):
    """Something that a member lets others use, by the hour.

    - `member`: who offers it; `person`: whose time it is (`people` only); `conditions`: what users must keep;
    - `capacity`: how many can use it at once; `opening`: always if empty, in the time zone `zone` (IANA name);
    - `longest_h`: hours of one booking at most;
    - `price_member`, `price_other`: minor units an hour, for people of members and for others;
    - `free_h`: hours a year that each member has for nothing; `cancel_h`: hours before, until which users may cancel.
    """

    name: Line
    name_zh: Annotated[str, Meta(max_length=200)] = ""
    sort: Sort
    member: MemberId
    person: PersonId | None = None
    place: Annotated[str, Meta(max_length=200)] = ""
    description: Text = ""
    conditions: Text = ""
    capacity: Annotated[int, Meta(ge=1, le=1000)] = 1
    opening: Annotated[tuple[Opening, ...], Meta(max_length=50)] = ()
    zone: Line = "Asia/Shanghai"
    longest_h: Annotated[int, Meta(ge=1, le=24 * 366)] = 24
    price_member: Hourly = 0
    price_other: Hourly = 0
    free_h: Annotated[int, Meta(ge=0, le=10_000)] = 0
    cancel_h: Annotated[int, Meta(ge=0, le=24 * 60)] = 24

    def __post_init__(self) -> None:
        """Refuse an opening that ends before it begins, and time of nobody or of several at once."""
        for one in self.opening:
            if one.closes <= one.opens:
                raise _bad("opening", f"{one.opens} - {one.closes}")
        if (self.sort == "people") != (self.person is not None) or (self.person and self.capacity > 1):
            raise _bad("person", self.sort)


def _bad(where: str, found: object) -> Problem:
    return Problem("centre.bad-resource", msg("This resource cannot be offered so."), where=where, found=found)


@kind(
    "use",
    title="title",
    states={"recorded": ("recorded",)},
    create="centre.edit",
    read="money.read",
    fixed_in=("recorded",),
    parent="resource",
    person="person",
    member="member",
    year="year",
)
class Use(Facts, frozen=True, kw_only=True):
    """A use of a resource that took place. Who used it is shown to few (`uses` shows the rest to all).

    `member`: of the person; `value`: all minutes at their price, `cost`: what is charged to `fund`; what is between
    them is given in kind. `free_minutes`: of the member's free hours. `result`: what came of it.
    """

    title: Line
    title_zh: LineZh = ""
    resource: Annotated[UUID, naming("resource")]
    booking: Elsewhere
    project: ProjectId | None = None
    person: ActedId
    member: MemberId | None = None
    begins: datetime
    ends: datetime
    minutes: Annotated[int, Meta(ge=1)]
    free_minutes: Annotated[int, Meta(ge=0)] = 0
    value: Minor = 0
    cost: Minor = 0
    fund: FundId | None = None
    result: OutcomeId | None = None
    note: Text = ""

    @property
    def year(self) -> int:
        """The year of the use."""
        return self.begins.year
