"""What comes of the projects: results accepted with evidence, whose they are, who uses them, problems solved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from takeback.demo.centre.content import AdoptionText
from takeback.demo.centre.crew import Crew
from takeback.demo.centre.working import Work
from takeback.share.centre import money, problems, projects, results
from takeback.share.centre.projects.outcome_kinds import IP, Adoption, Effect, Proof, Share, Transfer
from takeback.share.centre.records import Record, find
from takeback.share.centre.results import Author, Result

Proofs = Sequence[Proof]


def publish(connection: sa.Connection, crew: Crew, work: Work) -> list[Record]:
    """State the results of a project and accept them; every yuan of the project led to the first of them."""
    accepted = []
    for number, text in enumerate(work.text.results):
        at = crew.dates.at(2, 11, 21, 9 + number)
        facts = Result(
            sort=text.sort, title=text.title, title_zh=text.title_zh, year=crew.dates.first + 1,
            authors=tuple(Author(person=crew.people[nick]) for nick in text.authors),
            member=work.project.member_id, doi=text.doi, url=text.url, body=text.body, number=text.number,
            status=text.status, licence=text.licence, level=text.level, projects=(work.project.id,),
            problems=(work.project.facts.problem,),
        )  # fmt: skip
        stated = results.state_result(connection, crew.actor(text.authors[0]), facts, at=at)
        paper = f"{text.title}\n{text.body}\n".encode()
        results.add_evidence(
            connection, crew.actor(text.authors[0]), stated.id, "first-page.txt", "text/plain", paper, at=at
        )
        accepted.append(results.accept_result(connection, crew.actor("shen"), stated.id, at=at + timedelta(days=3)))
    for spending in find(connection, "spending", parent=work.project.id):
        money.link_result(connection, crew.actor("shen"), spending.id, accepted[0].id, at=crew.dates.at(2, 11, 26))
    return accepted


def own(connection: sa.Connection, crew: Crew, work: Work, accepted: Sequence[Record]) -> None:
    """Agree whose it is; what is registered gets its number; the pulse model is licensed to a member."""
    lead = crew.actor(work.proposal.lead)
    shares = tuple(Share(member=crew.members[code], points=points) for code, points in work.text.ip_shares)
    facts = IP(
        project=work.project.id, title=work.text.ip, title_zh=work.text.ip_zh, sort=work.text.ip_sort, shares=shares,
        licence=work.text.ip_licence, agreed=crew.dates.day(2, 11, 27), result=accepted[-1].id,
    )  # fmt: skip
    agreed = projects.agree_ip(connection, lead, facts, at=crew.dates.at(2, 11, 27))
    if work.text.registration:
        projects.register_ip(connection, lead, agreed.id, work.text.registration, at=crew.dates.at(2, 12, 4))
    if work.text.problem == "C-1":
        licence = Transfer(
            project=work.project.id, title=f"Licence: {work.text.ip}", title_zh=f"许可：{work.text.ip_zh}",
            ip=agreed.id, sort="licence",
            taker=crew.members["E2"], signed=crew.dates.day(2, 12, 8), value=48_000_000, received=24_000_000,
            readiness_before=5, readiness_after=8,
        )  # fmt: skip
        projects.record_transfer(connection, lead, licence, at=crew.dates.at(2, 12, 8))


def adopt(connection: sa.Connection, crew: Crew, work: Work, accepted: Sequence[Record], proofs: Proofs) -> None:
    """Record who uses it since when; where the work runs here, each figure names entries of that ledger."""
    lead, used = crew.actor(work.proposal.lead), list[UUID]()
    for text in work.text.adoptions:
        here = _works_here(connection, crew, text)
        if here and not proofs:
            continue
        at, shown = crew.dates.at(text.year, 12 if text.year == 2 else 2, 10), tuple(proofs) if here else ()
        facts = Adoption(
            project=work.project.id, title=text.title, title_zh=text.title_zh, result=accepted[0].id,
            user=crew.members[text.member], since=at.date(), where=text.where, where_zh=text.where_zh,
            effects=tuple(
                Effect(year=at.year, measure=measure, value=value, basis=basis, basis_zh=basis_zh, proofs=shown)
                for measure, value, basis, basis_zh in text.effects
            ),
        )  # fmt: skip
        used.append(projects.record_adoption(connection, lead, facts, at=at).id)
    if work.text.solved:
        solutions, at = [accepted[0].id, *used], crew.dates.at(3, 2, 20)
        problems.mark_solved(connection, crew.actor("shen"), work.project.facts.problem, solutions, at=at)


def _works_here(connection: sa.Connection, crew: Crew, text: AdoptionText) -> bool:
    return any(one.facts.slug for one in find(connection, "member") if one.id == crew.members[text.member])
