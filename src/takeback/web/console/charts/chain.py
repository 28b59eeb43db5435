"""From demand to practice: the stations between a problem and its use, what comes of it, what goes back to the board.

The strands of what came of it are stacked so that the outermost leaves first: none crosses another.
"""

from __future__ import annotations

from markupsafe import Markup

from takeback.web.console.charts.svg import el
from takeback.web.console.formats import Formats
from takeback.web.console.views.centre_overview import Chain, Fruit, Station

WIDTH, HEIGHT = 860, 266
FIRST, LAST, TOP, RADIUS = 62, 728, 60, 29
TURN_X, TURN_R, RIVER_Y, OUT_Y = 822, 26, 158, 196
STRAND, THICKEST = 9.0, 22.0
FRUITS_FROM, FRUIT_STEP = 690, 190
BACK_X, BACK_Y = 16, 196


def chain_diagram(chain: Chain, f: Formats) -> Markup:
    """Return the diagram; every station and everything that came of it is a link to its records."""
    gettext = f.translations.gettext
    return el(
        "svg",
        el("title", gettext("From a problem to its use")),
        _back(chain, f),
        _ribbons(chain),
        *(_fruit(chain, index, fruit, f) for index, fruit in enumerate(chain.fruits)),
        *(_station(chain, index, station, f) for index, station in enumerate(chain.stations)),
        class_="chain",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="group",
        aria_label=gettext("From a problem to its use"),
    )


def said_of(fruit: Fruit, f: Formats) -> str:
    """Return how much came of it: `¥5.47M`, `186 t`, `99 t CO₂e`."""
    if fruit.money is not None:
        return f.money(fruit.money, short=True)
    tonnes = fruit.kg is not None and abs(fruit.kg) >= 1000
    amount = f"{f.number((fruit.kg or 0) / 1000)} t" if tonnes else f.kg(fruit.kg, 0)
    return f"{amount} {fruit.of}".strip()


def _x(chain: Chain, index: int) -> float:
    return FIRST + index * (LAST - FIRST) / max(1, len(chain.stations) - 1)


def _ribbons(chain: Chain) -> Markup:
    """Bands between stations, as thick as what came to the next one."""
    most = max((one.count for one in chain.stations), default=0) or 1
    bands = [
        el(
            "line", x1=_x(chain, index) + RADIUS, x2=_x(chain, index + 1) - RADIUS, y1=TOP, y2=TOP,
            stroke_width=max(2.0, THICKEST * one.count / most),
        )
        for index, one in enumerate(chain.stations[1:])
    ]  # fmt: skip
    return el("g", *bands, class_="ribbon", aria_hidden="true")


def _station(chain: Chain, index: int, one: Station, f: Formats) -> Markup:
    x, name, note = _x(chain, index), f.say(one.label), f.say(one.note)
    return el(
        "a",
        el("rect", x=x - 54, y=4, width=108, height=118, rx=8, class_="ground"),
        el("circle", cx=x, cy=TOP, r=RADIUS, class_="waits" if one.waits else None),
        el("text", name, x=x, y=20, class_="name"),
        el("text", f.number(one.count), x=x, y=TOP + 5, class_="count"),
        el("text", note, x=x, y=110, class_="quiet waits" if one.waits else "quiet"),
        href=one.href,
        aria_label=f"{name}: {f.number(one.count)}, {note}",
    )


def _fruit(chain: Chain, index: int, one: Fruit, f: Formats) -> Markup:
    """A strand from the last station around the bend down to what came of it; the first one is the outermost."""
    offset = ((len(chain.fruits) - 1) / 2 - index) * STRAND
    x, outer, y = FRUITS_FROM - index * FRUIT_STEP, TURN_R + offset, RIVER_Y + offset
    way = (
        f"M {LAST + RADIUS} {TOP - offset} H {TURN_X - TURN_R} "
        f"A {outer} {outer} 0 0 1 {TURN_X + offset} {TOP + TURN_R} "
        f"V {RIVER_Y - TURN_R} A {outer} {outer} 0 0 1 {TURN_X - TURN_R} {y} H {x + 14} A 14 14 0 0 0 {x} {y + 14} "
        f"V {OUT_Y}"
    )
    said, name = said_of(one, f), f.say(one.label)
    return el(
        "a",
        el("rect", x=x - 88, y=OUT_Y - 8, width=176, height=66, rx=8, class_="ground"),
        el("path", d=way, stroke_width=STRAND - 1.5, class_="strand"),
        el("circle", cx=x, cy=OUT_Y, r=5, class_="end"),
        el("text", said, x=x, y=OUT_Y + 27, class_="sum"),
        el("text", name, x=x, y=OUT_Y + 46, class_="quiet"),
        href=one.href,
        class_=f"tone-{one.tone}",
        aria_label=f"{name}: {said}",
    )


def _back(chain: Chain, f: Formats) -> Markup:
    """The dotted way of what stays unsolved, back to the board."""
    text = f.translations.ngettext("{n} problem stays for", "{n} problems stay for", chain.unsolved)
    end = FIRST - RADIUS - 4
    return el(
        "g",
        el("path", d=f"M 148 {BACK_Y} H {BACK_X + 16} A 16 16 0 0 1 {BACK_X} {BACK_Y - 16} V {TOP + 14} "
           f"A 14 14 0 0 1 {BACK_X + 14} {TOP} H {end}", class_="way"),
        el("path", d=f"M {end - 6} {TOP - 5} L {end} {TOP} L {end - 6} {TOP + 5}", class_="head"),
        el("text", text.format(n=f.number(chain.unsolved)), x=BACK_X + 4, y=BACK_Y + 27, class_="start"),
        el("text", f.translations.gettext("the next call"), x=BACK_X + 4, y=BACK_Y + 44, class_="start quiet"),
        class_="back",
        aria_hidden="true",
    )  # fmt: skip
