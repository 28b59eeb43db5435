"""The call: twelve proposals, nine experts who know neither them nor are known by them, decisions with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import sqlalchemy as sa

from takeback.demo.centre.content import ProposalText, practice
from takeback.demo.centre.crew import Crew
from takeback.plan.doors import Budget
from takeback.share.centre import calls, records
from takeback.share.centre.calls import (
    Blind,
    BudgetRule,
    Call,
    Conflict,
    Cost,
    Criterion,
    Eligibility,
    Identity,
    Proposal,
    Score,
    Words,
)
from takeback.share.centre.calls.decision import Outcome

SEARCH = Budget(iterations=200)
SPREAD = 0.8  # points by which a reviewer differs from a proposal's merit
FUNDED = 3
REASONS: Mapping[Outcome, str] = {
    "funded": "The best answer to its problem. 对所列问题的最佳方案。",
    "declined": (
        "Another proposal answers the same problem better, or the money of the call is given. "
        "另有申报更好地回应了同一问题，或本次征集经费已分配完毕。"
    ),
}

STRONG = 21  # points from which a reviewer of the demo is for a proposal
VERDICTS = {
    True: (
        "A clear plan with a partner who will use it. 计划清晰，并有愿意使用成果的合作伙伴。", "Fund it. 建议资助。"
    ),
    False: (
        "Say more about how a member will use it. 请进一步说明成员单位将如何使用。", "Not in this call. 本次不予资助。"
    ),
}  # fmt: skip
"""Strong or not -> what a reviewer says to the authors, and to the committee."""
SUBJECTS = {"need": ("The problem", "问题"), "method": ("The method", "方法"), "use": ("The use", "应用前景")}
JUDGED = (
    ("is not convincing", "缺乏说服力"), ("leaves questions open", "尚有疑问"), ("is convincing", "令人信服"),
    ("is exactly what is asked for", "完全符合征集要求"),
)  # fmt: skip
GROUNDS = "The reviews overlook the vehicles that were promised. 评审意见忽略了已承诺提供的车辆。"
ANSWER = (
    "The vehicles were seen; two reviews of three rate the method lower. "
    "评审已考虑所承诺的车辆；三份评审中有两份对方法的评分较低。"
)


@dataclass(frozen=True, slots=True)
class Round:
    """What came of the call: proposals by code, and the codes of the funded ones, the best first."""

    call: UUID
    proposals: dict[str, UUID]
    funded: tuple[str, ...]


def run_call(connection: sa.Connection, crew: Crew, common: Mapping[str, UUID], seed: int) -> Round:
    """Publish the call, take in the proposals, have them reviewed blind, decide and announce."""
    call, proposals = hand_in(connection, crew, common)
    review(connection, crew, call, proposals, seed)
    funded = _decided(connection, crew, call, proposals)
    calls.announce_decisions(connection, crew.actor("shen"), call, at=crew.dates.at(1, 7, 8, 10))
    _appealed(connection, crew, proposals)
    calls.finish_call(connection, crew.actor("shen"), call, at=crew.dates.at(1, 8, 3, 10))
    return Round(call, proposals, funded)


def hand_in(connection: sa.Connection, crew: Crew, common: Mapping[str, UUID]) -> tuple[UUID, dict[str, UUID]]:
    """Publish the call, take in the proposals and end the time of applying; return both."""
    call = _published(connection, crew, common)
    proposals = {one.code: _handed_in(connection, crew, call, common, one) for one in practice().proposals}
    calls.close_call(connection, crew.actor("shen"), call, at=crew.dates.at(1, 5, 21, 9))
    calls.check_eligibility(connection, crew.actor("shen"), call, at=crew.dates.at(1, 5, 22, 9))
    return call, proposals


def review(
    connection: sa.Connection, crew: Crew, call: UUID, proposals: Mapping[str, UUID], seed: int, *, experts: int = 9
) -> None:
    """Record conflicts, assign reviewers by the engine, and let the first `experts` write their reviews."""
    _interests(connection, crew, call, proposals)
    _assigned(connection, crew, call)
    _reviewed(connection, crew, call, np.random.default_rng(seed), experts)


def _published(connection: sa.Connection, crew: Crew, common: Mapping[str, UUID]) -> UUID:
    text, manager = practice().call, crew.actor("shen")
    facts = Call(
        code=text.code,
        title=text.title,
        title_zh=text.title_zh,
        text=text.text,
        text_zh=text.text_zh,
        year=crew.dates.first,
        period="construction",
        opens=crew.dates.at(1, 4, 15),
        closes=crew.dates.at(1, 5, 20, 17),
        review_closes=crew.dates.at(1, 6, 30, 17),
        runs=18,
        budget=BudgetRule(total_minor=text.total, most_minor=text.most, least_minor=text.least),
        criteria=tuple(
            Criterion(code=one.code, title=one.title, title_zh=one.title_zh, weight=one.weight) for one in text.criteria
        ),
        eligibility=Eligibility(needed={"enterprise": 1}, most_per_person=2, problem_needed=True),
        problems=tuple(common.values()),
        reviews_each=3,
        most_reviews=5,
    )
    call = calls.draft_call(connection, manager, facts, at=crew.dates.at(1, 4, 12)).id
    calls.publish_call(connection, manager, call, at=crew.dates.at(1, 4, 14))
    return call


def _handed_in(
    connection: sa.Connection, crew: Crew, call: UUID, common: Mapping[str, UUID], text: ProposalText
) -> UUID:
    number = int(text.code[1:])
    at = crew.dates.at(1, 5, 3 + number, 9 + number / 2)
    return hand_one_in(connection, crew, call, common.get(text.problem), text, at)


def hand_one_in(
    connection: sa.Connection, crew: Crew, call: UUID, problem: UUID | None, text: ProposalText, at: datetime
) -> UUID:
    """Draft a proposal with its plan for reviewers, and hand it in."""
    lead = crew.actor(text.lead)
    identity = Identity(
        lead=crew.people[text.lead],
        member=crew.members[crew.text(text.lead).member],
        team=tuple(crew.people[nick] for nick in text.team),
        partners=tuple(crew.members[code] for code in text.partners),
        unwanted=tuple(crew.people[one.expert] for one in practice().unwanted if one.proposal == text.code),
    )
    blind = Blind(
        title=text.title,
        title_zh=text.title_zh,
        summary=text.summary,
        summary_zh=text.summary_zh,
        approach=text.approach,
        expected=text.expected,
        keywords=text.keywords,
        months=text.months,
        costs=tuple(Cost(what=what, minor=minor) for what, minor in text.costs),
    )
    facts = Proposal(call=call, problem=problem, blind=blind, identity=identity)
    made = calls.draft_proposal(connection, lead, facts, at=at)
    plan = f"Plan of the work\n\n{text.approach}\n\nExpected: {text.expected}\n".encode()
    hours = timedelta(hours=1)
    calls.attach_to_proposal(
        connection, lead, made.id, f"{text.code}.txt", "text/plain", plan, blind=True, at=at + hours
    )
    calls.submit_proposal(connection, lead, made.id, despite_names=True, at=at + 2 * hours)
    return made.id


def _interests(connection: sa.Connection, crew: Crew, call: UUID, proposals: Mapping[str, UUID]) -> None:
    """Record what experts said of themselves, before anything is assigned."""
    for one in practice().interests:
        about = Conflict(call=call, expert=crew.people[one.expert], proposal=proposals[one.proposal], note=one.note)
        records.create(connection, crew.actor("shen"), "conflict", about, at=crew.dates.at(1, 5, 22, 14))


def _assigned(connection: sa.Connection, crew: Crew, call: UUID) -> None:
    known = {crew.people[nick]: dict.fromkeys(crew.text(nick).expertise, 5.0) for nick in crew.with_role("expert")}
    at = crew.dates.at(1, 5, 24)
    calls.assign_by_engine(connection, crew.actor("shen"), call, expertise=known, budget=SEARCH, at=at)


def _reviewed(connection: sa.Connection, crew: Crew, call: UUID, draw: np.random.Generator, experts: int) -> None:
    merit = {one.title: one.merit for one in practice().proposals}
    for number, nick in enumerate(crew.with_role("expert")[:experts]):
        expert = crew.actor(nick)
        strict = draw.normal(0, 0.3)
        if not any(one.call == call for one in calls.calls_to_review(connection, expert)):
            continue
        view = calls.reviewer_view(connection, expert, call)
        for seen in sorted(view.proposals, key=lambda one: one.title):
            words = drawn_words(merit[seen.title] + strict, draw)
            at = crew.dates.at(1, 6, 5 + 2 * number, 10 + draw.random() * 8)
            calls.save_review(connection, expert, call, seen.name, words, final=True, despite_names=True, at=at)


def drawn_words(merit: float, draw: np.random.Generator) -> Words:
    """Return a review whose points scatter around a proposal's merit."""
    points = {one.code: max(0, min(10, round(merit + draw.normal(0, SPREAD)))) for one in practice().call.criteria}
    scores = tuple(
        Score(criterion=code, points=given, for_authors=_comment(code, given)) for code, given in points.items()
    )
    authors, committee = VERDICTS[sum(points.values()) >= STRONG]
    return Words(scores=scores, for_authors=authors, for_committee=committee)


