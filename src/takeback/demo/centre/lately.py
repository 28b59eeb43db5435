"""What goes on this year: a project at work, results that are new, what users tell, what is read, who learns what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from takeback.demo.centre.content import LateText, lately, works
from takeback.demo.centre.crew import Crew
from takeback.demo.centre.working import COSTS
from takeback.share.centre import frontier, money, organisation, projects, resources, results, talent
from takeback.share.centre.frontier import Source
from takeback.share.centre.money.kinds import Commitment, Spending
from takeback.share.centre.organisation.papers import Agreement, Article, Charter
from takeback.share.centre.projects.kinds import (
    Deliverable,
    Progress,
    Project,
    ProjectMilestone,
    Risk,
    TeamMember,
    WorkPackage,
)
from takeback.share.centre.projects.outcome_kinds import Effect
from takeback.share.centre.records import Record, find
from takeback.share.centre.results import Author, Result
from takeback.share.centre.talent import Course, Exchange, Place, Team
from takeback.share.centre.talent.courses import Teaches
from takeback.share.centre.talent.training import Goal, TrainingPlan

FIRST_DAYS = 14  # from the beginning of the project at work to its first package
PART = 0.55  # of its budget that is spent by now
OVERDUE, SOON = 5, 12  # days by which a milestone is late, and in which a deliverable is due


def work_now(connection: sa.Connection, crew: Crew, common: Mapping[str, UUID], funds: Mapping[str, UUID]) -> Record:
    """Begin the project that is at work now: its plan, its money, what was done so far, what is late."""
    text, manager = lately().running, crew.actor("shen")
    begun = crew.dates.ago(text.days)
    facts = Project(
        code=text.code, title=text.title, title_zh=text.title_zh, summary=text.summary, summary_zh=text.summary_zh,
        problem=common[text.problem],
        leader=crew.people[text.lead], member=crew.members[crew.text(text.lead).member],
        partners=tuple(crew.members[code] for code in text.partners),
        team=(
            TeamMember(person=crew.people[text.lead], role="leader", share=250),
            *(TeamMember(person=crew.people[nick], role="researcher", share=500) for nick in text.team),
        ),
        begins=begun.date(), ends=begun.date() + timedelta(days=text.length), budget=text.budget,
    )  # fmt: skip
    project = projects.start_project(connection, manager, facts, at=begun)
    _committed(connection, crew, project, funds)
    _planned(connection, crew, project)
    projects.begin_project(connection, manager, project.id, at=crew.dates.ago(text.days, 12))
    _spent(connection, crew, project, funds)
    _done(connection, crew, project)
    return project


def _committed(connection: sa.Connection, crew: Crew, project: Record, funds: Mapping[str, UUID]) -> None:
    for text in sorted(works().funds, key=lambda one: not one.own):
        commitment = Commitment(
            fund=funds[text.code], project=project.id, amount=project.facts.budget * text.share // 100,
            purpose=f"{project.facts.code}: {text.title}", purpose_zh=f"{project.facts.code}：{text.title_zh}",
            year=project.facts.begins.year,
        )  # fmt: skip
        money.commit(connection, crew.actor("shen"), commitment, at=crew.dates.ago(lately().running.days, 10))


def _planned(connection: sa.Connection, crew: Crew, project: Record) -> None:
    text = lately().running
    lead, at, today = crew.actor(text.lead), crew.dates.ago(text.days, 11), crew.dates.today
    first, last = project.facts.begins, project.facts.ends
    for number, (title, zh) in enumerate(text.packages):
        package = WorkPackage(
            project=project.id, code=f"WP{number + 1}", title=title, title_zh=zh, lead=crew.people[text.lead],
            begins=first + timedelta(days=FIRST_DAYS + 110 * number), ends=last - timedelta(days=140 - 110 * number),
            effort_h=1200,
        )  # fmt: skip
        projects.add_work_package(connection, lead, package, at=at)
    for number, (title, zh) in enumerate(text.deliverables):
        due = today + timedelta(days=SOON if number else -60)
        deliverable = Deliverable(project=project.id, code=f"D{number + 1}", title=title, title_zh=zh, due=due)
        projects.add_deliverable(connection, lead, deliverable, at=at)
    for number, (title, zh) in enumerate(text.milestones):
        due = today - timedelta(days=OVERDUE if number else 90)
        stone = ProjectMilestone(
            project=project.id, title=title, title_zh=zh, due=due, criterion=title, criterion_zh=zh
        )
        projects.add_milestone(connection, lead, stone, at=at)
    risk = Risk(
        project=project.id, title=text.risk, title_zh=text.risk_zh, likelihood=3, impact=3, mitigation=text.mitigation,
        mitigation_zh=text.mitigation_zh,
    )  # fmt: skip
    projects.add_risk(connection, lead, risk, at=at)


def _spent(connection: sa.Connection, crew: Crew, project: Record, funds: Mapping[str, UUID]) -> None:
    """Spend month by month up to now: invoices with papers, each for the deliverable that was due next."""
    text, budget = lately().running, project.facts.budget
    due = sorted(find(connection, "deliverable", parent=project.id), key=lambda one: one.facts.due)
    months = range(1, text.days // 30)
    for month in months:
        at, (kind, purpose, zh, supplier) = crew.dates.ago(text.days - 30 * month, 11), COSTS[month % len(COSTS)]
        led_to = next((one for one in due if at.date() <= one.facts.due), due[-1]).id
        for fund in works().funds:
            spending = Spending(
                fund=funds[fund.code], project=project.id, cost_kind=kind,
                amount=round(budget * fund.share / 100 * PART / len(months)), purpose=f"{text.code}: {purpose}",
                purpose_zh=f"{text.code}：{zh}", on=at.date(), supplier=supplier,
                invoice=f"{text.code}-{fund.code}-{month:02}", result=led_to,
            )  # fmt: skip
            paper = (f"{spending.invoice}.txt", "text/plain", f"{supplier}, {spending.amount} fen\n".encode())
            money.spend(connection, crew.actor("shen"), spending, papers=[paper], at=at)


def _done(connection: sa.Connection, crew: Crew, project: Record) -> None:
    """The first package runs, the first milestone is reached and the first deliverable approved; two reports."""
    lead, judge = crew.actor(lately().running.lead), crew.actor("mo")
    packages = sorted(find(connection, "work-package", parent=project.id), key=lambda one: one.facts.code)
    projects.move_work_package(connection, lead, packages[0].id, "running", at=crew.dates.ago(230))
    stones = sorted(find(connection, "project-milestone", parent=project.id), key=lambda one: one.facts.due)
    projects.reach_milestone(connection, lead, stones[0].id, [_paper(stones[0].title)], at=crew.dates.ago(92))
    handed = sorted(find(connection, "deliverable", parent=project.id), key=lambda one: one.facts.due)[0]
    projects.hand_over(connection, lead, handed.id, [_paper(handed.title)], at=crew.dates.ago(61))
    projects.judge_deliverable(connection, judge, handed.id, True, at=crew.dates.ago(58))
    for told in lately().running.reports:
        at = crew.dates.ago(told.days)
        report = Progress(
            project=project.id, title=f"Report of {at.day} {at:%B %Y}",
            title_zh=f"{at.year}年{at.month}月{at.day}日进展报告",
            until=at.date(), done=told.done, done_zh=told.done_zh, next=told.next, next_zh=told.next_zh,
            complete=told.complete,
        )  # fmt: skip
        projects.report_progress(connection, lead, report, at=at)


def book_now(connection: sa.Connection, crew: Crew, project: Record) -> None:
    """The team has booked benches and cards of these days: whoever opens a calendar sees what is taken."""
    for place, resource in enumerate(find(connection, "resource")):
        for days, nick, first in ((-1, "xu", 14), (1, "bai", 9), (2, "ge", 13), (4, "bai", 10)):
            begins, asked = crew.dates.ago(0, 0) + timedelta(days=days, hours=first + place), crew.dates.ago(3)
            ends = begins + timedelta(hours=3)
            resources.book(connection, crew.actor(nick), resource.id, begins, ends, project=project.id, at=asked)


def publish_late(connection: sa.Connection, crew: Crew) -> None:
    """State the results of this year and accept them, but for the one that waits; users tell what this year brought."""
    known = {one.facts.code: one for one in find(connection, "project")}
    for number, text in enumerate(lately().results):
        _published(connection, crew, known[text.project], text, number)
    for told in lately().effects:
        _told(connection, crew, told.member, told.effects)


def _published(connection: sa.Connection, crew: Crew, project: Record, text: LateText, number: int) -> None:
    at, writer = crew.dates.at(3, text.month, 3, 9 + number), crew.actor(text.authors[0])
    facts = Result(
        sort=text.sort, title=text.title, title_zh=text.title_zh, year=crew.dates.first + 2,
        authors=tuple(Author(person=crew.people[nick]) for nick in text.authors), member=project.member_id,
        doi=text.doi, url=text.url, body=text.body, number=text.number, status=text.status, licence=text.licence,
        projects=(project.id,), problems=(project.facts.problem,),
    )  # fmt: skip
    stated = results.state_result(connection, writer, facts, at=at)
    paper = f"{text.title}\n{text.body}\n".encode()
    results.add_evidence(connection, writer, stated.id, "first-page.txt", "text/plain", paper)
    if not text.waits:
        results.accept_result(connection, crew.actor("shen"), stated.id, at=at + timedelta(hours=5))


def _told(connection: sa.Connection, crew: Crew, member: str, effects: Sequence[tuple[str, int, str, str]]) -> None:
    at = crew.dates.at(3, 10, 20, 10)
    (used,) = [one for one in find(connection, "adoption") if one.facts.user == crew.members[member]]
    (project,) = [one for one in find(connection, "project") if one.id == used.facts.project]
    leader = next(nick for nick, person in crew.people.items() if person == project.facts.leader)
    for measure, value, basis, basis_zh in effects:
        effect = Effect(year=at.year, measure=measure, value=value, basis=basis, basis_zh=basis_zh)  # type: ignore[arg-type]
        projects.add_effect(connection, crew.actor(leader), used.id, effect, at=at)


def read(connection: sa.Connection, crew: Crew, common: Mapping[str, UUID]) -> None:
    """List what was published elsewhere, tagged to the problems that it is about; who follows them hears of it."""
    for text in lately().sources:
        facts = Source(
            sort=text.sort, title=text.title, title_zh=text.title_zh, container=text.container,
            publisher=text.publisher, number=text.number, year=text.year, doi=text.doi, url=text.url, tags=text.tags,
            problems=(common[text.problem],),
        )  # fmt: skip
        frontier.enter_source(connection, crew.actor("jiang"), facts, at=crew.dates.ago(text.days))


def learn(connection: sa.Connection, crew: Crew) -> None:
    """A course that is open, a team, a stay at another member, and a student's plan for the year."""
    manager, dates = crew.actor("shen"), crew.dates
    course = Course(
        code="K-4", title="Sensors on returned packs", title_zh="退役电池包传感技术", sort="lab", hours=24,
        year=dates.today.year, begins=dates.today + timedelta(days=20), ends=dates.today + timedelta(days=80),
        teacher=crew.people["xu"], teaches=(Teaches(area="batteries", level=4),),
    )  # fmt: skip
    made = talent.put_course(connection, manager, course, at=dates.ago(40))
    talent.move_course(connection, manager, made.id, "open", at=dates.ago(38))
    team = Team(
        name="Packs without surprises", name_zh="无忧电池包团队", leader=crew.people["xu"],
        aim="Nobody opens a pack without knowing what is in it.", aim_zh="打开任何一包之前，先知道里面是什么。",
        places=tuple(Place(person=crew.people[nick]) for nick in ("xu", "ge", "bai", "lu")),
    )  # fmt: skip
    talent.put_team(connection, manager, team, at=dates.ago(180))
    stay = Exchange(
        person=crew.people["bai"], host=crew.members["E1"], purpose="Three months at the test centre",
        purpose_zh="在检测中心实习三个月",
        begins=dates.ago(70).date(), ends=dates.today + timedelta(days=20), year=dates.ago(70).year,
    )  # fmt: skip
    planned = talent.put_exchange(connection, manager, stay, at=dates.ago(80))
    talent.move_exchange(connection, manager, planned.id, "running", at=dates.ago(70))
    goal = Goal(area="batteries", start=3, level=4, due=dates.today + timedelta(days=120))
    plan = TrainingPlan(
        person=crew.people["bai"], title="From testing packs to judging them", title_zh="从会测到会判",
        year=dates.today.year, goals=(goal,),
        courses=(made.id,), hours=120,
    )  # fmt: skip
    talent.put_plan(connection, crew.actor("bai"), plan, at=dates.ago(12))


