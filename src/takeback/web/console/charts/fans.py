"""Pictures with two axes: what comes back, what was predicted against what was realised."""

from __future__ import annotations

import math
from collections.abc import Callable

from markupsafe import Markup

from takeback.web.console.charts.svg import bounds, el, pct, picture, points, stretched, ticks
from takeback.web.console.formats import Formats, money_of
from takeback.web.console.views.home import FanPoint, Forecast, Realised

PLOT_Y, PLOT, HEIGHT = 6, 150, 176
ROOM, NEAREST, SPACING = 0.74, 0.12, 0.2


def fan_chart(forecast: Forecast, f: Formats) -> Markup:
    """Return history as a line and the forecast as a median in its 50 and 80 % fans; naive is dashed."""
    history, ahead = forecast.history, forecast.ahead
    values = [point.value for point in history] + [end for point in ahead for end in (point.q10, point.q90)]
    low, high = bounds(values or [0.0], pad=0.12)
    count = len(history) + len(ahead)

    def x(index: int) -> float:
        return 100 * index / max(1, count - 1)

    def y(value: float) -> float:
        return 100 * (1 - (value - low) / (high - low))

    start = len(history) - 1
    joint = FanPoint(start=history[-1].start, **dict.fromkeys(("q10", "q25", "q50", "q75", "q90"), history[-1].value))
    fan = [(x(start + step), point) for step, point in enumerate((joint, *ahead))]
    naive = [(at, point.naive) for at, point in fan if point.naive is not None]
    drawn = stretched(
        el("polygon", points=_band(fan, y, "q10", "q90"), class_="fan80"),
        el("polygon", points=_band(fan, y, "q25", "q75"), class_="fan50"),
        el("polyline", points=points((at, y(value)) for at, value in naive), class_="naive") if naive else "",
        el("polyline", points=points((at, y(p.q50)) for at, p in fan), class_="median"),
        el("polyline", points=points((x(i), y(p.value)) for i, p in enumerate(history)), class_="history"),
        y=PLOT_Y,
        height=PLOT,
    )
    today = x(start) / 100
    labels = (
        el("text", f.day(history[0].start), x="0%", y=HEIGHT - 4, class_="tick start"),
        el("text", f.translations.gettext("now"), x=pct(today), y=HEIGHT - 4, class_="tick"),
        el("text", f.day(ahead[-1].start), x="100%", y=HEIGHT - 4, class_="tick end") if ahead else "",
    )
    return picture(
        *_rows(low, high),
        el("line", x1=pct(today), x2=pct(today), y1=PLOT_Y, y2=PLOT_Y + PLOT, class_="now"),
        drawn,
        *_names(low, high, f.number),
        *labels,
        height=HEIGHT,
        title=str(f.say(forecast.title)),
        class_="chart fan",
    )


def _band(fan: list[tuple[float, FanPoint]], y: Callable[[float], float], lower: str, upper: str) -> str:
    above = [(at, y(getattr(point, upper))) for at, point in fan]
    below = [(at, y(getattr(point, lower))) for at, point in reversed(fan)]
    return points(above + below)


def _rows(low: float, high: float) -> list[Markup]:
    """Hairlines across, at round values."""
    return [el("line", x1="0%", x2="100%", y1=at, y2=at, class_="grid") for _, at in _marks(low, high)]


def _names(low: float, high: float, label: Callable[[float], str]) -> list[Markup]:
    """Their values, standing on them; drawn last, so that no line runs through."""
    return [el("text", label(value), x="0%", y=at - 3, class_="tick start") for value, at in _marks(low, high)]


def _marks(low: float, high: float) -> list[tuple[float, float]]:
    return [(value, PLOT_Y + PLOT * (1 - (value - low) / (high - low))) for value in ticks(low, high, 3)]


def realised_chart(realised: Realised, f: Formats) -> Markup:
    """Return realised against predicted value, decision by similar decision; on the diagonal they agree.

    Both axes are square roots: most returned things are cheap, and must not hide in a corner.
    """
    bins = realised.bins
    low, high = (
        _root(end) for end in bounds([end for b in bins for end in (b.predicted, b.low, b.high)] or [0.0], zero=True)
    )

    def at(value: float) -> float:
        return (_root(value) - low) / (high - low)

    def y(value: float) -> float:
        return PLOT_Y + PLOT * (1 - at(value))

    marks = []
    for one in bins:
        x = pct(at(one.predicted))
        marks.append(el("line", x1=x, x2=x, y1=y(one.low), y2=y(one.high), class_="span"))
        marks.append(el("circle", cx=x, cy=y(one.realised), r=4, class_="dot"))
    names = {t: f.money(money_of(t, realised.currency), short=True) for t in _apart(at, low, high)}
    rows = [el("line", x1="0%", x2="100%", y1=y(t), y2=y(t), class_="grid") for t in names]
    ups = [el("text", name, x="0%", y=y(t) - 3, class_="tick start") for t, name in names.items()]
    downs = [el("text", name, x=pct(at(t)), y=HEIGHT - 4, class_="tick") for t, name in names.items() if at(t) < ROOM]
    return picture(
        *rows,
        stretched(el("line", x1=0, y1=100, x2=100, y2=0, class_="diagonal"), y=PLOT_Y, height=PLOT),
        *marks,
        *ups,
        *downs,
        el("text", f.translations.gettext("predicted →"), x="100%", y=HEIGHT - 4, class_="tick end"),
        height=HEIGHT,
        title=f.translations.gettext("Predicted against realised"),
        class_="chart realised",
    )


def _root(value: float) -> float:
    return math.copysign(math.sqrt(abs(value)), value)


def _apart(at: Callable[[float], float], low: float, high: float) -> list[float]:
    """Return round values that stand well apart on the square-root axis."""
    chosen: list[float] = []
    for value in (factor * 10.0**power for power in range(9) for factor in (1, 2, 5)):
        if low < _root(value) < high and at(value) > NEAREST and (not chosen or at(value) - at(chosen[-1]) > SPACING):
            chosen.append(value)
    return chosen