def _comment(code: str, points: int) -> str:
    """Return what is said of a criterion, in both languages: whoever reads it reads one of them."""
    judged, judged_zh = JUDGED[min(len(JUDGED) - 1, points // 3)]
    subject, subject_zh = SUBJECTS[code]
    return f"{subject} {judged}. {subject_zh}{judged_zh}。"


def _decided(connection: sa.Connection, crew: Crew, call: UUID, proposals: Mapping[str, UUID]) -> tuple[str, ...]:
    """Fund the best three that answer different problems; return their codes."""
    codes = {id_: code for code, id_ in proposals.items()}
    texts = {one.code: one for one in practice().proposals}
    funded = list[str]()
    for place in calls.ranking(connection, crew.actor("gu"), call):
        text = texts[codes[place.proposal]]
        good = len(funded) < FUNDED and text.problem not in {texts[code].problem for code in funded}
        funded += [text.code] if good else []
        outcome: Outcome = "funded" if good else "declined"
        amount = sum(minor for _, minor in text.costs) if good else 0
        judge, at = crew.actor(_judge(crew, text)), crew.dates.at(1, 7, 5, 10)
        calls.decide(connection, judge, place.proposal, outcome, REASONS[outcome], amount_minor=amount, at=at)
    return tuple(funded)


def _judge(crew: Crew, text: ProposalText) -> str:
    """Return somebody of the council whose organisation takes no part."""
    parties = {crew.text(text.lead).member, *text.partners}
    return next(nick for nick in reversed(crew.with_role("council")) if crew.text(nick).member not in parties)


def _appealed(connection: sa.Connection, crew: Crew, proposals: Mapping[str, UUID]) -> None:
    filed = calls.appeal(
        connection, crew.actor("ding"), proposals["A04"], GROUNDS,
        at=crew.dates.at(1, 7, 12, 11),
    )  # fmt: skip
    at = crew.dates.at(1, 7, 20, 10)
    calls.decide_appeal(connection, crew.actor("tao"), filed.id, upheld=False, answer=ANSWER, at=at)
