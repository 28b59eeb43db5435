"""The figures of the problem board."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre.days import made_in
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.history import came_in
from takeback.share.centre.problems.common import FEWEST
from takeback.share.centre.records import Record, find


@figures_of("problems")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return how many problems were stated in a year, and how many became common, called and solved in it."""
    problems = find(connection, "problem")
    sharing = _sharing(problems, find(connection, "interest", state="given"))
    commons = [one for one in find(connection, "common-problem") if len(sharing.get(one.id, ())) >= FEWEST]
    stated = made_in(connection, problems, year)
    made = [one for one in made_in(connection, commons, year) if one.state != "dissolved"]
    called = [one for one in made if one.state in ("called", "solved")]
    solved = came_in(connection, [one for one in commons if one.state == "solved"], ["solved"], year)
    labels = {
        "stated": msg("Problems stated by members"),
        "common": msg("Common problems"),
        "called": msg("Common problems of the year with a call"),
        "solved": msg("Common problems solved"),
    }
    told = {"stated": stated, "common": made, "called": called, "solved": solved}
    return [
        Figure(f"problems.{name}", label, "count", len(told[name]), year, proof(told[name]))
        for name, label in labels.items()
    ]


def _sharing(problems: list[Record], said: list[Record]) -> dict[UUID, set[UUID]]:
    """Return for each common problem the members that share it by their own word, also those that left since."""
    sharing: dict[UUID, set[UUID]] = {}
    common = {one.id: one.facts.common_id for one in problems if one.facts.common_id}
    for one in problems:
        if one.id in common:
            sharing.setdefault(common[one.id], set()).add(one.facts.member_id)
    for one in said:
        about = common.get(one.facts.problem_id, one.facts.problem_id)
        if one.facts.sort == "shares":
            sharing.setdefault(about, set()).add(one.facts.member_id)
    return sharing