def sign_papers(connection: sa.Connection, crew: Crew) -> None:
    """The charter was signed in the first weeks; an agreement of this month waits for two of its parties."""
    manager, dates = crew.actor("shen"), crew.dates
    speakers = {crew.text(nick).member: nick for nick in (*crew.with_role("delegate"), *crew.with_role("authority"))}
    rules = Charter(
        title="Charter of the centre", title_zh="中心章程", parties=tuple(crew.members[code] for code in speakers),
        purpose="Problems come from practice, are worked out together, and go back into practice.",
        purpose_zh="问题来自实践，共同攻关，成果回到实践。",
        articles=(
            Article(number="1", heading="Members", heading_zh="成员",
                    text="Members are of four kinds and have equal votes.",
                    text_zh="成员分四类，表决权平等。"),
            Article(number="2", heading="Calls", heading_zh="征集",
                    text="Money is given by calls that are reviewed blind.",
                    text_zh="经费经公开征集、双盲评审后拨付。"),
            Article(number="3", heading="Results", heading_zh="成果",
                    text="Results are open unless a project's members agree otherwise.",
                    text_zh="除项目成员另有约定外，成果公开。"),
        ),
        begins=dates.day(1, 3, 20),
    )  # fmt: skip
    drafted = organisation.put_paper(connection, manager, rules, at=dates.at(1, 3, 12))
    organisation.open_for_signing(connection, manager, drafted.id, at=dates.at(1, 3, 13))
    for nick in speakers.values():
        organisation.sign(connection, crew.actor(nick), drafted.id, at=dates.at(1, 3, 18))
    sensors = Agreement(
        sort="data", title="Data of the sensors on the way", title_zh="在途传感器数据协议",
        purpose="Whoever sends a pack lets the project read its sensor, and nobody else.",
        purpose_zh="寄送方允许项目读取传感器数据，他人不得读取。",
        parties=tuple(crew.members[code] for code in ("E1", "E3", "E5")), begins=dates.today + timedelta(days=20),
        articles=(Article(number="1", heading="Use", heading_zh="使用",
                          text="Data are used until the project ends, then erased.",
                          text_zh="数据使用至项目结束，随后删除。"),),
    )  # fmt: skip
    drafted = organisation.put_paper(connection, manager, sensors, at=dates.ago(9))
    organisation.open_for_signing(connection, manager, drafted.id, at=dates.ago(8))
    organisation.sign(connection, crew.actor(speakers["E5"]), drafted.id, at=dates.ago(5))


def _paper(title: str) -> tuple[str, str, bytes]:
    return f"{title}.txt", "text/plain", f"{title}: what was measured, by whom, with what.\n".encode()
