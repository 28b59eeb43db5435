"""Companies state what they cannot solve alone; experts merge what is common."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from takeback.demo.centre.content import ProblemText, practice
from takeback.demo.centre.crew import Crew
from takeback.share.centre import problems
from takeback.share.centre.problems import Problem


def state_problems(connection: sa.Connection, crew: Crew) -> dict[str, UUID]:
    """State the problems that become common, and merge them; return the common ones by code."""
    text, stated = practice(), dict[str, UUID]()
    for number, problem in enumerate(one for one in text.problems if one.common):
        at = crew.dates.at(1, 3, 20 + number, 10)
        stated[problem.code] = problems.state_problem(
            connection, crew.actor(problem.by), _facts(crew, problem), at=at
        ).id
    merged = {}
    for number, common in enumerate(text.common):
        originals = [stated[one.code] for one in text.problems if one.common == common.code]
        merged[common.code] = problems.merge(
            connection, crew.actor("jiang"), originals, title=common.title, title_zh=common.title_zh,
            statement=common.text, statement_zh=common.text_zh, at=crew.dates.at(1, 4, 8 + number, 15),
        ).id  # fmt: skip
    return merged


def state_later(connection: sa.Connection, crew: Crew) -> None:
    """State in the third year what nobody has merged yet."""
    for number, problem in enumerate(one for one in practice().problems if not one.common):
        at = crew.dates.at(3, 3, 3 + number, 11)
        problems.state_problem(connection, crew.actor(problem.by), _facts(crew, problem), at=at)


def _facts(crew: Crew, problem: ProblemText) -> Problem:
    member = crew.members[crew.text(problem.by).member]
    return Problem(
        title=problem.title,
        title_zh=problem.title_zh,
        member_id=member,
        details=f"{problem.text}\n\nData: {problem.data}",
        details_zh=problem.text_zh,
        constraints=(problem.constraints,),
        constraints_zh=(problem.constraints_zh,),
        criteria=(problem.criterion,),
        criteria_zh=(problem.criterion_zh,),
        confidentiality="open",
    )
