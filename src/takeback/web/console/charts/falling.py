"""How the best cost fell while a plan was sought."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from takeback.web.console.charts.svg import bounds, el, pct, picture, points, stretched
from takeback.web.console.formats import Formats
from takeback.web.console.views.planning import CostPoint

HEIGHT, TOP, PLOT = 112, 18, 72


def falling_chart(falling: Sequence[CostPoint], now_s: float, f: Formats) -> Markup:
    """Return the best cost over the seconds of the search, in steps; the first and the best are named."""
    if not falling:
        return Markup("")
    end = max(now_s, falling[-1].seconds, 1e-9)
    low, high = bounds([float(point.cost.major) for point in falling], pad=0.12)

    def y(cost: float) -> float:
        return 100 * (high - cost) / (high - low)

    steps: list[tuple[float, float]] = []
    for point in falling:
        x = 100 * point.seconds / end
        if steps:
            steps.append((x, steps[-1][1]))
        steps.append((x, y(float(point.cost.major))))
    steps.append((100.0, steps[-1][1]))
    area = [(steps[0][0], 100.0), *steps, (100.0, 100.0)]
    first, best = falling[0], falling[-1]
    return picture(
        el("line", x1="0%", x2="100%", y1=TOP + PLOT, y2=TOP + PLOT, class_="zero"),
        stretched(
            el("polygon", points=points(area), class_="under"),
            el("polyline", points=points(steps), class_="best"),
            y=TOP,
            height=PLOT,
        ),
        el("text", f.money(first.cost), x=pct(first.seconds / end), y=TOP - 6, class_="number start"),
        el("text", f.money(best.cost), x="100%", y=TOP - 6, class_="number end strong") if len(falling) > 1 else "",
        el("text", f.translations.gettext("{n} s").format(n=0), x="0%", y=HEIGHT - 4, class_="tick start"),
        el("text", f.seconds(end), x="100%", y=HEIGHT - 4, class_="tick end"),
        height=HEIGHT,
        title=f"{f.money(first.cost)} → {f.money(best.cost)}, {f.seconds(end)}",
        class_="chart falling",
    )
