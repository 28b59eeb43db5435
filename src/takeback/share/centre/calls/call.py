"""A call for proposals: what is asked, until when, under which rules. All rules are data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from takeback.share.centre.kinds import Code, Facts, Line, Minor, Text, kind
from takeback.share.centre.naming import CommonProblemId, FundId

Sort = Literal["enterprise", "university", "institute", "authority"]
Moment = Annotated[datetime, Meta(tz=True)]
Few = Annotated[int, Meta(ge=1, le=100)]


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What reviewers score: whole points from 0 to `highest`; `weight`: its share beside the other weights."""

    code: Code
    title: Line
    title_zh: Line
    weight: Few
    highest: Few = 10


class BudgetRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be asked for. `total_minor`: all that the call gives; `fund`: the fund that it comes from."""

    total_minor: Minor
    most_minor: Minor
    least_minor: Minor = 0
    fund: FundId | None = None


class Eligibility(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may apply.

    - `lead_sorts`: sorts of members that may lead a proposal; empty: all;
    - `needed`: how many members of a sort must take part, the lead's own counted: `{"university": 1, "enterprise": 1}`;
    - `most_per_person`: proposals of this call whose lead or team a person may be in;
    - `problem_needed`: whether one of the call's problems must be answered.
    """

    lead_sorts: tuple[Sort, ...] = ()
    needed: Mapping[Sort, Few] = {}
    most_per_person: Few = 1
    problem_needed: bool = False


@kind(
    "call",
    title="title",
    states={
        "draft": ("published", "cancelled"),
        "published": ("published", "reviewing", "cancelled"),
        "reviewing": ("reviewing", "decided", "cancelled"),
        "decided": ("closed",),
        "closed": (),
        "cancelled": (),
    },
    create="call.edit",
    fixed_in=("published", "reviewing", "decided", "closed", "cancelled"),
    year="year",
)
class Call(Facts, frozen=True, kw_only=True):
    """A call. `zone`: IANA name of the time zone in which its deadlines are told; `runs`: months of a project at most.

    `problems`: the common problems that it answers; `reviews_each`: reviews that a proposal gets;
    `most_reviews`: proposals that an expert reviews at most; `appeal_days`: days after the announcement.
    `announced`: when the decisions were told, written by the announcement alone.
    """

    code: Code
    title: Line
    title_zh: Line
    text: Text
    text_zh: Text
    year: int
    period: Line
    opens: Moment
    closes: Moment
    review_closes: Moment
    zone: Line = "Asia/Shanghai"
    runs: Few = 24
    budget: BudgetRule
    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1, max_length=20)]
    eligibility: Eligibility = Eligibility()
    problems: tuple[CommonProblemId, ...] = ()
    reviews_each: Few = 3
    most_reviews: Few = 5
    appeal_days: Few = 10
    announced: Moment | None = None

    def day(self, moment: datetime) -> str:
        """Return the day of a moment in the call's time zone: all that the two sides see of each other's time."""
        return moment.astimezone(ZoneInfo(self.zone)).date().isoformat()
