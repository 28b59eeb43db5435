"""`takeback plan collection`."""

from __future__ import annotations

from pathlib import Path

import msgspec

from takeback.cli import progress
from takeback.cli.answer import Answer, Shown, table
from takeback.cli.plan.common import Search, demand_valid, read, write
from takeback.plan import collection as engine
from takeback.plan.collection import formats

TEN_SECONDS = 10.0


def collection(file: Path, /, *, output: Path | None = None, search: Search | None = None) -> Answer:
    """Run the collection engine on a file.

    Parameters
    ----------
    file:
        The problem: Takeback's JSON, or a `.vrpspd` file of the literature. `-` reads JSON from stdin.
    output:
        Write the solution here: `.sol` as CVRPLIB writes solutions, anything else as JSON.
    """
    search = search or Search()
    problem = _problem(file)
    with progress.search("Searching for routes") as on_progress:
        solution = engine.solve(
            problem, budget=search.budget(seconds=TEN_SECONDS), seed=search.seed, on_progress=on_progress
        )
    demand_valid(engine.check(problem, solution))
    if output is not None:
        write(output, _file(solution, output))
    return Answer(msgspec.json.decode(formats.solution_to_json(solution)), _shown(problem, solution))


def _problem(file: Path) -> engine.CollectionProblem:
    content = read(file)
    if file.suffix.lower() == ".vrpspd":
        return formats.read_vrpspd(content.decode("utf-8", errors="replace"))
    return formats.problem_from_json(content)


def _file(solution: engine.CollectionSolution, output: Path) -> bytes | str:
    if output.suffix.lower() == ".sol":
        return formats.write_vrplib_solution(solution)
    return formats.solution_to_json(solution)


def _shown(problem: engine.CollectionProblem, solution: engine.CollectionSolution) -> list[Shown]:
    routes = table(
        {
            "vehicle": f"{route.vehicle_type} {route.vehicle}",
            "stops": len(route.stops),
            "km": round(route.distance_m / 1000, 1),
            "leaves": _clock(route.departure_s),
            "returns": _clock(route.return_s),
            "cost": route.cost,
        }
        for route in solution.plan.routes
    )
    left = [f"Left out: {one.task} ({one.reason})" for one in solution.plan.unserved]
    return [routes, *left, *_proof(problem, solution)]


def _proof(problem: engine.CollectionProblem, solution: engine.CollectionSolution) -> list[str]:
    saved, unit = solution.distance_saved, problem.currency or "units"
    return [
        f"{len(problem.tasks)} tasks, {solution.plan.distance_m / 1000:,.1f} km, cost {solution.objective:,} "
        f"(minor {unit}); no plan costs less than {solution.bound:,} (gap {solution.gap:.1%}).",
        "Not comparable with nearest-neighbour routes: they leave other tasks."
        if saved is None
        else f"{saved:.1%} fewer kilometres than nearest-neighbour routes under the same rules.",
        f"Checked; seed {solution.seed}, {solution.iterations:,} iterations, {solution.seconds:.1f} s.",
    ]


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
