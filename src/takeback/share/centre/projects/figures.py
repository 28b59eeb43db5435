"""Figures of projects: how many, how they end, what was handed over, transferred and adopted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.history import came_in
from takeback.share.centre.money import currency_of
from takeback.share.centre.projects.kinds import Project
from takeback.share.centre.projects.outcome_kinds import Adoption
from takeback.share.centre.records import Record, find

_MEASURES = (
    ("money", "", msg("Money saved or earned by who uses results")),
    ("mass", "kg", msg("Mass kept in use or recovered by who uses results")),
    ("co2", "kgCO2e", msg("Greenhouse gases avoided by who uses results")),
)
"""Measure, its unit (of money that is the centre's currency), label."""


@figures_of("projects")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the figures of a year."""
    projects = find(connection, "project")
    running = [one for one in projects if _runs(one, year)]
    begun = [one for one in projects if one.year == year]
    accepted = _accepted(connection, projects, year)
    due = find(connection, "deliverable", year=year)
    done = [one for one in due if one.state in ("delivered", "approved")]
    share = round(100 * len(done) / len(due), 1) if due else None
    joint = [one for one in running if one.facts.partners]
    return [
        _count("projects.running", msg("Projects under way"), running, year),
        _count("projects.begun", msg("Projects begun"), begun, year),
        _count("projects.joint", msg("Projects of two or more members"), joint, year),
        _count("projects.accepted", msg("Projects accepted"), accepted, year),
        _count("projects.deliverables", msg("Deliverables handed over"), done, year),
        Figure(
            "projects.handed-over", msg("Deliverables of the year handed over"), "%", share, year, proof(done or due)
        ),
        *_outcomes(connection, year),
    ]


def _accepted(connection: sa.Connection, projects: Sequence[Record], year: int) -> list[Record]:
    """Return the projects first accepted in a year, with conditions or without; those stopped or refused since not."""
    twice = {one.parent_id for one in find(connection, "acceptance", state="conditional")}
    early = [one for one in projects if one.state == "conditional" or one.id in twice]
    at_once = [one for one in projects if one.state == "accepted" and one.id not in twice]
    stand = [one for one in early if one.state not in ("stopped", "refused")]
    return [*came_in(connection, at_once, ["accepted"], year),
            *came_in(connection, stand, ["accepted", "conditional"], year)]  # fmt: skip


def _outcomes(connection: sa.Connection, year: int) -> list[Figure]:
    owned, moved = find(connection, "ip", year=year), find(connection, "transfer", year=year)
    adopted = find(connection, "adoption")
    value, currency = sum(one.facts.value for one in moved), currency_of(connection)
    return [
        _count("projects.ip", msg("Intellectual property agreed"), owned, year),
        _count("projects.transfers", msg("Technology transfers"), moved, year),
        Figure("projects.transfer-value", msg("Value of technology transfers"), currency, value, year, proof(moved)),
        _count("projects.adoptions", msg("Adoptions begun"), [one for one in adopted if one.year == year], year),
        *(_effect(adopted, measure, unit or currency, label, year) for measure, unit, label in _MEASURES),
    ]


def _effect(adopted: Sequence[Record], measure: str, unit: str, label: Message, year: int) -> Figure:
    some = [one for one in adopted if _changed(one.facts, measure, year) is not None]
    value = sum(_changed(one.facts, measure, year) or 0 for one in some)
    told = [effect for one in some for effect in one.facts.effects if (effect.measure, effect.year) == (measure, year)]
    proven = sum(bool(effect.proofs) for effect in told)
    note = msg("Rests on the user's own ledger: {count} of {all}.", count=proven, all=len(told))
    return Figure(f"projects.effect-{measure}", label, unit, value, year, proof(some), note if told else None)


def _changed(adoption: Adoption, measure: str, year: int) -> int | None:
    found = [one.value for one in adoption.effects if one.measure == measure and one.year == year]
    return sum(found) if found else None


def _count(code: str, label: Message, records: Sequence[Record], year: int) -> Figure:
    return Figure(code, label, "count", len(records), year, proof(records))


def _runs(record: Record, year: int) -> bool:
    project: Project = record.facts
    in_time = project.begins <= date(year, 12, 31) and project.ends >= date(year, 1, 1)
    return in_time and record.state not in ("planned", "stopped")
