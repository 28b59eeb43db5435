"""Driver sheets: a page for each route, in one HTML file that needs nothing else.

Beside each place with coordinates stands a QR code with its `geo:` URI (RFC 5870), which a phone opens in its maps.
"""

from __future__ import annotations

from datetime import date
from html import escape

import segno

from takeback.core.message import Message, Translate, msg
from takeback.plan.collection.exports.tables import (
    Answer,
    Cell,
    Table,
    clock,
    plan_of,
    said,
    stops,
    unserved,
    vehicle_name,
)
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import Route

STYLE = """
body{font:14px/1.4 system-ui,sans-serif;margin:2em;color:#111}
section{break-after:page}
section:last-of-type{break-after:auto}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #888;padding:.35em .5em;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
td.qr{padding:2px}
svg.segno{display:block;width:17mm;height:17mm}
.sign{margin-top:2em;display:flex;gap:3em}
.sign span{flex:1;border-top:1px solid #111;padding-top:.3em}
"""
HIDDEN = frozenset({"route", "vehicle", "latitude", "longitude"})
LATITUDE, LONGITUDE = "latitude", "longitude"


def to_html(
    problem: CollectionProblem, answer: Answer, *, day: date | None = None, gettext: Translate | None = None
) -> bytes:
    """Return driver sheets, ready to print: a page for each route, and one for tasks left; see `exports`."""
    table, parts = stops(problem, answer), []
    for number, route in enumerate(plan_of(answer).routes, 1):
        rows = tuple(row for row in table.rows if row[0] == number)
        parts.append(_sheet(Table(msg("Stops"), table.header, rows), route, day, gettext))
    left = unserved(problem, answer)
    if left.rows:
        parts.append(f"<section><h1>{_said(left.title, gettext)}</h1>{_table(left, gettext)}</section>")
    title = _said(msg("Driver sheets"), gettext) + (f" – {escape(problem.name)}" if problem.name else "")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return f"<!doctype html>\n<html>\n<head>{head}</head>\n<body>\n{''.join(parts)}\n</body>\n</html>\n".encode(
        errors="replace"
    )


def _sheet(table: Table, route: Route, day: date | None, gettext: Translate | None) -> str:
    told = msg(
        "{stops} stops, {km} km, {leaves} to {returns}",
        stops=sum(1 for stop in route.stops if not stop.site),
        km=f"{route.distance_m / 1000:,.1f}",
        leaves=clock(route.departure_s),
        returns=clock(route.return_s),
    )
    when = f" · {day:%Y-%m-%d}" if day else ""
    signs = "".join(f"<span>{_said(one, gettext)}</span>" for one in (msg("Driver"), msg("Date"), msg("Signature")))
    return (
        f"<section><h1>{escape(vehicle_name(route))}{when}</h1><p>{_said(told, gettext)}</p>"
        f'{_table(table, gettext)}<div class="sign">{signs}</div></section>\n'
    )


def _table(table: Table, gettext: Translate | None) -> str:
    kept = [k for k, name in enumerate(table.header) if not (isinstance(name, Message) and name.msgid in HIDDEN)]
    names = {name.msgid: k for k, name in enumerate(table.header) if isinstance(name, Message)}
    coded = any(row[names[LATITUDE]] is not None for row in table.rows)
    head = "".join(f"<th>{_said(table.header[k], gettext)}</th>" for k in kept) + ("<th></th>" if coded else "")
    rows = "".join(
        f"<tr>{''.join(_cell(row[k], gettext) for k in kept)}{_code(row, names) if coded else ''}</tr>"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _code(row: tuple[Cell, ...], names: dict[str, int]) -> str:
    """Return the cell with the QR code of a row's place, empty where it has no coordinates."""
    lat, lon = row[names[LATITUDE]], row[names[LONGITUDE]]
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return "<td></td>"
    drawn = segno.make_qr(f"geo:{lat:.6f},{lon:.6f}", error="m").svg_inline(border=2, omitsize=True)
    return f'<td class="qr">{drawn}</td>'


def _cell(cell: Cell, gettext: Translate | None) -> str:
    if cell is None:
        return "<td></td>"
    number = isinstance(cell, int | float)
    return f'<td class="n">{cell}</td>' if number else f"<td>{_said(cell, gettext)}</td>"


def _said(cell: Cell, gettext: Translate | None) -> str:
    return escape(str(said(cell, gettext)))
