"""The figures of the problem board."""

from __future__ import annotations

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre.figures import Figure, figures_of, proof
from takeback.share.centre.problems.common import FEWEST, sharing_common
from takeback.share.centre.records import Record, find


@figures_of("problems")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return how many problems were stated in a year, and how many became common, called and solved in it."""
    stated = [one for one in find(connection, "problem") if one.created_at.year == year]
    commons = [one for one in find(connection, "common-problem") if one.state != "dissolved"]
    made = [one for one in commons if one.created_at.year == year and _is_common(connection, one)]
    called = [one for one in made if one.state in ("called", "solved")]
    solved = [one for one in commons if one.state == "solved" and one.changed_at.year == year]
    return [
        Figure("problems.stated", msg("Problems stated by members"), "count", len(stated), year, proof(stated)),
        Figure("problems.common", msg("Common problems"), "count", len(made), year, proof(made)),
        Figure(
            "problems.called", msg("Common problems of the year with a call"), "count", len(called), year, proof(called)
        ),
        Figure("problems.solved", msg("Common problems solved"), "count", len(solved), year, proof(solved)),
    ]


def _is_common(connection: sa.Connection, common: Record) -> bool:
    """Tell whether two or more members share it by what they said themselves."""
    return len(sharing_common(connection, common.id)) >= FEWEST
