"""The charts of a report, drawn as vectors: bars by year and side by side, a trend, a value on its target."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color

from takeback.share.centre.reporting.lettering import LATIN, broken, runs, width
from takeback.share.centre.reporting.look import ACCENT, INK, INSIDE, LIGHTS, LINE, MUTED, PALE, SERIES, SOFT

Value = float | None
_SIZE = 7.5


def by_year(
    years: Sequence[int], series: Sequence[tuple[str, Sequence[Value]]], font: str, *, height: float = 170
) -> Drawing:
    """Return bars that stand on each other for each year, with what each colour means beside them."""
    drawing = Drawing(INSIDE, height)
    right, base, top = INSIDE - 130, 18.0, height - 8
    sums = [sum(values[n] or 0 for _, values in series) for n in range(len(years))]
    highest = step_above(max([*sums, 1]))
    for n in range(5):
        y = base + (top - base) * n / 4
        drawing.add(Line(28, y, right, y, strokeColor=LINE, strokeWidth=0.5))
        _string(drawing, 24, y - 2.5, f"{highest * n / 4:,.0f}", font, MUTED, "end")
    step = (right - 34) / max(1, len(years))
    for n, year in enumerate(years):
        x, y = 34 + step * (n + 0.5), base
        for k, (_, values) in enumerate(series):
            tall = (top - base) * (values[n] or 0) / highest
            if tall:
                colour = SERIES[k % len(SERIES)]
                drawing.add(Rect(x - 15, y, 30, tall, fillColor=colour, strokeColor=None, strokeWidth=0))
                y += tall
        if sums[n]:
            _string(drawing, x, y + 3, f"{sums[n]:,.0f}", font, INK, "middle")
        _string(drawing, x, 6, str(year), font, MUTED, "middle")
    for k, (label, _) in enumerate(series):
        y = top - 8 - 15 * k
        drawing.add(Rect(right + 14, y, 8, 8, fillColor=SERIES[k % len(SERIES)], strokeColor=None, strokeWidth=0))
        _string(drawing, right + 27, y + 0.8, broken(label, font, _SIZE, 100, 1)[0], font, INK, "start")
    return drawing


def side_by_side(
    bars: Sequence[tuple[str, Value, Value]], font: str, shown: Callable[[Value], str], *, label: float = 165
) -> Drawing:
    """Return a bar for each thing, in the order given: its value, and a mark where it was the year before."""
    height = 20.0 * len(bars) + 4
    drawing = Drawing(INSIDE, height)
    longest = max([value or 0 for _, *values in bars for value in values] + [1e-9])
    space = INSIDE - label - 90
    for n, (name, value, before) in enumerate(bars):
        y = height - 20 * (n + 1) + 4
        _string(drawing, label - 8, y + 3.5, broken(name, font, _SIZE, label - 12, 1)[0], font, INK, "end")
        drawing.add(Rect(label, y, space, 12, fillColor=PALE, strokeColor=None, strokeWidth=0))
        long = space * max(0.0, value or 0) / longest
        drawing.add(Rect(label, y, long, 12, fillColor=ACCENT, strokeColor=None, strokeWidth=0))
        if before is not None:
            at = label + space * max(0.0, before) / longest
            drawing.add(Line(at, y - 1.5, at, y + 13.5, strokeColor=INK, strokeWidth=1.2))
        _string(drawing, label + space + 8, y + 3.5, shown(value), font, INK, "start")
    return drawing


def trend(values: Sequence[Value], *, wide: float = 62, tall: float = 14) -> Drawing:
    """Return a small line of a figure over the years; its last point is marked."""
    drawing = Drawing(wide, tall)
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    if not known:
        return drawing
    low, high = min(0.0, *(v for _, v in known)), max(0.0, *(v for _, v in known))
    span, step = (high - low) or 1.0, (wide - 8) / max(1, len(values) - 1)
    points = [(4 + step * n, 2 + (tall - 4) * (value - low) / span) for n, value in known]
    drawing.add(Line(4, 2 - (tall - 4) * low / span, wide - 4, 2 - (tall - 4) * low / span, strokeColor=LINE))
    if len(points) > 1:
        flat = [part for point in points for part in point]
        drawing.add(PolyLine(flat, strokeColor=ACCENT, strokeWidth=1.1))
    drawing.add(Circle(*points[-1], 1.8, fillColor=ACCENT, strokeColor=None))
    return drawing


def bullet(value: Value, target: Value, light: str, *, wide: float = 105, tall: float = 12) -> Drawing:
    """Return a value as a bar, its target as a mark across it; the colour says how it stands."""
    drawing = Drawing(wide, tall)
    longest = max(value or 0, target or 0) * 1.12 or 1
    drawing.add(
        Rect(0, 2, wide, tall - 4, fillColor=SOFT if light == "green" else PALE, strokeColor=None, strokeWidth=0)
    )
    if value is not None:
        long = wide * max(0.0, value) / longest
        drawing.add(Rect(0, 3.5, long, tall - 7, fillColor=LIGHTS[light], strokeColor=None, strokeWidth=0))
    if target is not None:
        at = wide * max(0.0, target) / longest
        drawing.add(Line(at, 0, at, tall, strokeColor=INK, strokeWidth=1.4))
    return drawing


def step_above(value: float) -> float:
    """Return a round number of 4 equal steps that is not below `value`: 4, 8, 20, 40, 80, 100, 200, ..."""
    size = 10.0 ** math.floor(math.log10(max(value, 1)))
    return next(many * size for many in (1, 2, 4, 8, 10, 20) if many * size >= max(value, 4) and many * size % 4 == 0)


def _string(drawing: Drawing, x: float, y: float, text: str, font: str, colour: Color, anchor: str) -> None:
    """Add a text in the fonts that it needs."""
    wide = width(text, font, _SIZE)
    x -= wide if anchor == "end" else wide / 2 if anchor == "middle" else 0
    for piece, name in runs(text, font or LATIN):
        drawing.add(String(x, y, piece, fontName=name, fontSize=_SIZE, fillColor=colour))
        x += width(piece, name, _SIZE)
