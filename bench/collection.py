"""The collection solver on sets of the literature, on large generated problems, and one pickup put into a running plan.

    python -m bench.collection --set DIR --bks CSV --budget 10 [--quick] [--seed N]
    python -m bench.collection --scale 1000 --budget 60 [--instances 3 --seeds 3] [--quick]
    python -m bench.collection --insert 500 [--quick]

Sets: gap = max(0, cost / best known - 1), the cost recomputed unrounded as the set defines it; at best known where cost
<= best known + 0.005; an instance without a plan that the check passes counts 100 %. The solver sees the instance
files only; best known values meet its answers afterwards. Two processes, wall seconds.
Scale: `better_pct` compares with the better of two plain PyVRP processes (default settings, seeds of their own) on the
same scaled data for the same wall time, right before or after ours, by turns.
`cold_s`: processes, imports and compilation, outside the clock.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import time
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from bench.line import print_line

if TYPE_CHECKING:
    from takeback.plan.collection.formats import Reading
    from takeback.plan.doors import Progress

PROCESSES = 2
ENDINGS = {".vrpspd", ".vrpsdptw", ".vrp", ".txt", ".dat", ".geojson", ".json"}
QUICK_S, QUICK_SET_S = 45.0, 30.0
HALF_A_CENT = 0.005
NAMES = ("instance", "name", "problem", "file", "instance_name", "id")
COSTS = ("bks", "cost_recomputed", "best_known", "best", "bkv", "cost", "cost_file", "value", "distance", "td", "ub")
VEHICLES = ("nv", "vehicles", "bks_nv", "routes", "k")


def main() -> None:
    """Measure and print the line."""
    asked = _arguments()
    from takeback.plan.collection.processes import processes, warm

    start = time.perf_counter()
    with processes(PROCESSES) as executor:
        warm()
        cold = time.perf_counter() - start
        if asked.scale:
            figures = _scale(asked, executor)
        elif asked.insert:
            from bench.collection_insert import insertions

            figures = insertions(asked.insert, asked.seed, quick=asked.quick)
        else:
            figures = _set(asked, executor)
    print_line("collection", seed=asked.seed, quick=asked.quick, figures={**figures, "cold_s": round(cold, 2)})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.collection", description=__doc__)
    parser.add_argument("--set", type=Path, help="folder of instances")
    parser.add_argument("--bks", type=Path, help="CSV with the columns instance and bks (or cost...), perhaps nv")
    parser.add_argument("--only", default="", help="names of instances, with commas between them")
    parser.add_argument("--scale", type=int, default=0, help="stops of generated problems")
    parser.add_argument("--insert", type=int, default=0, help="stops of a running plan")
    parser.add_argument("--budget", type=float, default=10.0, help="seconds each")
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="at most 45 s: some instances, shorter budgets")
    asked = parser.parse_args()
    if not (asked.set and asked.bks) and not asked.scale and not asked.insert:
        parser.error("--set with --bks, or --scale, or --insert")
    return asked


@dataclass(frozen=True, slots=True)
class _Known:
    """The best known cost of an instance, and its vehicles where the set counts them."""

    cost: float
    vehicles: int | None


@dataclass(frozen=True, slots=True)
class _Result:
    name: str
    gap: float
    at_best: bool
    valid: bool
    vehicles_over: int
    seconds: float
    cost: float | None


def _set(asked: argparse.Namespace, executor: Executor) -> dict[str, object]:
    known = best_known(asked.bks)
    names = sorted(files_of(asked.set).keys() & known.keys())
    if asked.only:
        names = [name for name in names if name in asked.only.split(",")]
    budget, whole = asked.budget, len(names)
    if asked.quick:
        budget = min(asked.budget, 3.0)
        names = names[:: max(1, -(-len(names) // int(QUICK_SET_S / budget)))]
    results, files = [], files_of(asked.set)
    for name in names:
        results.append(_instance(name, files[name], known[name], budget, asked.seed, executor))
        _aside(results[-1])
    over = [one.vehicles_over for one in results if known[one.name].vehicles is not None]
    left_out = f"{whole - len(names)} of {whole} instances; {budget:g} of {asked.budget:g} s each"
    return {
        "set": asked.set.name,
        "budget": budget,
        "instances": len(results),
        "mean_gap_pct": round(100 * fmean(one.gap for one in results), 4) if results else None,
        "max_gap_pct": round(100 * max(one.gap for one in results), 4) if results else None,
        "at_bks": sum(one.at_best for one in results),
        "infeasible": sum(not one.valid for one in results),
        "nv_over_max": max(over, default=None),
        "seconds": round(sum(one.seconds for one in results), 1),
        "gaps_pct": {one.name: round(100 * one.gap, 4) for one in results if one.gap > 0},
        "below_bks": {
            one.name: one.cost for one in results if one.cost and one.cost < known[one.name].cost - HALF_A_CENT
        },
        "left_out": left_out if asked.quick else None,
    }


def files_of(folder: Path) -> dict[str, list[Path]]:
    """Return the files of each instance of a folder: hidden ones are none, nor are solutions."""
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        named = path.suffix.lower() in ENDINGS and not path.name.startswith(".")
        if named and path.is_file() and not _is_solution(path):
            files.setdefault(path.stem, []).append(path)
    return files


def _is_solution(path: Path) -> bool:
    """Return whether a file holds routes; what an instance says has no such lines."""
    from takeback.core.problem import Problem
    from takeback.plan.collection.formats import read_routes

    try:
        read_routes(path.read_text(encoding="utf-8", errors="replace"))
    except Problem:
        return False
    return True


def best_known(path: Path) -> dict[str, _Known]:
    """Return the best known of each instance of a table, by the names that such tables give their columns."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    head = text.split("\n", 1)[0]
    rows = csv.DictReader(text.splitlines(), delimiter=max(",;\t", key=head.count))
    known = {}
    for row in rows:
        cells = {str(key).strip().lower(): str(value or "").strip() for key, value in row.items()}
        name = next((cells[key] for key in NAMES if cells.get(key)), "")
        cost = next((figure for key in COSTS if (figure := _figure(cells.get(key, "")))), None)
        vehicles = next((figure for key in VEHICLES if (figure := _figure(cells.get(key, "")))), None)
        stem, dot, ending = name.rpartition(".")
        name = stem if f"{dot}{ending}".lower() in ENDINGS else name
        if name and cost:
            known[name] = _Known(cost, None if vehicles is None else int(vehicles))
    return known


