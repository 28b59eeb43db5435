"""Plain data for the pictures a person wants of an assignment; drawing is the console's."""

from __future__ import annotations

from collections import Counter

from takeback.plan.reviewing.problem import ReviewingProblem
from takeback.plan.reviewing.solution import Assignment
from takeback.plan.reviewing.tables import Tables

Json = dict[str, object]
MOST_CELLS = 40_000


def matrix(problem: ReviewingProblem, found: Assignment, *, most: int = MOST_CELLS) -> Json:
    """Return the matrix picture: proposals down, reviewers across, how well each pair matches and what stands between.

    `proposals`, `reviewers`: ids, the worst-served proposal and the most loaded reviewer first, cut so that there are
    no more than `most` cells; `cells`: rows of (match, state), a state being `assigned`, `fixed` (and assigned),
    `conflict` (or never), `too-little` (below the least match) or `free`; `left_out`: (proposals, reviewers) cut.
    """
    tables = Tables(problem)
    load = Counter(reviewer for _, reviewer in found.pairs)
    down = [str(row["proposal"]) for row in proposals(problem, found)]
    across = sorted(tables.reviewer, key=lambda id: (-load[id], tables.reviewer[id]))
    columns = min(len(across), max(1, int(most**0.5)))
    rows = min(len(down), max(1, most // max(1, columns)))
    pairs = {*found.pairs}
    return {
        "proposals": down[:rows],
        "reviewers": across[:columns],
        "cells": [
            [
                [round(float(tables.match[tables.at((p, r))]), 4), _state(tables, (p, r), assigned=(p, r) in pairs)]
                for r in across[:columns]
            ]
            for p in down[:rows]
        ],
        "left_out": [len(down) - rows, len(across) - columns],
    }


def loads(problem: ReviewingProblem, found: Assignment) -> list[Json]:
    """Return the load bars: reviews of each reviewer with the limits, the most loaded first; `even`: the even share."""
    load = Counter(reviewer for _, reviewer in found.pairs)
    rows: list[Json] = [
        {
            "reviewer": one.id,
            "organisation": one.organisation,
            "reviews": load[one.id],
            "least": one.least,
            "most": one.most,
            "even": problem.even_share,
        }
        for one in problem.reviewers
    ]
    return sorted(rows, key=lambda row: -load[str(row["reviewer"])])


def proposals(problem: ReviewingProblem, found: Assignment) -> list[Json]:
    """Return bars of the proposals, the worst-served first: `mean` match, `reviewers` with their match, best first."""
    tables = Tables(problem)
    of: dict[str, list[tuple[float, str]]] = {one.id: [] for one in problem.proposals}
    for pair in found.pairs:
        of[pair[0]].append((float(tables.match[tables.at(pair)]), pair[1]))
    rows: list[tuple[float, Json]] = []
    for one in problem.proposals:
        best = sorted(of[one.id], key=lambda match: (-match[0], match[1]))
        mean = sum(match for match, _ in best) / one.wanted
        told = [{"reviewer": reviewer, "match": match} for match, reviewer in best]
        rows.append((mean, {"proposal": one.id, "mean": mean, "wanted": one.wanted, "reviewers": told}))
    return [row for _, row in sorted(rows, key=lambda row: row[0])]


def _state(tables: Tables, pair: tuple[str, str], *, assigned: bool) -> str:
    at = tables.at(pair)
    if assigned:
        return "fixed" if tables.fixed[at] else "assigned"
    if not tables.free[at]:
        return "conflict"
    return "free" if tables.allowed[at] else "too-little"
