"""SVG elements. Sizes along the width are in per cent, so that type and strokes keep their size on any screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

NOTHING = 1e-9


def el(name: str, *children: object, **attributes: object) -> Markup:
    """Return one element; `class_` is `class`, `stroke_width` is `stroke-width`, None leaves an attribute out.

    There are no style attributes: the content security policy refuses them.
    """
    written = "".join(
        f' {_attribute(key)}="{escape(_plain(value))}"' for key, value in attributes.items() if value is not None
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>")  # noqa: S704 -- both parts are escaped above


def pct(ratio: float) -> str:
    """Return `ratio` of the width as a length."""
    return f"{round(ratio * 100, 2):g}%"


def stretched(*children: object, y: float, height: float) -> Markup:
    """Return a plot area of 100 x 100 units stretched to the full width; strokes inside do not stretch."""
    return el(
        "svg",
        *children,
        x=0,
        y=y,
        width="100%",
        height=height,
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
    )


def picture(*children: object, height: float, title: str, desc: str = "", class_: str = "chart") -> Markup:
    """Return a whole picture, named for people who do not see it."""
    named = el("title", title), el("desc", desc) if desc else ""
    return el("svg", *named, *children, class_=class_, width="100%", height=height, role="img")


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Return the `points` of a polyline."""
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in pairs)


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Return round numbers (1, 2 or 5 times a power of ten apart) from `low` to `high`, about `about` of them."""
    span = high - low
    if span <= 0:
        return [low]
    raw = span / max(1, about)
    power = 10.0 ** _floor_log10(raw)
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first = -(-low // step)
    count = int((high - first * step) / step + 1e-9) + 1
    return [(first + index) * step for index in range(count)]


def bounds(values: Sequence[float], *, zero: bool = False, pad: float = 0.06) -> tuple[float, float]:
    """Return limits that hold all values with some air; `zero`: zero is one of them."""
    low, high = min(values), max(values)
    if zero:
        low, high = min(0.0, low), max(0.0, high)
    span = high - low
    air = (span if span > NOTHING else max(abs(high), 1.0)) * pad
    if zero and low == high == 0:
        return 0.0, 1.0
    return (low if zero and low == 0 else low - air), (high if zero and high == 0 else high + air)


def _floor_log10(value: float) -> int:
    power = 0
    while 10.0 ** (power + 1) <= value:
        power += 1
    while 10.0**power > value:
        power -= 1
    return power


def _attribute(name: str) -> str:
    if name in {"viewBox", "preserveAspectRatio"}:
        return name
    return name.rstrip("_").replace("_", "-")


def _plain(value: object) -> str:
    return f"{round(value, 2):g}" if isinstance(value, float) else str(value)
