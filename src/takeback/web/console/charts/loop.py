"""The loop: six stations, the river of next lives that turns back under them, and what is learnt from it.

The strands of the river are stacked so that the outermost leaves first: none crosses another, and each
label stands under its own strand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from takeback.core.money import Money
from takeback.web.console.charts.svg import el
from takeback.web.console.formats import Formats
from takeback.web.console.views.home import Loop, Outlet, StageFigure
from takeback.web.console.vocabulary import tone, word

WIDTH, HEIGHT = 860, 424
FIRST, LAST, TOP, RADIUS = 108, 748, 66, 31
TURN_X, TURN_R, RIVER_Y, RIVER = 832, 30, 290, 38
OUTLETS_FROM, OUTLETS_TO, OUTLET_Y = 776, 186, 342
AGES_Y, AGE_STEP, BAR = 152, 15, 84
MOST_OUTLETS = 8
FEW_OUTLETS = 4


@dataclass(frozen=True)
class Strand:
    """One outlet's share of the river: `offset` from its middle (positive: outwards) and `width`, pixels."""

    outlet: Outlet
    offset: float
    width: float
    x: float


def loop_diagram(loop: Loop, f: Formats) -> Markup:
    """Return the diagram; every station and outlet is a link to its items."""
    gettext = f.translations.gettext
    losing = [stage for stage in loop.stages if stage.loss_per_hour.minor > 0]
    worst = max(losing, key=lambda stage: stage.loss_per_hour.minor, default=None)
    return el(
        "svg",
        el("title", gettext("Where everything is, what it is worth, how old it is")),
        _river(loop, f),
        _learning(loop, f),
        _ribbons(loop),
        _age_labels(f),
        *(_station(loop, index, stage, f, stage is worst) for index, stage in enumerate(loop.stages)),
        class_="loop",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="group",
        aria_label=gettext("The loop"),
    )


def _station_x(loop: Loop, index: int) -> float:
    return FIRST + index * (LAST - FIRST) / max(1, len(loop.stages) - 1)


def _ribbons(loop: Loop) -> Markup:
    """Bands between stations, as thick as what passes in a day."""
    most = max((stage.per_day for stage in loop.stages), default=0) or 1
    bands = [
        el(
            "line",
            x1=_station_x(loop, index) + RADIUS,
            x2=_station_x(loop, index + 1) - RADIUS,
            y1=TOP,
            y2=TOP,
            stroke_width=max(2.0, 28 * stage.per_day / most),
        )
        for index, stage in enumerate(loop.stages[:-1])
    ]
    return el("g", *bands, class_="ribbon", aria_hidden="true")


def _station(loop: Loop, index: int, stage: StageFigure, f: Formats, worst: bool) -> Markup:
    x, name = _station_x(loop, index), f.say(word("stage", stage.stage))
    loses = f.translations.gettext("{money}/h").format(money=f.money(stage.loss_per_hour))
    longest = max(stage.ages) or 1
    bars = [
        el(
            "rect",
            x=x - BAR / 2,
            y=AGES_Y + row * AGE_STEP,
            width=max(1.5, BAR * count / longest) if count else 0.0,
            height=9,
            rx=2,
            class_=f"age age-{row}",
        )
        for row, count in enumerate(stage.ages)
    ]
    texts = (
        el("text", name, x=x, y=18, class_="name"),
        el("text", f.number(stage.items), x=x, y=TOP + 5, class_="count"),
        el("text", f.money(stage.value, short=True), x=x, y=118, class_="value"),
        el("text", f.age(stage.median_age), x=x, y=135, class_="quiet"),
        el("text", "−" + loses, x=x, y=246, class_="loss worst" if worst else "loss")
        if stage.loss_per_hour.minor > 0
        else "",
    )
    spoken = f"{name}: {f.number(stage.items)}, {f.money(stage.value)}, {f.age(stage.median_age)}"
    spoken += f", −{loses}" if stage.loss_per_hour.minor > 0 else ""
    circle = el("circle", cx=x, cy=TOP, r=RADIUS, class_="worst" if worst else None)
    ground = el("rect", x=x - 60, y=0, width=120, height=258, rx=8, class_="ground")
    return el(
        "a",
        ground,
        circle,
        *bars,
        *texts,
        href=f"/items?stage={stage.stage}",
        aria_label=spoken,
        class_="station",
    )


def _age_labels(f: Formats) -> Markup:
    gettext = f.translations.gettext
    labels = (gettext("< 6 h"), gettext("< 1 d"), gettext("< 3 d"), gettext("< 7 d"), gettext("older"))
    return el(
        "g",
        *(el("text", label, x=58, y=AGES_Y + 8.5 + row * AGE_STEP) for row, label in enumerate(labels)),
        class_="ages",
        aria_hidden="true",
    )


def strands(loop: Loop) -> list[Strand]:
    """Return the river's strands side by side; the outermost leaves first and so stands rightmost."""
    order = _joined(loop.outlets)
    total = sum(outlet.items for outlet in order) or 1
    widths = [max(1.6, RIVER * outlet.items / total) for outlet in order]
    wide = len(order) > FEW_OUTLETS  # a few stand in the middle of their share, many from edge to edge
    step = (OUTLETS_FROM - OUTLETS_TO) / (max(1, len(order) - 1) if wide else len(order) or 1)
    first = OUTLETS_FROM if wide else OUTLETS_FROM - step / 2
    edge, drawn = sum(widths) / 2, []
    for index, (outlet, width) in enumerate(zip(order, widths, strict=True)):
        drawn.append(Strand(outlet, edge - width / 2, width, first - index * step))
        edge -= width
    return drawn


