"""What the centre is to reach and what it shows: plan, indicators, people trained, credentials, the report."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from takeback.demo.centre.content import works
from takeback.demo.centre.crew import Crew
from takeback.demo.centre.dates import Calendar
from takeback.demo.centre.working import Work
from takeback.share.centre import organisation, records, reporting, talent, targets
from takeback.share.centre.organisation import AgendaItem, Body, Seat, Vote
from takeback.share.centre.organisation.papers import Agreement, Article, Obligation
from takeback.share.centre.records import Record
from takeback.share.centre.talent import Award, CentreKey, Competency, Course, Held, Profile, Thesis
from takeback.share.centre.talent.courses import Teaches
from takeback.share.centre.targets import Indicator, Milestone, Period, Priority

AREAS = (("batteries", "Traction batteries", "动力电池"), ("planning", "Planning what comes back", "逆向物流规划"))
FIELDS = (("Traction batteries", "动力电池"), ("Returns and routes", "退货与路径"))
AT_WORK, AT_STUDY = 4, 3  # levels of competency
BATTERIES = frozenset({"xu", "ding", "wei", "zhong", "lu", "bai", "ge", "shi"})
SOURCE = "Notice 2101-17 of the municipal commission (invented)"
SOURCE_ZH = "市教委 2101-17 号通知（虚构）"


def plan(connection: sa.Connection, crew: Crew) -> None:
    """Put the plan of five years: what the authority wants, milestones, indicators with targets."""
    manager, authority, dates = crew.actor("shen"), crew.actor("fang"), crew.dates
    for priority in works().priorities:
        wanted = Priority(
            code=priority.code, sort=priority.sort, title=priority.title, title_zh=priority.title_zh,
            text=priority.text, text_zh=priority.text_zh, source=SOURCE, source_zh=SOURCE_ZH,
            region="Linjiang", region_zh="临江",
        )  # fmt: skip
        records.create(connection, authority, "priority", wanted, at=dates.at(1, 3, 8))
    stage = Period(
        code="P1", name="Construction period", name_zh="建设期", stage="construction", begins=dates.day(1, 3, 2),
        ends=dates.day(1, 3, 2).replace(year=dates.first + 4),
    )  # fmt: skip
    period = targets.put_period(connection, manager, stage, at=dates.at(1, 3, 9)).id
    records.move(connection, manager, period, "open", at=dates.at(1, 3, 9, 10))
    (centre,) = records.find(connection, "centre")
    records.move(connection, manager, centre.id, "construction", at=dates.at(1, 3, 9, 10))
    for stone in works().milestones:
        due = dates.day(stone.year, stone.month, 28) if stone.year < 3 else dates.day(3, 1, 1).replace(month=12, day=20)
        aim = Milestone(
            period_id=period, year=dates.first + stone.year - 1, title=stone.title, title_zh=stone.title_zh, due=due
        )
        targets.put_milestone(connection, manager, aim, at=dates.at(1, 3, 10))
    for text in works().indicators:
        facts = Indicator(
            code=text.code, name=text.name, name_zh=text.name_zh, definition=text.definition,
            definition_zh=text.definition_zh, source=SOURCE, source_zh=SOURCE_ZH,
            unit=text.unit, formula=text.formula,
        )  # fmt: skip
        made = targets.put_indicator(connection, manager, facts, at=dates.at(1, 3, 11))
        for number, value in enumerate(text.targets):
            aimed = targets.set_target(
                connection, manager, made.id, dates.first + number, Decimal(value), at=dates.at(1, 3, 12)
            )
            records.move(connection, authority, aimed.id, "agreed", at=dates.at(1, 3, 16))


def meet(connection: sa.Connection, crew: Crew) -> None:
    """The council is seated, meets and votes."""
    manager, dates = crew.actor("shen"), crew.dates
    council = Body(
        name="Council",
        name_zh="理事会",
        sort="council",
        duties="Decides on calls and appeals.",
        duties_zh="决定项目征集与申诉。",
    )
    body = organisation.put_body(connection, manager, council, at=dates.at(1, 3, 4)).id
    for nick, post in (("gu", "chair"), ("tao", "member"), ("he", "member")):
        seat = Seat(person=crew.people[nick], post="chair" if post == "chair" else "member", begins=dates.day(1, 3, 4))
        organisation.take_seat(connection, manager, body, seat, at=dates.at(1, 3, 4))
    agenda = [AgendaItem(number=1, title="The first call", title_zh="首批项目征集")]
    begins = dates.at(1, 4, 10, 14)
    called = organisation.call_meeting(
        connection, manager, body, "First meeting", begins, agenda, title_zh="第一次会议", at=dates.at(1, 3, 25)
    )
    present = [crew.people[nick] for nick in ("gu", "tao", "he")]
    vote = Vote(item=1, motion="Publish the first call", motion_zh="发布首批征集", yes=tuple(present))
    organisation.hold_meeting(
        connection, manager, called.id, present=present, minutes="The call is published.",
        minutes_zh="同意发布征集。", votes=[vote], at=begins + timedelta(hours=2),
    )  # fmt: skip


def agree(connection: sa.Connection, crew: Crew) -> None:
    """The companies agree on their data, with an obligation each, and sign; the paper is in force."""
    dates, companies = crew.dates, ("E1", "E2", "E3", "E4", "E5")
    owed, owed_zh, due = "Hand over the data of the problem", "交付问题数据", crew.dates.day(1, 9, 30)
    parties = tuple(crew.members[code] for code in companies)
    paper = Agreement(
        sort="data", title="Data for common problems", title_zh="共性问题数据协议", parties=parties,
        purpose="Whoever states a problem lets the projects use its data, and nobody else.",
        purpose_zh="问题提出方的数据供项目使用，他人不得使用。",
        articles=(Article(number="1", heading="Use", heading_zh="使用",
            text="Data are used in the project that answers the problem.",
            text_zh="数据仅用于解决该问题的项目。"),),
        begins=dates.day(1, 3, 18),
        obligations=tuple(
            Obligation(code=code, member=crew.members[code], what=owed, what_zh=owed_zh, due=due)
            for code in companies
        ),
    )  # fmt: skip
    drafted = organisation.put_paper(connection, crew.actor("shen"), paper, at=dates.at(1, 3, 13))
    organisation.open_for_signing(connection, crew.actor("shen"), drafted.id, at=dates.at(1, 3, 14))
    for nick in crew.with_role("delegate"):
        organisation.sign(connection, crew.actor(nick), drafted.id, at=dates.at(1, 3, 17))


def train(connection: sa.Connection, crew: Crew, works_: list[Work], home: Path, seed: int) -> None:
    """Courses and labs with marks, students with two mentors, a thesis on a company's problem, a credential."""
    draw, manager, dates = np.random.default_rng([seed, 11]), crew.actor("shen"), crew.dates
    for code, name, name_zh in AREAS:
        talent.put_competency(
            connection, manager, Competency(code=code, name=name, name_zh=name_zh), at=dates.at(2, 1, 8)
        )
    enrolled = {text.code: _taught(connection, crew, text.code, draw) for text in works().courses}
    _profile(connection, crew)
    for student, academic, company in (("bai", "xu", "lu"), ("ning", "luo", "yan")):
        begun = talent.begin_mentoring(
            connection, manager, crew.people[student], "From the company's problem to the thesis", dates.day(2, 3, 1),
            topic_zh="从企业问题到学位论文", at=dates.at(2, 3, 1),
        )  # fmt: skip
        for mentor in (academic, company):
            talent.give_mentor(connection, manager, begun.id, crew.people[mentor], at=dates.at(2, 3, 2))
    thesis = Thesis(
        title="How much a second look at a parcel is worth", title_zh="包裹复检的价值", student=crew.people["ning"],
        degree="master", problem=works_[1].project.facts.problem, project=works_[1].project.id, year=dates.first + 1,
    )  # fmt: skip
    written = talent.put_thesis(connection, crew.actor("ning"), thesis, at=dates.at(2, 3, 5))
    for state, month in (("running", 3), ("defended", 11)):
        talent.move_thesis(connection, manager, written.id, state, at=dates.at(2, month, 28))
    award = Award(
        title="Lab: pulse tests", title_zh="脉冲检测实验", achieved="Lab",
        description="Tests packs by pulses and says how sure the result is.",
        description_zh="能用脉冲检测电池包，并说明结果的可信程度。",
        criteria="24 hours in the laboratory and a mark of at least 60.",
        criteria_zh="完成24学时实验，成绩不低于60分。", evidence=(enrolled["K-2"]["bai"].id,),
    )  # fmt: skip
    key = CentreKey.kept_in(home, crew.org)
    talent.issue(connection, manager, key, crew.people["bai"], award, at=dates.at(2, 7, 10))


