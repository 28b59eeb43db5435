"""Ruin: strings of neighbouring stops leave neighbouring routes (SISR: Christiaens, Vanden Berghe 2020)."""

from __future__ import annotations

from takeback.plan.collection.compiled import inlined
from takeback.plan.collection.ruin.arrays import ABSENT, USED, Asked, Plan
from takeback.plan.collection.ruin.links import below, chance, measure, touch, unlink

LONGEST = 20  # tasks of a string at most
SPLIT, FURTHER = 0.5, 0.01  # chance that a string keeps a part in its middle; and that this part is longer by one


@inlined
def remove(asked: Asked, plan: Plan, step: int, mean: float) -> None:
    """Take about `mean` tasks out, in strings around one task drawn at random."""
    tasks = len(asked.lose)
    present = tasks - plan.number[ABSENT]
    if present == 0:
        return
    longest = min(float(LONGEST), present / plan.number[USED])
    strings = int(1 + chance(plan.random) * (4 * mean / (1 + longest) - 1))
    seed = below(plan.random, tasks)
    if plan.route[seed] >= 0:
        _string(asked, plan, seed, longest, step)
        strings -= 1
    for k in range(asked.near.shape[1]):
        if strings <= 0:
            return
        task = asked.near[seed, k]
        r = plan.route[task]
        if r >= 0 and plan.mark[r] != step:
            _string(asked, plan, task, longest, step)
            strings -= 1


@inlined
def _string(asked: Asked, plan: Plan, task: int, longest: float, step: int) -> None:
    """Take a string that holds `task` out of its route."""
    r = plan.route[task]
    touch(asked, plan, r, step)
    length = plan.length[r]
    many = 1 + below(plan.random, int(min(float(length), longest)))
    kept = 0
    if many > 1 and many < length and chance(plan.random) < SPLIT:
        kept = 1
        while many + kept < length and chance(plan.random) < FURTHER:
            kept += 1
    whole = many + kept
    lowest, highest = max(0, plan.position[task] - whole + 1), min(plan.position[task], length - whole)
    at = task
    for _ in range(plan.position[task] - lowest - below(plan.random, highest - lowest + 1)):
        at = plan.before[at]
    skip = 1 + below(plan.random, many - 1) if kept else whole
    for k in range(whole):
        there = plan.after[at]
        if k < skip or k >= skip + kept:
            unlink(asked, plan, at)
        at = there
    measure(asked, plan, r)
