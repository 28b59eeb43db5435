"""The fan of a forecast is drawn where its figures are."""

from __future__ import annotations

import re
from datetime import date, timedelta

from takeback.web.console.catalogue import translations
from takeback.web.console.charts import fans
from takeback.web.console.formats import Formats
from takeback.web.console.views import FanPoint, Forecast, HistoryPoint

MONDAY = date(2026, 9, 7)


def _coordinates(svg: str, css: str) -> list[tuple[float, float]]:
    tag = next(tag for tag in re.findall(r"<[^>]+>", svg) if f'class="{css}"' in tag)
    found = re.search(r'points="([^"]+)"', tag)
    assert found
    numbers = [float(number) for number in re.split(r"[ ,]+", found[1].strip())]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_the_median_runs_between_the_ends_of_both_bands_as_its_figures_do() -> None:
    """For each week ahead: heights in the order of the quantiles, and distances in their proportion."""
    ahead = tuple(
        FanPoint(start=MONDAY + timedelta(weeks=12 + n), q10=100 - n, q25=130, q50=150 + n, q75=180, q90=220 + n)
        for n in range(6)
    )
    history = tuple(HistoryPoint(start=MONDAY + timedelta(weeks=n), value=150.0 + n) for n in range(12))
    forecast = Forecast(title="packs", history=history, ahead=ahead, skill=0.1)
    drawn = str(fans.fan_chart(forecast, Formats(translations("en"))))
    outer, inner, median = (_coordinates(drawn, css) for css in ("fan80", "fan50", "median"))
    for n, point in enumerate(ahead, 1):
        high, low = outer[n][1], outer[-1 - n][1]
        upper, lower = inner[n][1], inner[-1 - n][1]
        assert high < upper < median[n][1] < lower < low  # y grows downwards
        share = (low - median[n][1]) / (low - high)
        assert abs(share - (point.q50 - point.q10) / (point.q90 - point.q10)) < 0.01
        assert outer[n][0] == inner[n][0] == median[n][0]
