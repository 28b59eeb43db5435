"""What runs when a visitor comes: a call that is open, a consultation, a task, a problem that waits for company."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from takeback.demo.centre.content import practice
from takeback.demo.centre.crew import Crew
from takeback.demo.centre.practice import state_later
from takeback.share.centre import calls, records, targets, tasks
from takeback.share.centre.calls import BudgetRule, Call, Criterion
from takeback.share.centre.targets import Consultation, Question
from takeback.share.centre.tasks import Task


def open_doors(connection: sa.Connection, crew: Crew) -> None:
    """Let everything begin that a visitor can take part in."""
    state_later(connection, crew)
    _task(connection, crew)
    _call(connection, crew)
    _consultation(connection, crew)


def _call(connection: sa.Connection, crew: Crew) -> None:
    first, text, manager = practice().call, practice().second, crew.actor("shen")
    now = crew.dates.at(3, 12, 31)
    facts = Call(
        code=text.code, title=text.title, title_zh=text.title_zh, text=text.text, text_zh=text.text_zh,
        year=now.year, period="construction", opens=now - timedelta(days=1), closes=now + timedelta(days=60),
        review_closes=now + timedelta(days=110), runs=15,
        budget=BudgetRule(total_minor=text.total, most_minor=text.most, least_minor=text.least),
        criteria=tuple(
            Criterion(code=one.code, title=one.title, title_zh=one.title_zh, weight=one.weight)
            for one in first.criteria
        ),
    )  # fmt: skip
    drafted = calls.draft_call(connection, manager, facts, at=now - timedelta(hours=30))
    calls.publish_call(connection, manager, drafted.id, at=now - timedelta(hours=28))


def _consultation(connection: sa.Connection, crew: Crew) -> None:
    text, manager, now = practice().consultation, crew.actor("shen"), crew.dates.at(3, 12, 31)
    facts = Consultation(
        about="indicator", title=text.title, title_zh=text.title_zh, draft=text.draft, draft_zh=text.draft_zh,
        opens=now - timedelta(days=2),
        closes=now + timedelta(days=40), questions=(Question(code="Q1", text=text.question, text_zh=text.question_zh),),
    )  # fmt: skip
    asked = records.create(connection, manager, "consultation", facts, at=now - timedelta(hours=27))
    targets.open_consultation(connection, manager, asked.id, at=now - timedelta(hours=26))
    targets.answer(connection, crew.actor("meng"), asked.id, {"Q1": "Yes, from the form."}, at=now - timedelta(hours=3))


def _task(connection: sa.Connection, crew: Crew) -> None:
    text = practice().task
    (station,) = [one for one in records.find(connection, "project") if one.facts.code == "PR-1"]
    facts = Task(
        code=text.code, title=text.title, title_zh=text.title_zh, level="regional", commissioner=text.commissioner,
        commissioner_zh=text.commissioner_zh,
        owner_id=crew.people["xu"], member_id=crew.members["U1"], deliverable=text.deliverable,
        deliverable_zh=text.deliverable_zh,
        due=crew.dates.day(3, 12, 31) + timedelta(days=30), projects=(station.id,),
    )  # fmt: skip
    tasks.undertake(connection, crew.actor("shen"), facts, at=crew.dates.at(3, 2, 25))
