"""From demand to practice, in figures: the stations between a problem and its use, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.figures import Figure
from takeback.share.centre.records import find
from takeback.web.console.centre_words import kind_word
from takeback.web.console.views import Chain, Fruit, Station, Tone
from takeback.web.memo import memo
from takeback.web.pages.centre.evidence import figures_of_room
from takeback.web.pages.centre.visit import Visit, seen_kinds

_COUNTED = sa.text("select kind, state, count(*) as n from centre_record where kind = any(:kinds) group by kind, state")
_KINDS = ["problem", "common-problem", "call", "proposal", "project", "adoption"]
_ELIGIBLE = ("eligible", "ineligible", "funded", "declined")  # what a call received is told once it is over
_ACCEPTED = ("accepted", "conditional")
_FRUITS: tuple[tuple[str, Message, Tone], ...] = (
    ("money", msg("saved or earned"), "good"),
    ("mass", msg("kept in use or recovered"), "recycling"),
    ("co2", msg("of greenhouse gases avoided"), "advice"),
)

States = Mapping[str, Counter[str]]


def chain_of(visit: Visit) -> Chain:
    """Return how many problems came how far, and what those who use the solutions have of it."""
    found = _counted(visit)
    total = {kind: states.total() for kind, states in found.items()}
    problems, common, calls, projects = (found[kind] for kind in ("problem", "common-problem", "call", "project"))
    accepted, proposals = sum(projects[state] for state in _ACCEPTED), found["proposal"]
    decisions = "/centre/decision" if any(one.name == "decision" for one in seen_kinds(visit)) else "/centre/call"
    return Chain(
        stations=(
            _station("problem", total["problem"], problems["stated"], msg("{n} to merge", n=problems["stated"])),
            _station("common-problem", total["common-problem"] - common["dissolved"], 0,
                     msg("{n} solved", n=common["solved"])),
            _station("call", total["call"] - calls["draft"] - calls["cancelled"], calls["published"],
                     msg("{n} now open", n=calls["published"])),
            Station(label=kind_word("proposal", many=True), count=sum(proposals[state] for state in _ELIGIBLE),
                    note=msg("{n} funded", n=proposals["funded"]), href=decisions),
            _station("project", total["project"], 0, msg("{n} running", n=projects["running"])),
            Station(label=msg("Accepted"), count=accepted, href="/centre/project?state=accepted",
                    note=msg("{n} being judged", n=projects["delivered"]), waits=projects["delivered"] > 0),
            Station(label=msg("In use"), count=found["adoption"]["using"], href="/centre/adoption",
                    note=msg("by {n} members", n=_users(visit))),
        ),
        fruits=tuple(_fruits(visit)),
        unsolved=problems["stated"] + common["common"] + common["called"],
    )  # fmt: skip


def _station(kind: str, count: int, waiting: int, note: Message) -> Station:
    waits = kind == "problem" and waiting > 0
    return Station(label=kind_word(kind, many=True), count=count, note=note, href=f"/centre/{kind}", waits=waits)


def _counted(visit: Visit) -> States:
    counted = {kind: Counter[str]() for kind in _KINDS}
    for row in visit.connection.execute(_COUNTED, {"kinds": _KINDS}):
        counted[row.kind][row.state] = row.n
    return counted


def _users(visit: Visit) -> int:
    adoptions = find(visit.connection, "adoption", state="using")
    return len({one.facts.user or one.facts.user_name for one in adoptions})


def _fruits(visit: Visit) -> list[Fruit]:
    sums = memo(visit.connection, visit.me.org_id, ("centre fruits", visit.me.roles), lambda: _sums(visit))
    year = visit.today.year
    return [
        Fruit(
            label=label, tone=tone, href=f"/centre/figures/projects.effect-{measure}?year={year}",
            money=visit.around.money(round(sums[measure])) if measure == "money" else None,
            kg=None if measure == "money" else sums[measure], of="CO₂e" if measure == "co2" else "",
        )
        for measure, label, tone in _FRUITS
        if sums.get(measure)
    ]  # fmt: skip


def _sums(visit: Visit) -> dict[str, float]:
    """Return what users told of all years together, by measure: money in minor units, else kilograms."""
    begun: list[date] = [one.facts.since for one in find(visit.connection, "adoption")]
    this = visit.today.year
    years = range(min((day.year for day in begun), default=this), this + 1)
    told = [figure for year in years for figure in figures_of_room(visit, "projects", year)]
    return {measure: sum(_value(one) for one in told if one.code == f"projects.effect-{measure}")
            for measure, _, _ in _FRUITS}  # fmt: skip


def _value(figure: Figure) -> float:
    return float(figure.value or 0)
