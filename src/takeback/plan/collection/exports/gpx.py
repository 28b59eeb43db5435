"""A plan as GPX 1.1 for navigation devices: a route of points for each vehicle."""

from __future__ import annotations

import re
from datetime import date
from xml.sax.saxutils import escape

from takeback.core.message import Translate, msg
from takeback.plan.collection.exports.tables import Answer, clock, ends, place, plan_of, said, vehicle_name
from takeback.plan.collection.problem import CollectionProblem, Location
from takeback.plan.collection.solution import Route

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
SPACE = "http://www.topografix.com/GPX/1/1"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<gpx xmlns="{SPACE}" version="1.1" creator="Takeback">\n'


def to_gpx(
    problem: CollectionProblem, answer: Answer, *, day: date | None = None, gettext: Translate | None = None
) -> bytes:
    """Return the routes of a plan as GPX: depots, stops and sites in their order, named, with the time of arrival.

    Places without coordinates are left out. Times stand in the description, because a plan has no time zone and GPX
    wants UTC. See `exports`.
    """
    routes = "".join(_route(problem, route, day, gettext) for route in plan_of(answer).routes)
    return f"{HEAD}{routes}</gpx>\n".encode()


def _route(problem: CollectionProblem, route: Route, day: date | None, gettext: Translate | None) -> str:
    first, last = (problem.depots[depot] for depot in ends(problem, route))
    leaves, returns = msg("leaves {time}", time=clock(route.departure_s, day)), clock(route.return_s, day)
    points = [_point(problem.locations[first.location], first.id, str(said(leaves, gettext)))]
    for stop in route.stops:
        arrives = msg("arrives {time}", time=clock(stop.arrival_s, day))
        points.append(_point(place(problem, stop), stop.site or stop.task, str(said(arrives, gettext))))
    returned = msg("arrives {time}", time=returns)
    points.append(_point(problem.locations[last.location], last.id, str(said(returned, gettext))))
    return f"  <rte>\n    <name>{_text(vehicle_name(route))}</name>\n{''.join(points)}  </rte>\n"


def _point(spot: Location, name: str, description: str) -> str:
    if spot.lat is None or spot.lon is None:
        return ""
    return (
        f'    <rtept lat="{spot.lat:.7f}" lon="{spot.lon:.7f}">'
        f"<name>{_text(name)}</name><desc>{_text(description)}</desc></rtept>\n"
    )


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))
