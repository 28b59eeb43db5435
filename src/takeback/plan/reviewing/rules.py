"""Rules between the reviewers of one proposal: of one organisation so many, of two apart one.

A rule is (proposal, number): the number of an organisation, or that of the pair apart after all organisations. They are
many and few matter, so that a programme takes in those that are broken.
"""

from __future__ import annotations

from collections.abc import Iterable

from takeback.plan.reviewing.tables import FloatArray, IntArray, Tables

Rule = tuple[int, int]
EPSILON = 1e-6


def broken(tables: Tables, pairs: IntArray, amount: FloatArray) -> tuple[Rule, ...]:
    """Return the rules that these amounts break.

    `amount` (n,): how much of each pair (p * R + r) is chosen, 0 to 1; with ones: those that could be broken at all.
    """
    cap, count = tables.problem.most_of_organisation or 0, len(tables.organisations)
    total: dict[Rule, float] = {}
    for p, r, much in _chosen(tables, pairs, amount):
        for number in tables.rules_of[r]:
            total[p, number] = total.get((p, number), 0.0) + much
    limits = ((rule, much - (cap if rule[1] < count else 1)) for rule, much in total.items())
    return tuple(sorted(rule for rule, over in limits if over > EPSILON))


def _chosen(tables: Tables, pairs: IntArray, amount: FloatArray) -> Iterable[tuple[int, int, float]]:
    some = amount > EPSILON
    reviewers = len(tables.most)
    return zip(
        (pairs[some] // reviewers).tolist(), (pairs[some] % reviewers).tolist(), amount[some].tolist(), strict=True
    )
