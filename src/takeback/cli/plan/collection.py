"""`takeback plan collection`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from takeback.cli import progress
from takeback.cli.answer import Answer, Shown, table
from takeback.cli.plan import collection_files as files
from takeback.cli.plan.common import Search, demand_valid, read, write
from takeback.core.message import Message
from takeback.core.money import Money
from takeback.plan import collection as engine
from takeback.plan.collection import formats
from takeback.plan.collection.exports.tables import clock
from takeback.plan.doors import Progress, Violation

TEN_SECONDS = 10.0


def collection(
    file: Path,
    /,
    *,
    output: Path | None = None,
    check: Path | None = None,
    start: Path | None = None,
    processes: int = 1,
    rounding: formats.Rounding | None = None,
    day: date | None = None,
    language: Literal["en", "zh"] = "en",
    search: Search | None = None,
) -> Answer:
    """Run the collection engine on a file, or check a solution of it.

    Parameters
    ----------
    file:
        The problem: Takeback's JSON, or a file of VRPLIB, LKH, JD.com, Wang-Chen, Solomon, Henke, Kim or PVRPIF; the
        layout is told by the content. `-` is stdin.
    output:
        Write the plan here; the suffix says how: `.sol`, `.json`, `.csv`, `.xlsx`, `.geojson`, `.gpx`, or `.html` for
        driver sheets.
    check:
        Do not search: check this solution (`.json`, `.sol`, or a list of Lei and Hao). Exit code 1 if it breaks a rule.
    start:
        Begin with the routes of this solution; what comes out is never dearer.
    processes:
        Search side by side in so many processes.
    rounding:
        How lengths between coordinates are rounded, in place of what the file's set is known for.
    day:
        The date of the plan, for the moments in what is written.
    language:
        Of headers and reasons in what is written and shown.
    """
    search = search or Search()
    if output is not None:
        files.known(output)
    reading = formats.read_data(read(file), str(file), rounding)
    violations: list[Violation] = []
    if check is None:
        solution = _search(reading, search, processes, start)
        demand_valid(engine.check(reading.problem, solution))
    else:
        solution, violations = _checked(reading.problem, check)
    if output is not None and not violations:
        write(output, files.content(reading, solution, output, day=day, language=language))
    told = violations if check is not None else None
    return Answer(_data(reading, solution, told), _shown(reading, solution, told, day, language), int(bool(violations)))


def _search(reading: formats.Reading, search: Search, processes: int, start: Path | None) -> engine.CollectionSolution:
    problem = reading.problem
    begun = None if start is None else files.routes_in(problem, start).routes
    known = None if begun is None else formats.solution_of(problem, begun)
    with progress.bar("Searching for routes") as step, _executor(processes) as executor:

        def on_progress(report: Progress) -> None:
            best = report.objective
            step(report.fraction, "" if best is None else f"best cost {best:,.0f}")

        found = engine.solve(
            problem,
            budget=search.budget(seconds=TEN_SECONDS),
            seed=search.seed,
            executor=executor,
            on_progress=on_progress,
            start=() if begun is None else formats.sequences(problem, begun),
        )
    if known is not None and known.objective < found.objective and not engine.check(problem, known):
        return replace(found, plan=known.plan, bound=min(found.bound, known.objective))
    return found


@contextmanager
def _executor(processes: int) -> Iterator[Executor | None]:
    if processes < 2:
        yield None
        return
    from takeback.plan.collection.processes import processes as provided

    with provided(processes) as executor:
        yield executor


def _checked(problem: engine.CollectionProblem, path: Path) -> tuple[engine.CollectionSolution, list[Violation]]:
    solution = files.solution_in(problem, path)
    return solution, engine.check(problem, solution)


def _data(
    reading: formats.Reading, solution: engine.CollectionSolution, violations: list[Violation] | None
) -> dict[str, object]:
    """Return what programs get; a plan that breaks rules has no cost, because it may name what is not there."""
    answer: dict[str, object] = msgspec.json.decode(formats.solution_to_json(solution))
    answer |= {
        "layout": reading.format,
        "cost": None if violations else reading.cost(solution),
        "vehicles": len(solution.plan.routes),
        "vehicles_max": reading.vehicles_max,
        "notes": [str(note) for note in reading.notes],
    }
    return answer if violations is None else answer | {"violations": [one.as_dict() for one in violations]}


def _shown(
    reading: formats.Reading,
    solution: engine.CollectionSolution,
    violations: list[Violation] | None,
    day: date | None,
    language: str,
) -> list[Shown]:
    shown = [
        _routes(reading.problem, solution, day),
        *_left(solution, language),
        *(f"Note: {note}." for note in reading.notes),
    ]
    if violations:
        return [*shown, *map(str, violations)]
    shown += _measured(reading, solution)
    return shown + (_proof(reading.problem, solution) if violations is None else ["Checked: it keeps every rule."])


def _routes(problem: engine.CollectionProblem, solution: engine.CollectionSolution, day: date | None) -> Shown:
    return table(
        {
            "vehicle": f"{route.vehicle_type} {route.vehicle}",
            "stops": len(route.stops),
            "km": round(route.distance_m / 1000, 1),
            "leaves": clock(route.departure_s, day),
            "returns": clock(route.return_s, day),
            "cost": _amount(problem, route.cost) if problem.currency else route.cost,
        }
        for route in solution.plan.routes
    )


def _amount(problem: engine.CollectionProblem, minor: int) -> str:
    """Return what a person reads: money where the file names its currency, else the set's own units."""
    return str(Money(minor, problem.currency)) if problem.currency else f"{minor:,}"


def _left(solution: engine.CollectionSolution, language: str) -> list[str]:
    gettext = files.spoken(language)

    def said(reason: Message) -> str:
        return reason.translated(gettext) if gettext else str(reason)

    return [f"Left out: {one.task} ({said(one.reason)})" for one in solution.plan.unserved]


def _measured(reading: formats.Reading, solution: engine.CollectionSolution) -> list[str]:
    if reading.measure is None:
        return []
    most = "" if reading.vehicles_max is None else f" of {reading.vehicles_max}"
    used = f"{len(solution.plan.routes)}{most} vehicles"
    return [f"{reading.format}: {used}, cost {reading.cost(solution):,.4f} as the set counts it."]


def _proof(problem: engine.CollectionProblem, solution: engine.CollectionSolution) -> list[str]:
    saved, unit = solution.distance_saved, "" if problem.currency else " units"
    return [
        f"{len(problem.tasks)} tasks, {solution.plan.distance_m / 1000:,.1f} km, cost "
        f"{_amount(problem, solution.objective)}{unit}; no plan costs less than {_amount(problem, solution.bound)} "
        f"(gap {solution.gap:.1%}).",
        "Not comparable with nearest-neighbour routes: they leave other tasks."
        if saved is None
        else f"{saved:.1%} fewer kilometres than nearest-neighbour routes under the same rules.",
        f"Checked; seed {solution.seed}, {solution.iterations:,} iterations, {solution.seconds:.1f} s.",
    ]
