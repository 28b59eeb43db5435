"""What experts say of a proposal: a review each, then words among themselves under neutral names."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from takeback.share.centre.kinds import Code, Facts, Text, kind
from takeback.share.centre.naming import CallId, PersonId, ProposalId


class Score(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points for a criterion, what the authors are told of it and what the committee alone is told."""

    criterion: Code
    points: Annotated[int, Meta(ge=0, le=100)]
    for_authors: Text = ""
    for_committee: Text = ""


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a reviewer says of a proposal."""

    scores: Annotated[tuple[Score, ...], Meta(max_length=20)] = ()
    for_authors: Text = ""
    for_committee: Text = ""


@kind(
    "review",
    title="title",
    states={
        "assigned": ("draft", "final", "released"),
        "draft": ("draft", "final", "released"),
        "final": (),
        "released": (),
    },
    create="proposal.run",
    read="proposal.run",
    fixed_in=("final", "released"),
    parent="proposal",
    person="expert",
)
class Review(Facts, frozen=True, kw_only=True):
    """A review: put when it is assigned, filled by the expert. `number`: the neutral name, "Reviewer 2"."""

    call: CallId
    proposal: ProposalId
    expert: PersonId
    number: Annotated[int, Meta(ge=1)]
    words: Words = Words()

    @property
    def title(self) -> str:
        """The neutral name."""
        return f"Reviewer {self.number}"


@kind(
    "discussion",
    title="title",
    states={"said": ()},
    create="proposal.run",
    read="proposal.run",
    fixed_in=("said",),
    parent="proposal",
    person="expert",
)
class Discussion(Facts, frozen=True, kw_only=True):
    """A word of one reviewer of a proposal to the others."""

    call: CallId
    proposal: ProposalId
    expert: PersonId
    number: Annotated[int, Meta(ge=1)]
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]

    @property
    def title(self) -> str:
        """The neutral name."""
        return f"Reviewer {self.number}"


@kind(
    "assignment",
    title="title",
    states={"made": ()},
    create="proposal.run",
    read="proposal.run",
    fixed_in=("made",),
    parent="call",
)
class Assignment(Facts, frozen=True, kw_only=True):
    """How the reviewers of a call were found: `method`: engine or hand; `objective` and `bound` in expertise; `gap`."""

    call: CallId
    pairs: int
    method: str
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    loads: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        """How it was made."""
        return self.method