def _figure(cell: str) -> float | None:
    """Return the number above 0 that a cell holds, None where it holds none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


def reading_of(paths: list[Path]) -> Reading:
    """Return what the first of the files that is an instance says. Raises `Problem` where none is."""
    from takeback.core.problem import Problem
    from takeback.plan.collection.formats import read_set

    for path in paths[:-1]:
        try:
            return read_set(path)
        except Problem:
            continue
    return read_set(paths[-1])


def _instance(name: str, paths: list[Path], known: _Known, budget: float, seed: int, executor: Executor) -> _Result:
    """Return how far the solver comes with one instance; without a valid plan the gap counts 100 %."""
    from takeback.core.problem import Problem
    from takeback.plan.collection import check, solve
    from takeback.plan.doors import Budget

    start = time.perf_counter()
    try:
        reading = reading_of(paths)
        start = time.perf_counter()
        solution = solve(reading.problem, budget=Budget(seconds=budget), seed=seed, executor=executor)
    except Problem as problem:
        print(name, problem, file=sys.stderr)
        return _Result(name, 1.0, False, False, 0, time.perf_counter() - start, None)
    seconds = time.perf_counter() - start
    violations = check(reading.problem, solution)
    if violations:
        print(name, *violations[:5], sep="\n", file=sys.stderr)
        return _Result(name, 1.0, False, False, 0, seconds, None)
    cost = reading.cost(solution)
    over = len(solution.plan.routes) - (known.vehicles or 0)
    gap = max(0.0, cost / known.cost - 1)
    return _Result(name, gap, cost <= known.cost + HALF_A_CENT, True, over, seconds, round(cost, 4))


def _scale(asked: argparse.Namespace, executor: Executor) -> dict[str, object]:
    """Return how our plans compare with plain PyVRP's, over instances and seeds."""
    instances, seeds, budget = asked.instances, asked.seeds, asked.budget
    if asked.quick:
        instances, seeds, budget = 1, 1, min(asked.budget, 12.0 if asked.scale <= 2_000 else 6.0)
    runs: list[_Run] = []
    for instance in range(instances):
        for seed in range(seeds):
            runs.append(_run(asked.scale, instance, asked.seed + seed, budget, executor, ours_first=len(runs) % 2 == 0))
            _aside(runs[-1])
    left_out = f"{asked.instances * asked.seeds - len(runs)} of {asked.instances * asked.seeds} runs; "
    left_out += f"{budget:g} of {asked.budget:g} s each"
    return {
        "stops": asked.scale,
        "budget": budget,
        "runs": len(runs),
        "first_s": max(run.first_s for run in runs),
        "cost": round(fmean(run.cost for run in runs)),
        "pyvrp_cost": round(fmean(run.pyvrp_cost for run in runs)),
        "better_pct": round(fmean(run.better_pct for run in runs), 2),
        "worst_better_pct": min(run.better_pct for run in runs),
        "peak_mb": max(run.peak_mb for run in runs),
        "seconds": max(run.seconds for run in runs),
        "left_out": left_out if asked.quick else None,
    }


