"""Verify a solution from the problem's definition, sharing no code with the solver.

Recomputed: every expected value, what the resources are used for, bars, the objective, the bound (from the
shadow prices alone: whatever prices >= 0 are given, they prove a bound), intervals (by the mixture's
distribution function).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import erfc

from takeback.plan.disposition.problem import BoolArray, DispositionProblem, FloatArray
from takeback.plan.disposition.solution import DispositionSolution
from takeback.plan.doors import Violation

RELATIVE = 1e-6
Z80 = 1.2815515655446004  # 90 % quantile of the standard normal distribution
TAIL_ERROR = 2e-3


def check(problem: DispositionProblem, solution: DispositionSolution) -> list[Violation]:
    """Return every rule of `problem` that `solution` breaks; empty = the solution is what it says it is."""
    wrong_shape = list(_shapes(problem, solution))
    if wrong_shape:
        return wrong_shape
    values = _values(problem)
    return [
        *_choices(problem, solution, values),
        *_resources(problem, solution),
        *_totals(problem, solution, values),
        *_rivals(problem, solution, values),
        *_intervals(problem, solution),
    ]


def _shapes(p: DispositionProblem, s: DispositionSolution) -> Iterator[Violation]:
    k = len(p.options) + (p.hold is not None)
    wanted = {
        "choice": (p.n,),
        "value": (p.n, k),
        "low": (p.n, k),
        "high": (p.n, k),
        "runner_up": (p.n,),
        "margin": (p.n,),
        "capacity_denied": (p.n,),
        "shadow_price": (len(p.resources),),
        "used": (len(p.resources),),
    }
    for name, shape in wanted.items():
        found = getattr(s, name).shape
        if found != shape:
            yield Violation("solution.shape", name, found, shape)
    if s.choice.shape == (p.n,):
        for i, column in enumerate(s.choice.tolist()):
            if not 0 <= column < k:
                yield Violation("choice.unknown", f"item {i}", column, f"0 to {k - 1}")


def _values(p: DispositionProblem) -> list[list[float]]:
    """Return each item's value in every column; -inf where the column is not open."""
    charge = [_price(p, name) for name in _resource_names(p)]
    now = _nets(p, 0.0) - np.array(charge) * p.load
    if p.hold is None:
        return now.tolist()  # type: ignore[no-any-return]
    future = [0.0 if name is None else float(p.hold.future_price[_index(p, name)]) for name in _resource_names(p)]
    later = (_nets(p, p.hold.days) - np.array(future) * p.load).max(axis=1) - p.hold.cost
    return np.column_stack([now, np.where(p.hold.allowed, later, -math.inf)]).tolist()  # type: ignore[no-any-return]


def _nets(p: DispositionProblem, delay: float) -> FloatArray:
    """Return the expected net recovery (n, options) when deciding `delay` days from now; -inf where barred."""
    means, _ = _parts(p, delay)
    return np.where(p.bar >= 0, -math.inf, (p.belief[:, :, None] * means).sum(axis=1))


def _parts(p: DispositionProblem, delay: float) -> tuple[FloatArray, FloatArray]:
    """Return net recovery and price sd of every item, condition and option."""
    t, c, size = p.terms, p.category, p.size[:, None, None]
    gross = size * t.price[c] / np.exp(t.decay_per_day[c] * (t.days[c] + p.waited_days[:, None, None] + delay))
    return gross - size * t.size_cost[c] - t.cost[c], t.price_sd[c] * gross


def _net(p: DispositionProblem, i: int, d: int, delay: float) -> float:
    return math.fsum(float(p.belief[i, g]) * _mean(p, i, g, d, delay)[0] for g in np.flatnonzero(p.belief[i]).tolist())