def _joined(outlets: Sequence[Outlet]) -> list[Outlet]:
    """Return the largest outlets in their order, the rest as one."""
    if len(outlets) <= MOST_OUTLETS:
        return list(outlets)
    rest = sorted(outlets, key=lambda outlet: outlet.items)[: len(outlets) - MOST_OUTLETS + 1]
    kept = [outlet for outlet in outlets if outlet not in rest]
    value = Money(sum(outlet.value.minor for outlet in rest), rest[0].value.currency)
    return [*kept, Outlet(disposition="other", items=sum(outlet.items for outlet in rest), value=value)]


def _river(loop: Loop, f: Formats) -> Markup:
    drawn = strands(loop)
    total = sum(strand.outlet.items for strand in drawn) or 1
    paths = (
        el("path", d=_course(strand), stroke_width=strand.width, class_="strand " + _tone(strand)) for strand in drawn
    )
    return el("g", *paths, *(_outlet(strand, total, f) for strand in drawn), class_="river")


def _course(strand: Strand) -> str:
    """Right from the last station, down, back to the left, and off downwards at its outlet."""
    o, bend = strand.offset, TURN_R + strand.offset
    y, peel = RIVER_Y + o, 12.0 + strand.width / 2
    return (
        f"M{LAST + RADIUS - 4} {TOP - o:.2f}H{TURN_X - TURN_R}"
        f"A{bend:.2f} {bend:.2f} 0 0 1 {TURN_X + o:.2f} {TOP + TURN_R}V{RIVER_Y - TURN_R}"
        f"A{bend:.2f} {bend:.2f} 0 0 1 {TURN_X - TURN_R} {y:.2f}H{strand.x + peel:.2f}"
        f"A{peel:.2f} {peel:.2f} 0 0 0 {strand.x:.2f} {y + peel:.2f}V{_end_y(strand):.2f}"
    )


def _end_y(strand: Strand) -> float:
    """Return where a strand ends: its round end stays clear of the label."""
    return min(OUTLET_Y, OUTLET_Y + 6 - strand.width / 2)


def _tone(strand: Strand) -> str:
    return "tone-" + tone(strand.outlet.disposition)


def _outlet(strand: Strand, total: int, f: Formats) -> Markup:
    outlet, x = strand.outlet, strand.x
    name, share = f.say(word("disposition", outlet.disposition)), f.percent(outlet.items / total)
    end = el("circle", cx=x, cy=_end_y(strand), r=max(2.5, strand.width / 2), class_="end " + _tone(strand))
    lines = _split(str(name))  # the name of a partner stands on a line of its own: it would touch its neighbour
    below = 366 + 15 * len(lines)
    texts = (
        *(el("text", line, x=x, y=366 + 15 * row, class_="name") for row, line in enumerate(lines)),
        el("text", share, x=x, y=below + 2, class_="value"),
        el("text", f.money(outlet.value, short=True), x=x, y=below + 19, class_="quiet"),
    )
    spoken = f"{name}: {share}, {f.number(outlet.items)}, {f.money(outlet.value)}"
    return el("a", end, *texts, href=f"/items?disposition={outlet.disposition}", aria_label=spoken, class_="outlet")


def _split(name: str) -> list[str]:
    """Return a name in one line, or what stands in brackets behind it in a second."""
    kind, _, whose = name.replace("（", " (").replace("）", ")").partition(" (")
    return [kind, whose.removesuffix(")")] if whose else [kind]


def _whole_way() -> str:
    """The turn that the river will take, while nothing flows in it yet."""
    r = TURN_R
    return (
        f"M{LAST + RADIUS} {TOP}H{TURN_X - r}A{r} {r} 0 0 1 {TURN_X} {TOP + r}"
        f"V{RIVER_Y - r}A{r} {r} 0 0 1 {TURN_X - r} {RIVER_Y}"
    )


def _learning(loop: Loop, f: Formats) -> Markup:
    """The dotted way back: outcomes teach the forecast and the prices."""
    left, radius = 10, 22
    drawn = strands(loop)
    start = f"M{drawn[-1].x - 14 - drawn[-1].width / 2:.2f} {RIVER_Y}" if drawn else _whole_way()
    course = (
        f"{start}H{left + radius}A{radius} {radius} 0 0 1 {left} {RIVER_Y - radius}"
        f"V{TOP + radius}A{radius} {radius} 0 0 1 {left + radius} {TOP}H{FIRST - RADIUS - 8}"
    )
    gettext = f.translations.gettext
    head = f"M{FIRST - RADIUS - 11} {TOP - 4}l6 4l-6 4"
    lines = (
        el("text", f.number(loop.learnt) if loop.learnt else "", x=left, y=322, class_="value"),
        el("text", gettext("outcomes teach"), x=left, y=340, class_="quiet"),
        el("text", gettext("forecast and prices"), x=left, y=356, class_="quiet"),
    )
    return el("g", el("path", d=course, class_="way"), el("path", d=head, class_="head"), *lines, class_="learning")
