"""The fan chart of a forecast, as plain data."""

from __future__ import annotations

from takeback.plan.forecast.labels import next_labels
from takeback.plan.forecast.problem import ForecastProblem
from takeback.plan.forecast.solution import ForecastSolution

Json = dict[str, object]


def fan_chart(problem: ForecastProblem, solution: ForecastSolution, series: str, *, back: int = 12) -> Json:
    """Return what a fan chart of `series` shows: `back` periods of history, then the forecast with its bands.

    - `history`: [{period, arrivals}], oldest first.
    - `forecast`: [{period, mean, baseline, quantiles: {"0.05": ...}}].
    - `bands`: [{low, high}] the level pairs to shade, outermost first; a middle level stands alone.
    - `error`, `baseline_error`: of this series in the back-test, None where unknown; `calibrated`.
    Raises `ValueError` for an unknown series.
    """
    i = problem.series.index(series)
    labels = problem.periods or tuple(str(k) for k in range(1 - problem.length, 1))
    shown = slice(max(0, problem.length - back), None)
    history = zip(labels[shown], problem.arrivals[i, shown].tolist(), strict=True)
    error, baseline_error = solution.wape_by_series.get(i, (None, None))
    levels = [f"{level:g}" for level in solution.levels]
    return {
        "series": series,
        "history": [{"period": period, "arrivals": arrivals} for period, arrivals in history],
        "forecast": [
            {
                "period": period,
                "mean": solution.mean[i][ahead],
                "baseline": solution.baseline_mean[i][ahead],
                "quantiles": {name: row[ahead] for name, row in zip(levels, solution.quantiles[i], strict=True)},
            }
            for ahead, period in enumerate(next_labels(problem.periods, problem.horizon))
        ],
        "bands": [{"low": levels[k], "high": levels[-1 - k]} for k in range(len(levels) // 2)],
        "error": error,
        "baseline_error": baseline_error,
        "calibrated": solution.calibrated,
        "method": solution.method,
    }
