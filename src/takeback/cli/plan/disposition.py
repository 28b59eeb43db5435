"""`takeback plan disposition`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from takeback.cli import progress
from takeback.cli.answer import Answer, Shown, table
from takeback.cli.plan.common import Search, demand_valid, read, write
from takeback.plan.disposition import formats, reasons
from takeback.plan.disposition.check import check
from takeback.plan.disposition.problem import DispositionProblem
from takeback.plan.disposition.solution import DispositionSolution
from takeback.plan.disposition.solve import solve

A_MINUTE = 60.0


def disposition(file: Path, /, *, output: Path | None = None, search: Search | None = None) -> Answer:
    """Run the disposition engine on a file.

    Parameters
    ----------
    file:
        The problem in Takeback's JSON; `-` reads it from stdin.
    output:
        Write the solution here: `.csv` as a table of items, anything else as JSON.
    """
    search = search or Search()
    problem = formats.problem_from_json(read(file))
    with progress.search("Weighing the options") as on_progress:
        budget = search.budget(seconds=A_MINUTE)
        solution = solve(problem, budget=budget, seed=search.seed, on_progress=on_progress)
    demand_valid(check(problem, solution))
    if output is not None:
        as_table = output.suffix.lower() == ".csv"
        write(output, formats.solution_to_csv(problem, solution) if as_table else formats.solution_to_json(solution))
    shown: list[Shown] = [table(_by_option(problem, solution)), *_proof(problem, solution)]
    return Answer(msgspec.json.decode(formats.solution_to_json(solution)), shown)


def _by_option(problem: DispositionProblem, solution: DispositionSolution) -> list[dict[str, object]]:
    names, chosen = reasons.names(problem), Counter(solution.choice.tolist())
    return [{"disposition": str(names[column]), "items": count} for column, count in chosen.most_common()]


def _proof(problem: DispositionProblem, solution: DispositionSolution) -> list[str]:
    scarce = [
        f"{resource.name}: one more unit is worth {price:,.0f}"
        for resource, price in zip(problem.resources, solution.shadow_price.tolist(), strict=True)
        if price > 0
    ]
    return [
        f"Expected recovery {solution.expected_recovery:,.0f} (minor {problem.currency}), 80 % interval "
        f"{solution.recovery_low:,.0f} to {solution.recovery_high:,.0f}.",
        f"Objective {solution.objective:,.0f}, no choice reaches more than {solution.bound:,.0f} "
        f"(gap {solution.gap:.2%}).",
        *scarce,
        f"Checked; {problem.n:,} items, {solution.seconds:.1f} s.",
    ]
