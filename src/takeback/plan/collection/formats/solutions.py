"""Solutions as the literature writes them: CVRPLIB's `.sol`, and the lists of Lei and Hao (2024)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.formats.numbers import number
from takeback.plan.collection.formats.refusal import refusal
from takeback.plan.collection.solution import CollectionSolution

NAME = "solution"
_ROUTE = re.compile(r"^route\s*#?\s*\d*\s*:", re.IGNORECASE)
_COST = re.compile(r"^cost\s*:?\s+(\S+)", re.IGNORECASE)
_HEADER = re.compile(r"^solution\s*:\s*(\d+)\s+(\S+)", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;]+")
_ENDS, _ESCAPED = re.compile(r"[\s,;%]"), re.compile(r"%([0-9A-F]{4})")


@dataclass(frozen=True, slots=True)
class Routes:
    """What a file of a solution says: ids of tasks and sites of each route in order, and the cost that it claims."""

    routes: tuple[tuple[str, ...], ...]
    cost: float | None = None


def write_vrplib_solution(solution: CollectionSolution) -> str:
    """Return the plan as CVRPLIB writes solutions: `Route #1: 4 7 2`, then `Cost 123`, its objective."""
    routes = tuple(tuple(stop.site or stop.task for stop in route.stops) for route in solution.plan.routes)
    return write_routes(Routes(routes, solution.objective))


def write_routes(routes: Routes) -> str:
    """Return routes as CVRPLIB writes solutions; what would end a word in an id is written as `%0020`."""
    lines = [" ".join([f"Route #{number}:", *map(_written, route)]) for number, route in enumerate(routes.routes, 1)]
    cost = [] if routes.cost is None else [f"Cost {routes.cost:.12g}"]
    return "\n".join([*lines, *cost, ""])


def read_routes(text: str) -> Routes:
    """Return the routes of a `.sol` of CVRPLIB, or of a list of Lei and Hao: `Solution: nv cost`, then `0, 4, 7, `.

    Customers have the numbers of CVRPLIB's solutions: the depot is 0. Empty routes are kept: where vehicles differ,
    the place in the list says which one drives. Raises `Problem` naming the line.
    """
    header = _HEADER.match(text.lstrip("\ufeff \r\n"))
    if header:
        return _listed(text, number(header[2], "line 1", name=NAME))
    routes, cost = [], None
    for line, content in enumerate(text.splitlines(), 1):
        claimed, route = _COST.match(content.strip()), _ROUTE.match(content.strip())
        if route:
            words = _BETWEEN.split(content.strip()[route.end() :])
            routes.append(tuple(_read(word) for word in words if word))
        elif claimed:
            cost = number(claimed[1], f"line {line}", name=NAME)
    if not routes:
        raise _nothing(text)
    return Routes(tuple(routes), cost)


def _listed(text: str, cost: float) -> Routes:
    routes = []
    for line, content in enumerate(text.splitlines(), 1):
        words = [word for word in _BETWEEN.split(content) if word]
        if not words or words[0].lower().startswith("solution"):
            continue
        if words[0] != "0":
            raise refusal(f"line {line}", words[0], msg("0, the depot, in the first place"), name=NAME)
        routes.append(tuple(word for word in words if word != "0"))
    return Routes(tuple(routes), cost)


def _nothing(text: str) -> Problem:
    found = text.strip().split("\n", 1)[0] or msg("an empty file")
    return refusal("line 1", found, msg("lines such as Route #1: 4 7 2, or Solution: 2 976.04"), name=NAME)


def _written(name: str) -> str:
    return _ENDS.sub(lambda found: f"%{ord(found[0]):04X}", name)


def _read(word: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), word)