def _mean(p: DispositionProblem, i: int, g: int, d: int, delay: float) -> tuple[float, float]:
    """Return the net recovery and its price sd where the condition is g."""
    at, t, size = (int(p.category[i]), g, d), p.terms, float(p.size[i])
    days = float(p.waited_days[i]) + float(t.days[at]) + delay
    gross = size * float(t.price[at]) * math.exp(-float(t.decay_per_day[at]) * days)
    return gross - float(t.cost[at]) - size * float(t.size_cost[at]), gross * float(t.price_sd[at])


def _resource_names(p: DispositionProblem) -> list[str | None]:
    return [option.resource for option in p.options]


def _index(p: DispositionProblem, name: str) -> int:
    return next(r for r, resource in enumerate(p.resources) if resource.name == name)


def _price(p: DispositionProblem, name: str | None) -> float:
    return 0.0 if name is None else p.resources[_index(p, name)].reserve_price


def _choices(p: DispositionProblem, s: DispositionSolution, values: list[list[float]]) -> Iterator[Violation]:
    for i, column in enumerate(s.choice.tolist()):
        if values[i][column] == -math.inf:
            yield Violation("choice.barred", f"item {i}", column, "an option that is open to the item")
        for k, value in enumerate(values[i]):
            if not _same(float(s.value[i, k]), value):
                yield Violation("value.wrong", f"item {i}, option {k}", float(s.value[i, k]), value)


def _resources(p: DispositionProblem, s: DispositionSolution) -> Iterator[Violation]:
    used = [0.0] * len(p.resources)
    for i, column in enumerate(s.choice.tolist()):
        name = p.options[column].resource if column < len(p.options) else None
        if name is not None:
            used[_index(p, name)] += float(p.load[i, column])
    for r, resource in enumerate(p.resources):
        if used[r] > resource.available * (1 + RELATIVE) + RELATIVE:
            yield Violation("resource.above-available", resource.name, used[r], resource.available)
        if not _same(float(s.used[r]), used[r]):
            yield Violation("resource.wrong-use", resource.name, float(s.used[r]), used[r])
        if not s.shadow_price[r] >= 0:
            yield Violation("resource.negative-price", resource.name, float(s.shadow_price[r]), "0 or more")


def _totals(p: DispositionProblem, s: DispositionSolution, values: list[list[float]]) -> Iterator[Violation]:
    objective = math.fsum(values[i][column] for i, column in enumerate(s.choice.tolist()))
    bound = math.fsum(max(_charged(p, s, i, row)) for i, row in enumerate(values)) + math.fsum(
        float(price) * r.available for r, price in zip(p.resources, s.shadow_price, strict=True) if price > 0
    )
    decided = [(i, d) for i, d in enumerate(s.choice.tolist()) if d < len(p.options)]
    recovery = math.fsum(_net(p, i, d, 0.0) for i, d in decided)
    spread = Z80 * math.sqrt(_variance(p, decided))
    told = {
        "objective": (s.objective, objective),
        "bound": (s.bound, bound),
        "expected_recovery": (s.expected_recovery, recovery),
        "recovery_low": (s.recovery_low, recovery - spread),
        "recovery_high": (s.recovery_high, recovery + spread),
    }
    for name, (found, expected) in told.items():
        if not _same(found, expected, scale=math.fsum(abs(values[i][d]) for i, d in decided)):
            yield Violation("total.wrong", name, found, expected)
    if objective > bound + RELATIVE * max(1.0, abs(bound)):
        yield Violation("total.above-bound", "objective", objective, bound)


def _charged(p: DispositionProblem, s: DispositionSolution, i: int, row: list[float]) -> list[float]:
    """Return the item's values once each column pays the shadow price of what it takes."""
    charged = list(row)
    for d, name in enumerate(_resource_names(p)):
        if name is not None:
            charged[d] -= float(s.shadow_price[_index(p, name)]) * float(p.load[i, d])
    return charged


