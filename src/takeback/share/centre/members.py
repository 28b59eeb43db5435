"""The organisations that a centre consists of."""

from __future__ import annotations

from datetime import date
from typing import Literal

from takeback.share.centre.kinds import Code, Facts, Line, Text, kind


@kind(
    "centre",
    title="name",
    states={"cultivation": ("construction", "closed"), "construction": ("closed",), "closed": ()},
    create="centre.edit",
)
class Centre(Facts, frozen=True, kw_only=True):
    """The centre itself: one record.

    - `begins`, `ends`: the construction period; `mission`, `fields`: what it is for;
    - `public_board`: anybody may read the problems that their members stated for everybody.
    """

    name: Line
    name_zh: Line
    mission: Text = ""
    mission_zh: Text = ""
    fields: tuple[Line, ...] = ()
    begins: date | None = None
    ends: date | None = None
    public_board: bool = False


@kind(
    "member",
    title="name",
    states={"active": ("left",), "left": ("active",)},
    create="member.edit",
)
class Member(Facts, frozen=True, kw_only=True):
    """A member organisation. `lead`: the university that leads. `slug`: its own organisation here, if it signs in."""

    code: Code
    name: Line
    name_zh: Line
    sort: Literal["enterprise", "university", "institute", "authority"]
    lead: bool = False
    slug: Line | None = None
    since: date | None = None
