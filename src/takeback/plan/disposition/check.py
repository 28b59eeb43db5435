"""Verify a solution from the problem's definition, in plain Python, sharing nothing with the solver.

Recomputed: every expected value, what the resources are used for, bars, the objective, the bound (from the
shadow prices alone: whatever prices >= 0 are given, they prove a bound), intervals (by the mixture's
distribution function).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from takeback.plan.disposition.problem import DispositionProblem
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
    values = [_values_of(problem, i) for i in range(problem.n)]
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


def _values_of(p: DispositionProblem, i: int) -> list[float]:
    """Return the item's value in every column; -inf where the column is not open."""
    now = [_net(p, i, d, 0.0) for d in range(len(p.options))]
    for d, name in enumerate(_resource_names(p)):
        now[d] -= _price(p, name) * float(p.load[i, d])
    if p.hold is None:
        return now
    later = -math.inf
    for d, name in enumerate(_resource_names(p)):
        price = 0.0 if name is None else float(p.hold.future_price[_index(p, name)])
        later = max(later, _net(p, i, d, p.hold.days) - price * float(p.load[i, d]))
    return [*now, later - p.hold.cost if p.hold.allowed[i] else -math.inf]


def _net(p: DispositionProblem, i: int, d: int, delay: float) -> float:
    if p.bar[i, d] >= 0:
        return -math.inf
    return math.fsum(
        float(p.belief[i, g]) * _mean(p, i, g, d, delay)[0] for g in range(len(p.conditions)) if p.belief[i, g] > 0
    )


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
    for i in range(p.n):
        for d in range(s.low.shape[1]):
            where = f"item {i}, option {d}"
            low, high = float(s.low[i, d]), float(s.high[i, d])
            if d == len(p.options) or p.bar[i, d] >= 0:
                if not (math.isnan(low) and math.isnan(high)):
                    yield Violation("interval.of-nothing", where, (low, high), "nan")
            elif not (_is_quantile(p, i, d, low, 0.1) and _is_quantile(p, i, d, high, 0.9)):
                yield Violation("interval.wrong", where, (low, high), "the 10 % and 90 % quantiles")


def _is_quantile(p: DispositionProblem, i: int, d: int, x: float, probability: float) -> bool:
    """Return whether P(net <= x) passes `probability` at x, give or take a millionth of the amounts."""
    parts = [(float(p.belief[i, g]), *_mean(p, i, g, d, 0.0)) for g in range(len(p.conditions))]
    reach = max(abs(mean) + 5 * sd for _, mean, sd in parts)
    step = 1e-5 * max(1.0, reach)
    below = math.fsum(weight * _normal(x - step, mean, sd) for weight, mean, sd in parts)
    above = math.fsum(weight * _normal(x + step, mean, sd) for weight, mean, sd in parts)
    return below <= probability + TAIL_ERROR and above >= probability - TAIL_ERROR


def _normal(x: float, mean: float, sd: float) -> float:
    if sd <= 1e-9 * (1.0 + abs(mean)):
        return 1.0 if x >= mean else 0.0
    return 0.5 * math.erfc((mean - x) / (sd * math.sqrt(2.0)))


def _same(found: float, expected: float, scale: float = 0.0) -> bool:
    if math.isinf(expected) or math.isinf(found) or math.isnan(found):
        return found == expected
    return abs(found - expected) <= RELATIVE * max(1.0, abs(expected), scale)