def _profile(connection: sa.Connection, crew: Crew) -> None:
    """Let all who work or learn say what they can: mentors and researchers their own area best, students both alike."""
    staff = list(dict.fromkeys([*crew.with_role("researcher"), *crew.with_role("mentor")]))
    for nick in (*staff, *crew.with_role("student")):
        own = 0 if nick in BATTERIES else 1
        best = AT_WORK if nick in staff else AT_STUDY
        levels = tuple(
            Held(area=code, level=best if place == own else AT_STUDY) for place, (code, _, _) in enumerate(AREAS)
        )
        field, field_zh = FIELDS[own]
        profile = Profile(person=crew.people[nick], field=field, field_zh=field_zh, levels=levels)
        talent.set_profile(connection, crew.actor(nick), profile, at=crew.dates.at(2, 2, 20))


def _taught(connection: sa.Connection, crew: Crew, code: str, draw: np.random.Generator) -> dict[str, Record]:
    """Hold a course for all students; return their enrolments with the marks."""
    text, manager, dates = next(one for one in works().courses if one.code == code), crew.actor("shen"), crew.dates
    course = Course(
        code=text.code, title=text.title, title_zh=text.title_zh, sort=text.sort, hours=text.hours,
        year=dates.first + 1, begins=dates.day(2, 3, 3), ends=dates.day(2, 6, 27), teacher=crew.people[text.teacher],
        teaches=(Teaches(area=text.area, level=3),),
    )  # fmt: skip
    made = talent.put_course(connection, manager, course, at=dates.at(2, 1, 12)).id
    talent.move_course(connection, manager, made, "open", at=dates.at(2, 1, 15))
    students = crew.with_role("student")
    put = {nick: talent.enrol(connection, crew.actor(nick), made, at=dates.at(2, 2, 10)) for nick in students}
    talent.move_course(connection, manager, made, "running", at=dates.at(2, 3, 3))
    for nick, enrolment in put.items():
        mark = int(np.clip(round(draw.normal(82, 7)), 62, 99))
        put[nick] = talent.give_mark(connection, manager, enrolment.id, mark, at=dates.at(2, 6, 30))
    talent.move_course(connection, manager, made, "done", at=dates.at(2, 7, 1))
    return put


def close(connection: sa.Connection, crew: Crew) -> None:
    """Reach the milestones of the years that are over and close their figures; what is closed already stays so."""
    manager, dates = crew.actor("shen"), crew.dates
    (period,) = records.find(connection, "period")
    for number, title in ((0, "First projects begin"), (1, "First uses by members")):
        (aim,) = [one for one in records.find(connection, "milestone") if one.title == title]
        if aim.state == "reached":
            return
        shows = records.find(connection, "project" if number == 0 else "adoption")
        targets.reach_milestone(connection, manager, aim.id, [one.id for one in shows], at=_closing(dates, number))
    for number in (0, 1):
        at = _closing(dates, number) + timedelta(days=20)
        targets.close_year(connection, manager, period.id, dates.first + number, at=at)


def report(connection: sa.Connection, crew: Crew) -> Record:
    """Make and publish the report of the second year, once the log has all that it rests on."""
    manager, at = crew.actor("shen"), crew.dates.at(3, 1, 25)
    made = reporting.make_report(connection, manager, "annual", crew.dates.first + 1, at=at)
    return reporting.publish_report(connection, manager, made.id, at=at + timedelta(hours=2))


def _closing(dates: Calendar, number: int) -> datetime:
    return dates.at(1 + number, 12, 20)
