"""Three projects: money from three channels, work with evidence, benches booked and charged, acceptance by experts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
import sqlalchemy as sa

from takeback.demo.centre.calling import Round
from takeback.demo.centre.content import ProjectText, ProposalText, practice, works
from takeback.demo.centre.crew import Crew
from takeback.share.centre import money, projects, resources
from takeback.share.centre.money.kinds import Commitment, CostKind, Fund, Spending
from takeback.share.centre.projects.kinds import Deliverable, ProjectMilestone, Risk, WorkPackage
from takeback.share.centre.records import Record, find
from takeback.share.centre.resources.kinds import Resource

COSTS: tuple[tuple[CostKind, str, str, str], ...] = (
    ("materials", "Packs and cells", "电池包与电芯", "Delta Cells"),
    ("testing", "Tests outside", "委外测试", "Testing House No. 7"),
    ("services", "Programming", "软件开发", "Bluewater Software"),
    ("travel", "Visits to dealers", "走访经销商", "Harbour Travel"),
)
MONTHS = 12  # of work before the projects are delivered
PART = 0.82  # of its budget that a project spends


@dataclass(frozen=True, slots=True)
class Work:
    """A project of the demo: its record, what is told of it, and its funds by code."""

    project: Record
    text: ProjectText
    proposal: ProposalText


def raise_money(connection: sa.Connection, crew: Crew) -> dict[str, UUID]:
    """Open the funds and take in what their sources give; return them by code."""
    manager, opened = crew.actor("shen"), dict[str, UUID]()
    for text in works().funds:
        fund = Fund(
            code=text.code, title=text.title, title_zh=text.title_zh, source=text.source, source_zh=text.source_zh,
            channel=text.channel, member=crew.members.get(text.member), own=text.own, year_from=crew.dates.first,
            year_to=crew.dates.first + 4, matching=500 if text.channel == "municipal" else 0,
        )  # fmt: skip
        opened[text.code] = money.open_new_fund(connection, manager, fund, at=crew.dates.at(1, 8, 10)).id
        money.grant(connection, manager, opened[text.code], text.granted, at=crew.dates.at(1, 8, 12))
    return opened


def begin(connection: sa.Connection, crew: Crew, round_: Round, funds: Mapping[str, UUID]) -> list[Work]:
    """Begin the funded projects with their plans and money."""
    proposals = {one.code: one for one in practice().proposals}
    told = {one.problem: one for one in works().projects}
    begun = []
    for code in round_.funded:
        proposal = proposals[code]
        text = told[proposal.problem]
        project = projects.project_from_proposal(
            connection, crew.actor("shen"), round_.proposals[code], text.code, crew.dates.day(1, 9, 1),
            crew.dates.day(2, 11, 30), at=crew.dates.at(1, 8, 20),
        )  # fmt: skip
        _plan(connection, crew, project.id, text, proposal)
        _commit(connection, crew, project, funds)
        project = projects.begin_project(connection, crew.actor("shen"), project.id, at=crew.dates.at(1, 9, 1))
        begun.append(Work(project, text, proposal))
    return begun


def _plan(connection: sa.Connection, crew: Crew, project: UUID, text: ProjectText, proposal: ProposalText) -> None:
    lead, at = crew.actor(proposal.lead), crew.dates.at(1, 8, 24)
    for number, (title, zh) in enumerate(text.packages, 1):
        package = WorkPackage(
            project=project, code=f"WP{number}", title=title, title_zh=zh, lead=crew.people[proposal.lead],
            begins=crew.dates.day(1, 9, 1), ends=crew.dates.day(2, 8, 31), effort_h=900 * number,
        )  # fmt: skip
        projects.add_work_package(connection, lead, package, at=at)
    for number, (title, zh) in enumerate(text.deliverables, 1):
        due = crew.dates.day(2, 3 + 5 * (number - 1), 28)
        deliverable = Deliverable(project=project, code=f"D{number}", title=title, title_zh=zh, due=due)
        projects.add_deliverable(connection, lead, deliverable, at=at)
    for number, (title, zh) in enumerate(text.milestones, 1):
        due = crew.dates.day(2, 2 + 6 * (number - 1), 28)
        projects.add_milestone(
            connection,
            lead,
            ProjectMilestone(project=project, title=title, title_zh=zh, due=due, criterion=title, criterion_zh=zh),
            at=at,
        )
    risk = Risk(
        project=project, title=text.risk, title_zh=text.risk_zh, likelihood=2, impact=4, mitigation=text.mitigation,
        mitigation_zh=text.mitigation_zh,
    )  # fmt: skip
    projects.add_risk(connection, lead, risk, at=at)


def _commit(connection: sa.Connection, crew: Crew, project: Record, funds: Mapping[str, UUID]) -> None:
    """Commit each fund's share of the budget; own shares first, which the city's money asks for."""
    for text in sorted(works().funds, key=lambda one: not one.own):
        amount = project.facts.budget * text.share // 100
        commitment = Commitment(
            fund=funds[text.code], project=project.id, amount=amount, purpose=f"{project.facts.code}: {text.title}",
            purpose_zh=f"{project.facts.code}：{text.title_zh}", year=crew.dates.first,
        )  # fmt: skip
        money.commit(connection, crew.actor("shen"), commitment, at=crew.dates.at(1, 8, 26))


def spend(connection: sa.Connection, crew: Crew, work: Work, funds: Mapping[str, UUID], seed: int) -> None:
    """Spend month by month what was committed: invoices with papers, of amounts drawn by the seed."""
    draw = np.random.default_rng([seed, works().projects.index(work.text)])
    budget = work.project.facts.budget
    for month in range(MONTHS):
        year, of_year = 1 + (month + 8) // 12, (month + 8) % 12 + 1
        at, (kind, purpose, zh, supplier) = crew.dates.at(year, of_year, 24, 11), COSTS[month % len(COSTS)]
        for text in works().funds:
            most = budget * text.share // 100 / MONTHS
            spending = Spending(
                fund=funds[text.code], project=work.project.id, cost_kind=kind,
                amount=round(most * PART * draw.uniform(0.7, 1.1)),
                purpose=f"{work.text.code}: {purpose}", purpose_zh=f"{work.text.code}：{zh}", on=at.date(),
                supplier=supplier,
                invoice=f"{work.text.code}-{text.code}-{month + 1:02}",
            )  # fmt: skip
            paper = (f"{spending.invoice}.txt", "text/plain", f"{supplier}, {spending.amount} fen\n".encode())
            money.spend(connection, crew.actor("shen"), spending, papers=[paper], at=at)


def offer(connection: sa.Connection, crew: Crew) -> dict[str, UUID]:
    """Offer what members let others use; return the resources by member's code."""
    offered = {}
    for text in works().resources:
        facts = Resource(
            name=text.title, name_zh=text.title_zh, sort=text.sort, member=crew.members[text.member],
            capacity=text.places, price_member=text.rate, price_other=text.outside, free_h=text.free, longest_h=12,
        )  # fmt: skip
        at = crew.dates.at(1, 9, 2)
        offered[text.member] = resources.offer_resource(connection, crew.actor("shen"), facts, at=at).id
    return offered


