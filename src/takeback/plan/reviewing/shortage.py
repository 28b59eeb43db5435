"""Why no assignment exists although each proposal alone could be reviewed: who is short, and who is full."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.reviewing import rules
from takeback.plan.reviewing.highs import choose
from takeback.plan.reviewing.programme import Programme
from takeback.plan.reviewing.relaxation import ALL_PAIRS, Relaxation
from takeback.plan.reviewing.tables import BoolArray, FloatArray, IntArray, Tables

NODES = 200
MOST_TOLD = 20
MOST_NAMED = 8


def shortage(tables: Tables, relaxed: Relaxation, seconds: float | None) -> list[Problem]:
    """Return what is missing in an assignment that misses as little as was found, and what would make it fit."""
    pairs = _pairs(tables, relaxed)
    together = rules.broken(tables, pairs, np.ones(len(pairs)))
    programme = Programme(tables, pairs, rules=together, short=1.0, worth=False)
    time = None if seconds is None else max(1.0, seconds)
    x = choose(programme.arrays(), seconds=time, nodes=NODES, seed=0, start=None).x
    if x is None:
        return [_together(tables)]
    chosen = np.zeros(tables.allowed.size, dtype=np.bool_)
    chosen[pairs[x[programme.first_pair :] > 0.5]] = True
    told = [*_told(tables, chosen.reshape(tables.allowed.shape), x[1 + len(tables.most) : programme.first_pair])]
    return told or [_together(tables)]


def _pairs(tables: Tables, relaxed: Relaxation) -> IntArray:
    """Return the pairs to look at: all where they are few, else those of the relaxation and of who was short in it."""
    if int(tables.allowed.sum()) <= ALL_PAIRS:
        return np.flatnonzero(tables.allowed.ravel())
    amount = np.zeros(tables.allowed.size)
    amount[relaxed.pairs] = relaxed.amount
    short = amount.reshape(tables.allowed.shape).sum(axis=1) < tables.wanted - 1e-6
    return np.union1d(relaxed.pairs, np.flatnonzero((tables.allowed & short[:, None]).ravel()))


def _told(tables: Tables, chosen: BoolArray, short: FloatArray) -> Iterator[Problem]:
    proposals = len(tables.wanted)
    reviews, seniors, outside = (short[k * proposals : (k + 1) * proposals] for k in range(3))
    least = short[3 * proposals :]
    missing = np.flatnonzero(reviews > 0.5)
    if len(missing):
        yield from _full(tables, chosen, missing)
    for p in missing[:MOST_TOLD].tolist():
        yield _missing(
            "review-missing", msg("A proposal finds too few reviewers."), tables, p, reviews[p], tables.wanted[p]
        )
    for p in np.flatnonzero(seniors > 0.5)[:MOST_TOLD].tolist():
        title = msg("A proposal finds too few senior reviewers with a place left.")
        yield _missing("senior-missing", title, tables, p, seniors[p], tables.problem.seniors)
    for p in np.flatnonzero(outside > 0.5)[:MOST_TOLD].tolist():
        title = msg("A proposal finds too few reviewers from outside with a place left.")
        yield _missing("outside-missing", title, tables, p, outside[p], tables.outside_wanted[p])
    for r in np.flatnonzero(least > 0.5)[:MOST_TOLD].tolist():
        count = int(tables.least[r] - round(least[r]))
        yield Problem(
            "reviewing.least-missing",
            msg("A reviewer finds fewer proposals than this reviewer is to take."),
            where=tables.problem.reviewers[r].id,
            found=msg("{found} proposals, at least {least}", found=count, least=int(tables.least[r])),
            remedy=msg("Lower the least of this reviewer to {count}.", count=count),
        )


def _full(tables: Tables, chosen: BoolArray, missing: IntArray) -> Iterator[Problem]:
    """Tell the reviewers who are full, where proposals that share them want more than they take (Hall's condition)."""
    proposals, reviewers = _reached(tables, chosen, missing)
    wanted, places = int(tables.wanted[proposals].sum()), int(tables.most[reviewers].sum())
    if wanted <= places:
        return
    names = [tables.problem.reviewers[r].id for r in np.flatnonzero(reviewers).tolist()]
    yield Problem(
        "reviewing.full",
        msg("These proposals want more reviews than those who can review them take"),
        where=_listed([tables.problem.proposals[p].id for p in np.flatnonzero(proposals).tolist()]),
        found=msg(
            "{places} places of {count} reviewers, {wanted} wanted", places=places, count=len(names), wanted=wanted
        ),
        remedy=msg(
            "Invite other reviewers for them, or let these take {count} more: {names}",
            count=wanted - places, names=_listed(names),
        ),
    )  # fmt: skip


def _reached(tables: Tables, chosen: BoolArray, missing: IntArray) -> tuple[BoolArray, BoolArray]:
    """Return the proposals and reviewers reached from what is missing: who could take it, and what they have."""
    proposals: BoolArray = np.zeros(len(tables.wanted), dtype=np.bool_)
    proposals[missing] = True
    while True:
        reviewers: BoolArray = np.asarray((tables.allowed & ~chosen)[proposals].any(axis=0))
        grown: BoolArray = proposals | np.asarray(chosen[:, reviewers].any(axis=1))
        if (grown == proposals).all():
            return proposals, np.asarray(tables.allowed[proposals].any(axis=0))
        proposals = grown


def _missing(slug: str, title: Message, tables: Tables, p: int, short: float, wanted: int) -> Problem:
    able = int((tables.allowed[p] & (tables.most > 0)).sum())
    count = round(float(short))
    return Problem(
        f"reviewing.{slug}",
        title,
        where=tables.problem.proposals[p].id,
        found=msg(
            "{found} of {wanted} found; {able} reviewers could take it if they had a place",
            found=int(wanted) - count, wanted=int(wanted), able=able,
        ),
        remedy=msg("Let {count} more of them take it, invite others, or ask for less.", count=count),
    )  # fmt: skip


def _together(tables: Tables) -> Problem:
    return Problem(
        "reviewing.together",
        msg("The rules exclude each other only all together"),
        found=len(tables.wanted),
        remedy=msg("Leave out the rules of organisations, seniors, outside or apart one by one to see which it is."),
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (", ..." if len(names) > MOST_NAMED else "")
