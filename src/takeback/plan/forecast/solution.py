"""A forecast and what it is worth: means, quantiles, and its errors on the history beside the naive one's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from takeback.core.message import Message, msg


class BacktestRow(NamedTuple):
    """One forecast of the back-test: made before period `origin`, for period `origin + ahead`.

    `series` is an index. `low` and `high` are the outermost quantiles, built from errors known before `origin`;
    None while too few were known.
    """

    series: int
    origin: int
    ahead: int
    actual: float
    forecast: float
    baseline: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ForecastSolution:
    """The answer to a forecast problem.

    - `method` used; `baseline`: "naive", or "seasonal" where a season is known and that is the better of the two.
    - `mean`, `baseline_mean`: (series, horizon). `quantiles`: (series, levels, horizon).
    - `backtest`: forecasts from rolling origins, each made with what was known then.
    - `wape`, `baseline_wape`: sum of absolute errors / sum of actuals over the back-test; None where the history
      is too short, or nothing came.
    - `coverage`: share of actuals within the outermost quantiles, against `nominal`; None where unknown.
    - `calibrated`: the quantiles rest on 10 back-test errors or more; otherwise they are a rough guess.
    """

    method: str
    baseline: str
    mean: tuple[tuple[float, ...], ...]
    baseline_mean: tuple[tuple[float, ...], ...]
    levels: tuple[float, ...]
    quantiles: tuple[tuple[tuple[float, ...], ...], ...]
    backtest: tuple[BacktestRow, ...]
    wape: float | None
    baseline_wape: float | None
    coverage: float | None
    nominal: float
    calibrated: bool
    origins: int
    seed: int
    version: str
    seconds: float = field(compare=False)

    @property
    def objective(self) -> float | None:
        """Return the back-test's error, `wape`."""
        return self.wape

    @property
    def beats_baseline(self) -> bool:
        """Return whether the back-test shows smaller errors than the baseline's; False where there is none."""
        if self.wape is None or self.baseline_wape is None:
            return False
        return self.wape < self.baseline_wape

    @property
    def wape_by_series(self) -> dict[int, tuple[float | None, float | None]]:
        """Return (method's, baseline's) error for each series index."""
        rows: defaultdict[int, list[BacktestRow]] = defaultdict(list)
        for row in self.backtest:
            rows[row.series].append(row)
        return {series: (wape(some), wape(some, baseline=True)) for series, some in rows.items()}

    @property
    def verdict(self) -> Message:
        """Return a sentence that says how good the forecast was on the history, and against what."""
        if self.wape is None or self.baseline_wape is None:
            return msg("The history is too short to say how good this forecast is")
        share = {"error": f"{100 * self.wape:.0f} %", "baseline": f"{100 * self.baseline_wape:.0f} %"}
        if self.beats_baseline:
            return msg("On the history the error was {error}, that of the naive forecast {baseline}", **share)
        return msg("Not better than the naive forecast: error {error} against {baseline}", **share)


def wape(rows: list[BacktestRow], *, baseline: bool = False) -> float | None:
    """Return sum of absolute errors / sum of actuals; None where nothing came."""
    total = sum(row.actual for row in rows)
    if not total:
        return None
    return sum(abs(row.actual - (row.baseline if baseline else row.forecast)) for row in rows) / total