@dataclass(frozen=True, slots=True)
class _Run:
    first_s: float
    cost: int
    pyvrp_cost: float
    better_pct: float
    peak_mb: int
    seconds: float


def _run(stops: int, instance: int, seed: int, budget: float, executor: Executor, *, ours_first: bool) -> _Run:
    """Return one comparison. Raises `RuntimeError` where the check does not pass our plan."""
    from bench.spd import generated
    from takeback.plan.collection import check, solve
    from takeback.plan.doors import Budget

    problem = generated(stops, instance)
    plain = None if ours_first else _plain(executor, stops, instance, seed, budget)
    first: list[float] = []
    start = time.perf_counter()

    def hear(progress: Progress) -> None:
        if progress.objective is not None and not first:
            first.append(time.perf_counter() - start)

    with _Peak(executor) as peak:
        solution = solve(problem, budget=Budget(seconds=budget), seed=seed, executor=executor, on_progress=hear)
    seconds = time.perf_counter() - start
    violations = check(problem, solution)
    if violations:
        raise RuntimeError(f"{problem.name}: {violations[0]}")
    if plain is None:
        plain = _plain(executor, stops, instance, seed, budget)
    better = round(100 * (plain - solution.objective) / plain, 2)
    return _Run(round(first[0], 2), solution.objective, plain, better, peak.mb, round(seconds, 1))


def _plain(executor: Executor, stops: int, instance: int, seed: int, budget: float) -> float:
    """Return the better cost of two plain PyVRP processes with different seeds."""
    futures = [executor.submit(plain_pyvrp, stops, instance, 2 * seed + k, budget) for k in range(PROCESSES)]
    return min(future.result() for future in futures)


def plain_pyvrp(stops: int, instance: int, seed: int, budget: float) -> float:
    """Return the cost that PyVRP's own `solve` finds with its default settings in `budget` seconds."""
    import pyvrp

    from bench.spd import generated
    from takeback.plan.collection.pyvrp.translate import Translation

    translation = Translation(generated(stops, instance))
    stop = pyvrp.stop.MaxRuntime(budget)
    result = pyvrp.solve(translation.data, stop, seed=seed, collect_stats=False, display=False)
    return translation.objective(int(result.cost())) if result.is_feasible() else float("inf")


class _Peak:
    """The memory, in megabytes, that this process and those of the executor hold together at most."""

    def __init__(self, executor: Executor) -> None:
        self.pids = [os.getpid(), *getattr(executor, "_processes", {})]
        self.mb = 0

    def __enter__(self) -> _Peak:
        for pid in self.pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # the high-water mark begins anew
        return self

    def __exit__(self, *_: object) -> None:
        self.mb = round(sum(_high_water(pid) for pid in self.pids) / 1024)


def _high_water(pid: int) -> int:
    """Return the most kilobytes that a process has held; of this one also where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def _aside(result: _Result | _Run) -> None:
    """Tell one result on the way, beside the line."""
    fields = {name: getattr(result, name) for name in result.__dataclass_fields__}
    print(json.dumps(fields), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
