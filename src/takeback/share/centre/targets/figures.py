"""The figures of the plan: indicators against their targets, milestones, consultations."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.history import came_in
from takeback.share.centre.records import Record, find
from takeback.share.centre.targets.evaluations import points_of
from takeback.share.centre.targets.standing import Book, light


@figures_of("targets")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return how many targets of the year are met, nearly met, not met or open, and the milestones of the year."""
    return [
        *_milestones(connection, year),
        *_lights(connection, year),
        _points(connection, year),
        _consultations(connection, year),
    ]


def _milestones(connection: sa.Connection, year: int) -> list[Figure]:
    due = find(connection, "milestone", year=year)
    reached = [one for one in due if one.state == "reached"]
    return [
        Figure("targets.milestones", msg("Milestones of the year"), "count", len(due), year, proof(due)),
        Figure("targets.milestones_reached", msg("Milestones reached"), "count", len(reached), year, proof(reached)),
    ]


def _lights(connection: sa.Connection, year: int) -> list[Figure]:
    starts = [one.facts.begins.year for one in find(connection, "period") if year in one.facts.years]
    book = Book.of(connection, range(min(starts, default=year), year + 1))
    in_force = {one.facts.code for one in find(connection, "indicator", state="in_force")}
    found: Counter[str] = Counter()
    of: dict[str, list[Record]] = {}
    for (code, at), target in book.targets.items():
        if at == year and code in in_force:
            shown = light(book.indicators[code], book.target(code, year), book.known(code, year))
            found[shown] += 1
            of.setdefault(shown, []).append(target)
    labels = {
        "green": msg("Targets met"),
        "amber": msg("Targets nearly met"),
        "red": msg("Targets not met"),
        "grey": msg("Targets without a value"),
    }
    return [
        Figure(f"targets.{name}", label, "count", found[name], year, proof(of.get(name, [])))
        for name, label in labels.items()
    ]


def _points(connection: sa.Connection, year: int) -> Figure:
    """Return the mean of the experts' points in the evaluation of the year that was scored last; None without one."""
    scored = find(connection, "evaluation", state=["scored", "concluded"], year=year, limit=1)
    points = points_of(connection, scored[0]) if scored else None
    mean = round(float(points.mean), 2) if points else None
    return Figure("targets.points", msg("Experts' points in the evaluation"), "/100", mean, year, proof(scored))


def _consultations(connection: sa.Connection, year: int) -> Figure:
    done = came_in(connection, find(connection, "consultation", state="published"), ["published"], year)
    label = msg("Consultations with a published summary")
    return Figure("targets.consultations", label, "count", len(done), year, proof(done))
