"""`takeback plan forecast`."""

from __future__ import annotations

from pathlib import Path

from takeback.cli import progress
from takeback.cli.answer import Answer, Shown, table
from takeback.cli.plan.common import Search, demand_valid, read_text, write
from takeback.plan import forecast as engine
from takeback.plan.forecast import formats
from takeback.plan.forecast.labels import next_labels

TEN_SECONDS = 10.0


def forecast(
    file: Path,
    /,
    *,
    horizon: int = 4,
    season: int | None = None,
    returned: Path | None = None,
    output: Path | None = None,
    search: Search | None = None,
) -> Answer:
    """Run the forecast engine on a file.

    Parameters
    ----------
    file:
        The history: CSV `series,period,arrivals`, with a column `sold` where sales are known.
    horizon:
        How many periods ahead.
    season:
        Periods of a season, 52 for weeks of a year; none if not given.
    returned:
        A second CSV `series,period,age,returned`: units sold in a period that came back at that age.
    output:
        Write the forecast here as CSV.
    """
    search = search or Search()
    second = None if returned is None else read_text(returned)
    problem = formats.read_history(read_text(file), horizon=horizon, season=season, returned=second)
    with progress.search("Trying the method on the past") as on_progress:
        budget = search.budget(seconds=TEN_SECONDS)
        solution = engine.solve(problem, budget=budget, seed=search.seed, on_progress=on_progress)
    demand_valid(engine.check(problem, solution))
    if output is not None:
        write(output, formats.write_forecast(problem, solution))
    return Answer(solution, _shown(problem, solution))


def _shown(problem: engine.ForecastProblem, solution: engine.ForecastSolution) -> list[Shown]:
    labels = next_labels(problem.periods, problem.horizon)
    rows = [
        {
            "series": name,
            "period": label,
            "mean": solution.mean[i][ahead],
            f"{solution.levels[0]:.0%}": solution.quantiles[i][0][ahead],
            f"{solution.levels[-1]:.0%}": solution.quantiles[i][-1][ahead],
            "naive": solution.baseline_mean[i][ahead],
        }
        for i, name in enumerate(problem.series)
        for ahead, label in enumerate(labels)
    ]
    inside = "" if solution.coverage is None else f" {solution.coverage:.0%} of the past lay within the interval."
    rough = "" if solution.calibrated else " The interval is a rough guess: the history is short."
    done = f"Checked; method {solution.method}, {solution.origins} origins tried, {solution.seconds:.2f} s."
    return [table(rows), f"{solution.verdict}.{inside}{rough}", done]