def _variance(p: DispositionProblem, decided: list[tuple[int, int]]) -> float:
    condition, shared = 0.0, dict[tuple[int, int, int], float]()
    for i, d in decided:
        mean = _net(p, i, d, 0.0)
        for g in range(len(p.conditions)):
            net, sd = _mean(p, i, g, d, 0.0)
            belief, cell = float(p.belief[i, g]), (int(p.category[i]), g, d)
            condition += belief * (net - mean) ** 2
            shared[cell] = shared.get(cell, 0.0) + belief * sd
    return condition + math.fsum(value**2 for value in shared.values())


def _rivals(p: DispositionProblem, s: DispositionSolution, values: list[list[float]]) -> Iterator[Violation]:
    for i, column in enumerate(s.choice.tolist()):
        charged = _charged(p, s, i, values[i])
        others = [value for k, value in enumerate(charged) if k != column]
        rival = max(others, default=-math.inf)
        named = int(s.runner_up[i])
        told = charged[named] if named >= 0 else -math.inf
        if named == column or not _same(told, rival, scale=abs(values[i][column])):
            yield Violation("runner-up.wrong", f"item {i}", named, "the next best option")
        if not _same(float(s.margin[i]), charged[column] - rival, scale=abs(values[i][column])):
            yield Violation("margin.wrong", f"item {i}", float(s.margin[i]), charged[column] - rival)
        alone = max(values[i][: len(p.options)])
        lost = alone - values[i][column]
        if abs(lost) > 2 * RELATIVE * max(1.0, abs(alone)) and bool(s.capacity_denied[i]) != (lost > 0):
            yield Violation("capacity.wrong", f"item {i}", bool(s.capacity_denied[i]), lost > 0)


def _intervals(p: DispositionProblem, s: DispositionSolution) -> Iterator[Violation]:
    count = len(p.options)
    barred = np.column_stack([p.bar >= 0, np.ones((p.n, s.low.shape[1] - count), dtype=bool)])
    told = ~(np.isnan(s.low) & np.isnan(s.high))
    for i, d in np.argwhere(barred & told).tolist():
        yield Violation("interval.of-nothing", f"item {i}, option {d}", (s.low[i, d], s.high[i, d]), "nan")
    right = _are_quantiles(p, s.low[:, :count], 0.1) & _are_quantiles(p, s.high[:, :count], 0.9)
    for i, d in np.argwhere(~right & (p.bar < 0)).tolist():
        found = (float(s.low[i, d]), float(s.high[i, d]))
        yield Violation("interval.wrong", f"item {i}, option {d}", found, "the 10 % and 90 % quantiles")


def _are_quantiles(p: DispositionProblem, x: FloatArray, probability: float) -> BoolArray:
    """Return whether P(net <= x) passes `probability` at x (n, options), give or take a hundred-thousandth."""
    mean, sd = _parts(p, 0.0)
    step = 1e-5 * np.maximum(1.0, np.max(np.abs(mean) + 5 * sd, axis=1))
    below, above = (_mixture(p, x + shift, mean, sd) for shift in (-step, step))
    return np.asarray((below <= probability + TAIL_ERROR) & (above >= probability - TAIL_ERROR))


def _mixture(p: DispositionProblem, x: FloatArray, mean: FloatArray, sd: FloatArray) -> FloatArray:
    """Return P(net <= x) of the mixture over the conditions."""
    sure = sd <= 1e-9 * (1.0 + np.abs(mean))
    distance = (x[:, None, :] - mean) / np.where(sure, 1.0, sd)
    cdf = np.where(sure, x[:, None, :] >= mean, 0.5 * erfc(-distance / math.sqrt(2.0)))
    total: FloatArray = (p.belief[:, :, None] * cdf).sum(axis=1)
    return total


def _same(found: float, expected: float, scale: float = 0.0) -> bool:
    if math.isinf(expected) or math.isinf(found) or math.isnan(found):
        return found == expected
    return abs(found - expected) <= RELATIVE * max(1.0, abs(expected), scale)
