"""Why an expert must not judge a proposal: declared, named by the applicants, or found by a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from takeback.core.message import Message, msg
from takeback.share.centre.kinds import Facts, Text, kind
from takeback.share.centre.naming import CallId, MemberId, PersonId, ProposalId

Rule = Literal[
    "declared", "named", "in-team", "same-member", "partner", "co-team", "mentor", "applicant", "runs-the-call"
]
RULES: Mapping[Rule, Message] = {
    "declared": msg("The expert declared an interest."),
    "named": msg("The applicants say that the expert is not impartial."),
    "in-team": msg("The expert is in the proposal's team."),
    "same-member": msg("The expert belongs to the organisation that applies."),
    "partner": msg("The expert belongs to a partner of the proposal."),
    "co-team": msg("The expert works with one of the team in a running project or team."),
    "mentor": msg("The expert and one of the team are mentor and student."),
    "applicant": msg("The expert applies in the same call."),
    "runs-the-call": msg("The expert runs the call and sees who applies."),
}
"""Rule -> what it says."""


@kind(
    "conflict",
    title="title",
    states={"standing": ("lifted",), "lifted": ("standing",)},
    create="proposal.run",
    read="proposal.run",
    parent="call",
    person="expert",
)
class Conflict(Facts, frozen=True, kw_only=True):
    """An interest of an expert in a call: in a proposal, a person, or a member organisation (one of the three)."""

    call: CallId
    expert: PersonId
    proposal: ProposalId | None = None
    about_person: PersonId | None = None
    about_member: MemberId | None = None
    rule: Rule = "declared"
    note: Text = ""

    @property
    def title(self) -> str:
        """The rule's name: no proposal and no person."""
        return self.rule