def use(connection: sa.Connection, crew: Crew, work: Work, offered: Mapping[str, UUID], seed: int) -> None:
    """Book benches and cards each month for the project, without clashes; each use is for a deliverable."""
    draw, lead = np.random.default_rng([seed, 7, works().projects.index(work.text)]), crew.actor(work.proposal.lead)
    turn, due = works().projects.index(work.text), _by_day(connection, work.project.id)
    for month in range(MONTHS):
        year, of_year = 1 + (month + 8) // 12, (month + 8) % 12 + 1
        for place, resource in enumerate(offered.values()):
            begins = crew.dates.at(year, of_year, 3 + 3 * turn + place, 9)
            ends = begins + timedelta(hours=int(draw.integers(2, 8)))
            booked = resources.book(
                connection, lead, resource, begins, ends, project=work.project.id, at=begins - timedelta(days=2)
            )
            led_to = next((one for one in due if begins.date() <= one.facts.due), due[-1]).id
            resources.record_use(connection, lead, booked.id, begins, ends, result=led_to, at=ends)


def _by_day(connection: sa.Connection, project: UUID) -> list[Record]:
    return sorted(find(connection, "deliverable", parent=project), key=lambda one: one.facts.due)


def deliver(connection: sa.Connection, crew: Crew, work: Work) -> None:
    """Hand over what was promised, reach the milestones, report, and deliver the project."""
    lead, project = crew.actor(work.proposal.lead), work.project.id
    for package in find(connection, "work-package", parent=project):
        projects.move_work_package(connection, lead, package.id, "running", at=crew.dates.at(1, 9, 3))
    for milestone in sorted(find(connection, "project-milestone", parent=project), key=lambda one: one.facts.due):
        at = crew.dates.at(2, milestone.facts.due.month, 25)
        projects.reach_milestone(connection, lead, milestone.id, [_paper(milestone.title)], at=at)
    for deliverable in _by_day(connection, project):
        at = crew.dates.at(2, deliverable.facts.due.month, 26)
        projects.hand_over(connection, lead, deliverable.id, [_paper(deliverable.title)], at=at)
        judge = crew.actor(work.text.experts[0])
        projects.judge_deliverable(connection, judge, deliverable.id, True, at=at + timedelta(days=1))
    for package in find(connection, "work-package", parent=project):
        projects.move_work_package(connection, lead, package.id, "done", at=crew.dates.at(2, 8, 31))
    projects.deliver_project(connection, lead, project, at=crew.dates.at(2, 10, 20))


def accept(connection: sa.Connection, crew: Crew, work: Work) -> None:
    """Three experts without a conflict look at the project; the council accepts it."""
    experts = [crew.people[nick] for nick in work.text.experts]
    title = f"Acceptance of {work.text.code}"
    opened = projects.open_acceptance(
        connection,
        crew.actor("shen"),
        work.project.id,
        title,
        experts,
        title_zh=f"{work.text.code} 验收",
        at=crew.dates.at(2, 11, 3),
    )
    for number, nick in enumerate(work.text.experts):
        reasons, chinese = (
            "All that was promised is there and works at a member's.",
            "承诺内容齐备，且已在成员单位使用。",
        )
        at = crew.dates.at(2, 11, 10 + number, 14)
        projects.give_opinion(connection, crew.actor(nick), opened.id, "accepted", reasons, reasons_zh=chinese, at=at)
    projects.conclude(
        connection, crew.actor("shen"), opened.id, "accepted", "Three opinions of three.",
        reasons_zh="三位专家一致同意。", at=crew.dates.at(2, 11, 20),
    )  # fmt: skip


def _paper(title: str) -> tuple[str, str, bytes]:
    return f"{title}.txt", "text/plain", f"{title}: what was measured, by whom, with what.\n".encode()
