"""What becomes of a proposal, with reasons; and the appeal against it."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from takeback.share.centre.kinds import Facts, Minor, kind
from takeback.share.centre.naming import CallId, PersonId, ProposalId, naming

Outcome = Literal["funded", "declined"]
Reasons = Annotated[str, Meta(min_length=1, max_length=20_000)]


@kind(
    "decision",
    title="outcome",
    states={"made": ("replaced",), "replaced": ()},
    create="proposal.run",
    read="proposal.run",
    fixed_in=("made", "replaced"),
    parent="proposal",
    person="by",
)
class Decision(Facts, frozen=True, kw_only=True):
    """A decision of the council. `amount_minor`: what is given; `appeal`: the appeal that it answers, if any."""

    call: CallId
    proposal: ProposalId
    outcome: Outcome
    amount_minor: Minor = 0
    reasons: Reasons
    by: PersonId
    appeal: Annotated[UUID, naming("appeal")] | None = None


@kind(
    "appeal",
    title="title",
    states={"filed": ("upheld", "rejected"), "upheld": (), "rejected": ()},
    create="proposal.run",
    read="proposal.run",
    fixed_in=("filed", "upheld", "rejected"),
    parent="proposal",
    person="by",
)
class Appeal(Facts, frozen=True, kw_only=True):
    """An appeal of the applicants; `against`: the decision, none where the proposal was found not eligible."""

    call: CallId
    proposal: ProposalId
    against: Annotated[UUID, naming("decision")] | None = None
    grounds: Reasons
    by: PersonId
    answer: str = ""
    decided_by: PersonId | None = None

    @property
    def title(self) -> str:
        """What it is: no proposal and no person."""
        return "appeal"
