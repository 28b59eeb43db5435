"""What is recorded of money: funds with their rules, commitments to projects, and what was spent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import Amount, Code, Facts, Line, LineZh, Minor, Text, kind
from takeback.share.centre.naming import ActedId, FundId, MemberId, OutcomeId, ProjectId, naming

CostKind = Literal[
    "equipment", "materials", "testing", "compute", "data", "travel", "labour", "services", "publication", "overhead"
]
COST_KINDS: tuple[CostKind, ...] = get_args(CostKind)
Channel = Literal["national", "regional", "municipal", "enterprise", "university", "own", "international", "other"]
PerMille = Annotated[int, Meta(ge=0, le=1000)]
Year = Annotated[int, Meta(ge=1990, le=2200)]


class Cap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of all that a fund received, at most this many per mille may go to one kind of cost."""

    cost_kind: CostKind
    per_mille: PerMille


@kind(
    "fund",
    title="title",
    states={"open": ("open", "closed"), "closed": ("open",)},
    create="money.edit",
    read="money.read",
    fixed_in=("open", "closed"),
    member="member",
)
class Fund(Facts, frozen=True, kw_only=True):
    """Money of one source under its rules. Changed by `amend_fund` only, which looks at what was done already.

    - `source`: who gives it; `member`: the member organisation that does, if it is one;
    - `own`: the centre's or a member's own share, which counts where other funds ask for it;
    - `in_kind`: it is things and hours at their value, not money;
    - `limit`: the most that it takes in; `per_project`: the most that one project gets (minor units);
    - `cost_kinds`, `projects`: what it is earmarked for, all if empty; `year_from`, `year_to`: when it may be used;
    - `caps`: the most of one kind of cost;
    - `matching`: own share that a project must bring, in per mille of what it gets from here (500: one yuan for two);
    - `paper_above`: an amount above which spending needs a file; `transfer_to`: codes of funds that may get from it.
    """

    code: Code
    title: Line
    title_zh: Annotated[str, Meta(max_length=200)] = ""
    source: Line
    source_zh: Annotated[str, Meta(max_length=200)] = ""
    channel: Channel
    member: MemberId | None = None
    own: bool = False
    in_kind: bool = False
    limit: Minor | None = None
    per_project: Minor | None = None
    cost_kinds: tuple[CostKind, ...] = ()
    projects: tuple[ProjectId, ...] = ()
    year_from: Year | None = None
    year_to: Year | None = None
    caps: tuple[Cap, ...] = ()
    matching: Annotated[int, Meta(ge=0, le=10_000)] = 0
    paper_above: Minor | None = None
    transfer_to: tuple[Code, ...] = ()

    def __post_init__(self) -> None:
        """Refuse years that end before they begin, and two caps of one kind of cost."""
        years = (self.year_from or 0) <= (self.year_to or 9999)
        if not years or len({one.cost_kind for one in self.caps}) < len(self.caps):
            raise Problem(
                "centre.bad-fund",
                msg("These rules of a fund contradict each other."),
                where="caps" if years else "year_to",
            )


@kind(
    "commitment",
    title="purpose",
    states={"committed": ()},
    create="money.edit",
    read="money.read",
    fixed_in=("committed",),
    parent="project",
    year="year",
)
class Commitment(Facts, frozen=True, kw_only=True):
    """An amount of a fund (minor units) that a project can count on; `year`: for whose costs it is planned."""

    fund: FundId
    project: ProjectId
    amount: Amount
    purpose: Line
    purpose_zh: LineZh = ""
    year: Year


@kind(
    "spending",
    title="purpose",
    states={"booked": ("booked", "reversed"), "reversed": ()},
    create="money.edit",
    read="money.read",
    fixed_in=("booked", "reversed"),
    parent="project",
    year="year",
)
class Spending(Facts, frozen=True, kw_only=True):
    """An amount (minor units) that a project spent from a fund, and what shows it.

    Either an invoice (`supplier`, `invoice`), or a person's time (`person`, `begins`, `ends`), or the record of a use
    of a resource (`use`). `on`: the day of the cost; `result`: the record of what came of it, once it is known.
    """

    fund: FundId
    project: ProjectId
    cost_kind: CostKind
    amount: Amount
    purpose: Line
    purpose_zh: LineZh = ""
    on: date
    supplier: Annotated[str, Meta(max_length=200)] = ""
    invoice: Annotated[str, Meta(max_length=100)] = ""
    person: ActedId | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    use: Annotated[UUID, naming("use")] | None = None
    result: OutcomeId | None = None
    note: Text = ""

    @property
    def year(self) -> int:
        """The year of the cost."""
        return self.on.year
