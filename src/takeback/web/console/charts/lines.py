"""Small pictures of one quantity: intervals, thresholds, bars, rivals."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from takeback.web.console.charts.svg import bounds, el, pct, picture, ticks
from takeback.web.console.formats import Formats, money_of
from takeback.web.console.views.accounts import SiteBalance
from takeback.web.console.views.home import Rival
from takeback.web.console.views.item import Decision, Flip, Option

INSET = 0.02


class MoneyScale:
    """The common scale of all options of a decision."""

    def __init__(self, decision: Decision, f: Formats) -> None:
        priced = [option for option in decision.options if option.value is not None]
        ends = [
            float(end.major) for option in priced for end in (option.low, option.value, option.high) if end is not None
        ]
        self.low, self.high = bounds(ends or [0.0], zero=True)
        self.currency = priced[0].value.currency if priced and priced[0].value else "CNY"
        self.f = f

    def at(self, major: float) -> str:
        ratio = (major - self.low) / (self.high - self.low or 1)
        return pct(INSET + (1 - 2 * INSET) * ratio)

    def grid(self, height: float) -> list[Markup]:
        return [
            el("line", x1=self.at(t), x2=self.at(t), y1=0, y2=height, class_="zero" if t == 0 else "grid")
            for t in ticks(self.low, self.high)
        ]


def option_interval(option: Option, scale: MoneyScale) -> Markup:
    """Return one option's expected value as a dot on its interval."""
    if option.value is None:
        return Markup("")
    value = float(option.value.major)
    low = float(option.low.major) if option.low else value
    high = float(option.high.major) if option.high else value
    f = scale.f
    said = f"{f.money(option.value)} ({f.money(option.low)} … {f.money(option.high)})"
    return picture(
        *scale.grid(36),
        el("line", x1=scale.at(low), x2=scale.at(high), y1=18, y2=18, class_="span"),
        el("circle", cx=scale.at(value), cy=18, r=5.5, class_="dot"),
        height=36,
        title=said,
        class_="chart interval chosen" if option.chosen else "chart interval",
    )


def money_axis(scale: MoneyScale) -> Markup:
    """Return the scale under the options."""
    marks = []
    for t in ticks(scale.low, scale.high):
        label = scale.f.money(money_of(t, scale.currency))
        marks.append(el("text", label, x=scale.at(t), y=14, class_="tick"))
    return el("svg", *marks, class_="chart axis", width="100%", height=18, aria_hidden="true")


def flip_scale(flip: Flip, f: Formats) -> Markup:
    """Return where we stand (dot on its interval) and the threshold beyond which the decision changes."""
    known = [flip.now, flip.threshold, *(end for end in (flip.low, flip.high) if end is not None)]
    low, high = bounds(known, pad=0.35)

    def at(value: float) -> str:
        return pct(INSET + (1 - 2 * INSET) * (value - low) / (high - low))

    border = INSET + (1 - 2 * INSET) * (flip.threshold - low) / (high - low)
    x, width = (0.0, border) if flip.threshold < flip.now else (border, 1 - border)
    said = f"{f.number(flip.now, 1)} {flip.unit} → {f.number(flip.threshold, 1)} {flip.unit}"
    return picture(
        el("rect", x=pct(x), y=4, width=pct(width), height=12, rx=3, class_="beyond"),
        el("line", x1="0%", x2="100%", y1=10, y2=10, class_="grid"),
        el("line", x1=at(flip.low), x2=at(flip.high), y1=10, y2=10, class_="span")
        if flip.low is not None and flip.high is not None
        else "",
        el("line", x1=at(flip.threshold), x2=at(flip.threshold), y1=2, y2=18, class_="threshold"),
        el("circle", cx=at(flip.now), cy=10, r=4.5, class_="dot"),
        height=20,
        title=said,
        class_="chart flip",
    )


def rival_line(rival: Rival, f: Formats) -> Markup:
    """Return ours (dot) against the baseline (ring) and the best possible (bar) on one line."""
    known = [rival.ours, rival.baseline, *([rival.best] if rival.best is not None else [])]
    low, high = bounds(known, pad=0.3)

    def at(value: float) -> str:
        return pct((value - low) / (high - low))

    best = rival.best
    return picture(
        el("line", x1="0%", x2="100%", y1=12, y2=12, class_="grid"),
        el("line", x1=at(rival.baseline), x2=at(rival.ours), y1=12, y2=12, class_="gain"),
        el("line", x1=at(best), x2=at(best), y1=4, y2=20, class_="best") if best is not None else "",
        el("circle", cx=at(rival.baseline), cy=12, r=4.5, class_="ring"),
        el("circle", cx=at(rival.ours), cy=12, r=5.5, class_="dot"),
        height=24,
        title=f"{f.number(rival.ours, 1)} / {f.number(rival.baseline, 1)}",
        class_="chart rival",
    )


def loss_bar(ratio: float) -> Markup:
    """Return a hairline bar: how large this row is against the largest."""
    return el(
        "svg",
        el("rect", x=pct(1 - ratio), y=0, width=pct(ratio), height=3, rx=1.5),
        class_="lossbar",
        width="100%",
        height=3,
        aria_hidden="true",
    )


def balance_bars(site: SiteBalance, f: Formats) -> Markup:
    """Return two bars of equal length when the balance closes: what came above, what became of it below.

    Each site has its own scale: its kilograms stand beside it, and a small one would be a speck on the large one's.
    """
    widest_kg = max(
        site.opening_kg + site.received_kg, site.sent_kg + site.products_kg + site.losses_kg + site.stock_kg
    )
    given = (("opening", site.opening_kg), ("received", site.received_kg))
    became = (
        ("products", site.products_kg),
        ("sent", site.sent_kg),
        ("losses", site.losses_kg),
        ("stock", site.stock_kg),
    )
    return picture(
        *_stack(given, widest_kg, 3),
        *_stack(became, widest_kg, 17),
        height=30,
        title=f"{f.kg(sum(kg for _, kg in given))} = {f.kg(sum(kg for _, kg in became))}",
        class_="chart balance",
    )


def _stack(parts: Sequence[tuple[str, float]], widest_kg: float, y: float) -> list[Markup]:
    drawn, x = [], 0.0
    for name, kg in parts:
        width = kg / (widest_kg or 1)
        drawn.append(el("rect", x=pct(x), y=y, width=pct(width), height=10, class_=f"mass-{name}"))
        x += width
    return drawn


def share_bar(ratio: float, duty: float | None, title: str) -> Markup:
    """Return a bar filled to `ratio`, with a mark at the duty."""
    short = duty is not None and ratio < duty
    return picture(
        el("rect", x="0%", y=6, width="100%", height=8, rx=4, class_="trough"),
        el(
            "rect",
            x="0%",
            y=6,
            width=pct(min(1.0, ratio)),
            height=8,
            rx=4,
            class_="short" if short else "fill",
        ),
        el("line", x1=pct(duty), x2=pct(duty), y1=2, y2=18, class_="duty") if duty is not None else "",
        height=20,
        title=title,
        class_="chart share",
    )


def day_bars(counts: Sequence[int], title: str) -> Markup:
    """Return a column a day."""
    most, step = max(counts, default=0) or 1, 1 / max(1, len(counts))
    columns = [
        el(
            "rect",
            x=pct((i + 0.1) * step),
            y=48 - 46 * n / most,
            width=pct(step * 0.8),
            height=46 * n / most,
            rx=1,
        )
        for i, n in enumerate(counts)
    ]
    return picture(*columns, height=48, title=title, class_="chart days")
