"""A proposal in two parts: what reviewers read, and who stands behind it. They never meet outside the committee."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from takeback.share.centre.calls.call import Few
from takeback.share.centre.kinds import Facts, Line, Minor, Text, kind
from takeback.share.centre.naming import CallId, CommonProblemId, FileId, MemberId, PersonId

Lines = Annotated[tuple[Line, ...], Meta(max_length=30)]
FEW = Meta(max_length=50)


class Cost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the budget."""

    what: Line
    minor: Minor


class Blind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What reviewers read. `keywords`: words by which experts are found; `files`: those that reviewers may open.

    `months`: how long the project is to run; `costs`: what is asked for.
    """

    title: Line
    title_zh: str = ""
    summary: Text
    summary_zh: Text = ""
    approach: Text = ""
    expected: Text = ""
    keywords: Lines = ()
    months: Few = 12
    costs: Annotated[tuple[Cost, ...], Meta(max_length=50)] = ()
    files: Annotated[tuple[FileId, ...], FEW] = ()

    @property
    def budget_minor(self) -> int:
        """What is asked for in all."""
        return sum(cost.minor for cost in self.costs)


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who stands behind a proposal: persons and member organisations, by id.

    `partners`: members beside the lead's own; `unwanted`: experts who, the applicants say, are not impartial.
    """

    lead: PersonId
    member: MemberId
    team: Annotated[tuple[PersonId, ...], FEW] = ()
    partners: Annotated[tuple[MemberId, ...], FEW] = ()
    unwanted: Annotated[tuple[PersonId, ...], Meta(max_length=3)] = ()

    @property
    def people(self) -> frozenset[UUID]:
        """The lead and the team."""
        return frozenset({self.lead, *self.team})

    @property
    def members(self) -> frozenset[UUID]:
        """All member organisations that take part."""
        return frozenset({self.member, *self.partners})


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule of the call that a proposal does not keep, what was found and what the rule says."""

    rule: Line
    found: str
    expected: str


@kind(
    "proposal",
    title="title",
    states={
        "draft": ("submitted", "withdrawn"),
        "submitted": ("submitted", "withdrawn", "eligible", "ineligible"),
        "eligible": ("funded", "declined", "withdrawn"),
        "ineligible": ("eligible",),
        "declined": ("funded",),
        "funded": (),
        "withdrawn": (),
    },
    create="proposal.run",
    read="proposal.run",
    fixed_in=("submitted", "eligible", "ineligible", "funded", "declined", "withdrawn"),
    parent="call",
    person="lead",
    member="member",
)
class Proposal(Facts, frozen=True, kw_only=True):
    """An application for a call. `problem`: which of the call's problems it answers; `findings`: why not eligible."""

    call: CallId
    problem: CommonProblemId | None = None
    blind: Blind
    identity: Identity
    findings: tuple[Finding, ...] = ()

    @property
    def title(self) -> str:
        """The title that reviewers read."""
        return self.blind.title

    @property
    def lead(self) -> UUID:
        """Who leads and submits."""
        return self.identity.lead

    @property
    def member(self) -> UUID:
        """The member organisation that applies."""
        return self.identity.member
