"""A genealogy from left to right: what was there first stands left; siblings of one sort stand as one."""

from __future__ import annotations

import math

from markupsafe import Markup

from takeback.web.console.charts.svg import el
from takeback.web.console.formats import Formats, shortened
from takeback.web.console.views.genealogy import Family, Genealogy, Tie

COLUMN, ROW, BOX, TALL, EDGE = 196, 46, 148, 32, 4
LONGEST = 22


def genealogy_drawing(genealogy: Genealogy, f: Formats) -> Markup:
    """Return the drawing; each family is a link, and read aloud with its number."""
    width, height = genealogy.columns * COLUMN - (COLUMN - BOX) + 2 * EDGE, genealogy.rows * ROW - ROW + TALL + 2 * EDGE
    by_id = {family.id: family for family in genealogy.families}
    gettext = f.translations.gettext
    return el(
        "svg",
        el("title", gettext("Genealogy")),
        el("g", *(_tie(tie, by_id) for tie in genealogy.ties), class_="ties", aria_hidden="true"),
        *(_family(family, f) for family in genealogy.families),
        class_="genealogy",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="group",
        aria_label=gettext("Genealogy, from inputs on the left to what they became on the right"),
    )


def _left(family: Family) -> float:
    return EDGE + family.column * COLUMN


def _top(family: Family) -> float:
    return EDGE + family.row * ROW


def _tie(tie: Tie, by_id: dict[int, Family]) -> Markup:
    first, second = sorted((by_id[tie.inner], by_id[tie.outer]), key=lambda family: family.column)
    x1, x2 = _left(first) + BOX, _left(second)
    y1, y2 = _top(first) + TALL / 2, _top(second) + TALL / 2
    bend = (x2 - x1) / 2
    course = f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    return el("path", d=course, class_=f"tie {tie.kind}", stroke_width=1.25 + 0.9 * math.log10(max(1, tie.steps)))


def _family(family: Family, f: Formats) -> Markup:
    x, y = _left(family), _top(family)
    name = str(f.say(family.label))
    words = name if family.count == 1 else f"{f.number(family.count)} × {name}"
    back = el("rect", x=x + 3, y=y + 3, width=BOX, height=TALL, rx=7, class_="behind") if family.count > 1 else ""
    box = el("rect", x=x, y=y, width=BOX, height=TALL, rx=7)
    text = el("text", shortened(words, LONGEST), x=x + BOX / 2, y=y + TALL / 2 + 4)
    shape = (el("title", words), back, box, text)
    return el("a", *shape, href=family.href, class_="family own" if family.own else "family", aria_label=words)
