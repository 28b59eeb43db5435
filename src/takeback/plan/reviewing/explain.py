"""Says before any search why no assignment can exist: which proposal or reviewer, which limit, what would help."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.reviewing.tables import BoolArray, Tables

FIX = msg("Take back one of the fixed pairs, or the rule.")


def explain(tables: Tables) -> list[Problem]:
    """Return every contradiction that one proposal, one reviewer or the sums show; empty = none was found.

    What only all together show, `shortage` explains after the search.
    """
    told = [*_fixed(tables)]
    for p in range(len(tables.wanted)):
        told += _proposal(tables, p)
    told += _reviewers(tables)
    return told or [*_sums(tables)]


def _fixed(tables: Tables) -> Iterator[Problem]:
    """Fixed pairs that break a rule by themselves."""
    problem = tables.problem
    for p, r in np.argwhere(tables.fixed & ~tables.free).tolist():
        where = f"{problem.proposals[p].id}, {problem.reviewers[r].id}"
        yield _contradiction("fixed-conflict", msg("A fixed pair has a conflict, or is not to meet."), where, None, FIX)
    for p in np.flatnonzero(tables.fixed.sum(axis=1) > tables.wanted).tolist():
        found = msg("{found} fixed, {wanted} wanted", found=int(tables.fixed[p].sum()), wanted=int(tables.wanted[p]))
        yield _contradiction(
            "fixed-many", msg("More reviewers are fixed than wanted."), problem.proposals[p].id, found, FIX
        )
    for r in np.flatnonzero(tables.fixed.sum(axis=0) > tables.most).tolist():
        found = msg("{found} fixed, {most} at most", found=int(tables.fixed[:, r].sum()), most=int(tables.most[r]))
        title = msg("A reviewer has more fixed proposals than this reviewer takes.")
        yield _contradiction("fixed-load", title, problem.reviewers[r].id, found, FIX)
    yield from _fixed_together(tables)


def _fixed_together(tables: Tables) -> Iterator[Problem]:
    problem, cap = tables.problem, tables.problem.most_of_organisation
    for a, b in tables.apart.tolist():
        for p in np.flatnonzero(tables.fixed[:, a] & tables.fixed[:, b]).tolist():
            where = f"{problem.proposals[p].id}, {problem.reviewers[a].id}, {problem.reviewers[b].id}"
            yield _contradiction("fixed-apart", msg("Two who are to be apart are fixed together."), where, None, FIX)
    for p in np.flatnonzero(tables.fixed.any(axis=1)).tolist() if cap is not None else []:
        own = tables.organisation[tables.fixed[p]]
        for o in np.flatnonzero(np.bincount(own[own >= 0], minlength=1) > (cap or 0)).tolist():
            where = f"{problem.proposals[p].id}, {tables.organisations[o]}"
            title = msg("More reviewers of one organisation are fixed than the rule allows.")
            yield _contradiction("fixed-organisation", title, where, None, FIX)


def _proposal(tables: Tables, p: int) -> Iterator[Problem]:
    """What one proposal cannot have even if it were alone."""
    problem, proposal = tables.problem, tables.problem.proposals[p]
    room = tables.most > 0
    free, able = tables.free[p] & room, tables.allowed[p] & room
    wanted, count = proposal.wanted, int(able.sum())
    if count < wanted:
        yield _too_few(proposal.id, int(free.sum()), count, wanted)
        return
    if (most := _most_together(tables, able)) < wanted:
        remedy = msg("Invite reviewers of other organisations, or allow more of one.")
        found = msg("{found} reviewers, {wanted} wanted", found=most, wanted=wanted)
        yield _contradiction(
            "organisations", msg("Too few organisations have reviewers for this proposal."), proposal.id, found, remedy
        )
    for slug, title, who, asked in (
        ("seniors", msg("Too few senior reviewers can take this proposal."), tables.senior, problem.seniors),
        ("outside", msg("Too few reviewers from outside can take this proposal."), tables.outside, proposal.outside),
    ):
        found_count = min(wanted, _most_together(tables, able & who))
        if found_count < asked:
            found = msg("{found} reviewers without conflict, {wanted} wanted", found=found_count, wanted=asked)
            remedy = msg("Invite {count} more, or lower this rule.", count=asked - found_count)
            yield _contradiction(slug, title, proposal.id, found, remedy)


def _too_few(where: str, free: int, able: int, wanted: int) -> Problem:
    found = msg("{found} reviewers without conflict, {wanted} wanted", found=free, wanted=wanted)
    remedy = msg("Invite {count} more, or ask for {able}.", count=wanted - able, able=able)
    if able < free:
        found = msg(
            "{found} reviewers without conflict, {able} of them know enough, {wanted} wanted",
            found=free, able=able, wanted=wanted,
        )  # fmt: skip
        remedy = msg("Invite {count} more who know its topics, or lower the least match.", count=wanted - able)
    return _contradiction("too-few", msg("Too few reviewers can take this proposal."), where, found, remedy)


def _most_together(tables: Tables, able: BoolArray) -> int:
    """Return how many of them one proposal may have under the rule of organisations."""
    cap, own = tables.problem.most_of_organisation, tables.organisation[able]
    if cap is None:
        return len(own)
    counts = np.bincount(own[own >= 0], minlength=1)
    return int(np.minimum(cap, counts).sum() + (own < 0).sum())


def _reviewers(tables: Tables) -> Iterator[Problem]:
    able = tables.allowed.sum(axis=0)
    for r in np.flatnonzero(able < tables.least).tolist():
        found = msg(
            "{found} proposals without conflict, at least {least}", found=int(able[r]), least=int(tables.least[r])
        )
        remedy = msg("Lower the least of this reviewer to {count}.", count=int(able[r]))
        title = msg("A reviewer is to take more proposals than there are for this reviewer.")
        yield _contradiction("least", title, tables.problem.reviewers[r].id, found, remedy)


def _sums(tables: Tables) -> Iterator[Problem]:
    """What all reviewers together cannot do."""
    problem, wanted = tables.problem, tables.problem.reviews
    places, least = int(tables.most.sum()), int(tables.least.sum())
    if places < wanted:
        yield _places("places", msg("The reviewers together take fewer reviews than are wanted."), places, wanted)
    if least > wanted:
        found = msg("at least {least} reviews, {wanted} wanted", least=least, wanted=wanted)
        remedy = msg("Lower the least of reviewers by {count} in all.", count=least - wanted)
        yield _contradiction(
            "least-sum", msg("The reviewers are to take more reviews than are wanted."), None, found, remedy
        )
    seniors = int(tables.most[tables.senior].sum())
    if seniors < (asked := problem.seniors * len(problem.proposals)):
        yield _places("senior-places", msg("The senior reviewers take fewer reviews than they must."), seniors, asked)
    outside = int(tables.most[tables.outside].sum())
    if outside < (asked := int(tables.outside_wanted.sum())):
        yield _places(
            "outside-places", msg("The reviewers from outside take fewer reviews than they must."), outside, asked
        )


def _places(slug: str, title: Message, places: int, wanted: int) -> Problem:
    found = msg("{places} places, {wanted} wanted", places=places, wanted=wanted)
    remedy = msg("Raise the most of reviewers, or invite more, by {count} places.", count=wanted - places)
    return _contradiction(slug, title, None, found, remedy)


def _contradiction(slug: str, title: Message, where: str | None, found: Message | None, remedy: Message) -> Problem:
    return Problem(f"reviewing.{slug}", title, where=where, found=found, remedy=remedy)
