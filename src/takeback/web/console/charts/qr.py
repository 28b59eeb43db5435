"""QR codes as SVG without style attributes: dark modules on a white ground, whatever the theme."""

from __future__ import annotations

import segno
from markupsafe import Markup

from takeback.web.console.charts.svg import el

QUIET = 4  # modules of margin that ISO/IEC 18004 asks for


def qr_code(text: str, title: str) -> Markup:
    """Return the QR code of `text`, error correction M: a crease in the paper does no harm."""
    modules = segno.make_qr(text, error="m")
    side = modules.symbol_size(border=QUIET)[0]
    dark = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(modules.matrix) for x, on in enumerate(row) if on
    )
    return el(
        "svg",
        el("title", title),
        el("rect", width=side, height=side, fill="#fff"),
        el("path", d=dark, fill="#000", shape_rendering="crispEdges"),
        viewBox=f"0 0 {side} {side}",
        class_="qr-code",
        role="img",
    )
