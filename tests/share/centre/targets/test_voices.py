"""Evaluations, priorities and consultations: the experts', the authority's and the members' say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.projects import start_project
from takeback.share.centre.records import Record, create, find
from takeback.share.centre.talent import Place, Team, begin_mentoring, give_mentor, put_team
from takeback.share.centre.targets import (
    Consultation,
    Criterion,
    Evaluation,
    Judgement,
    Period,
    Priority,
    Question,
    Treatment,
    answer,
    answers_to,
    assess,
    close_consultation,
    close_scores,
    conclude,
    declare_interest,
    draft_consultation,
    figures,
    known_priorities,
    my_answer,
    open_consultation,
    prepare_evaluation,
    priorities,
    publish,
    put_period,
    reopen_assessment,
    score,
    score_of,
)
from takeback.share.centre.targets.judges import RULES
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.projects.project_world import project_facts

OPENS, WITHIN, CLOSES = (datetime(2026, 4, day, tzinfo=UTC) for day in (1, 10, 30))
CRITERIA = (
    Criterion(code="industry", name="Service to industry", name_zh="服务产业", weight_pct=60),
    Criterion(code="people", name="People trained", name_zh="人才培养", weight_pct=40),
)


def evaluation(connection: sa.Connection, actor: CentreActor, criteria: tuple[Criterion, ...] = CRITERIA) -> Record:
    """Prepare a mid-term evaluation."""
    period = Period(
        code=f"C{len(find(connection, 'period'))}",
        name="Construction",
        name_zh="建设期",
        stage="construction",
        begins=date(2026, 3, 1),
        ends=date(2030, 12, 31),
    )
    facts = Evaluation(
        period_id=put_period(connection, actor, period).id, sort="mid-term", year=2028, title="Mid-term",
        title_zh="中期", criteria=criteria,
    )  # fmt: skip
    return prepare_evaluation(connection, actor, facts)


def points(industry: int, people: int) -> list[Judgement]:
    """Return an expert's points."""
    said = {"industry": industry, "people": people}
    return [Judgement(criterion=code, points=given, why="seen on the site") for code, given in said.items()]


def test_weights_that_are_not_a_hundred_per_cent_are_refused(centre: CentreWorld) -> None:
    """60 per cent alone, and the same criterion twice, are no evaluation."""
    with store.transaction(centre.org) as connection:
        for criteria in (CRITERIA[:1], (*CRITERIA, CRITERIA[0])):
            with pytest.raises(Problem) as refused:
                evaluation(connection, centre.manager, criteria)
            assert refused.value.kind == "centre.bad-criteria"


def test_an_evaluation_goes_from_self_assessment_over_experts_to_the_conclusion(centre: CentreWorld) -> None:
    """Points are weighted; nobody sees sums before the scores are closed; the authority alone concludes."""
    experts = [centre.enter(name, "institute", "expert") for name in ("Ed", "Eva")]
    authority = centre.enter("Ann", "authority", "authority")
    shown = [centre.members["maker"]]
    with store.transaction(centre.org) as connection:
        what = evaluation(connection, centre.manager).id
        with pytest.raises(Problem, match="no scores now"):
            score(connection, experts[0], what, points(1, 1))
        with pytest.raises(Problem, match="judged once"):
            assess(connection, centre.manager, what, {"industry": (80, "two lines", shown)})
        assess(connection, centre.manager, what, dict.fromkeys(("industry", "people"), (70, "shown", shown)))
        with pytest.raises(Problem, match="Say why"):
            reopen_assessment(connection, centre.manager, what, "")
        with pytest.raises(Problem, match="not allowed"):
            reopen_assessment(connection, experts[0], what, "mine")
        assert reopen_assessment(connection, centre.manager, what, "Two lines more.").state == "prepared"
        assess(connection, centre.manager, what, dict.fromkeys(("industry", "people"), (80, "shown", shown)))
        for expert, given in zip(experts, (points(90, 70), points(70, 80)), strict=True):
            score(connection, expert, what, points(0, 0))
            score(connection, expert, what, given)
        with pytest.raises(Problem, match="have given their points"):
            reopen_assessment(connection, centre.manager, what, "Too late.")
        assert score_of(connection, experts[0], what) is None
        with pytest.raises(Problem) as refused:
            close_scores(connection, centre.manager, what)
        assert refused.value.status == 403
        close_scores(connection, authority, what)
        found = score_of(connection, experts[0], what)
        assert found is not None
        assert (found.experts, found.mean, found.lowest, found.highest) == (2, 78, 74, 82)
        assert found.criteria == {"industry": 80, "people": 75}
        with pytest.raises(Problem, match="no scores now"):
            score(connection, experts[0], what, points(1, 1))
        with pytest.raises(Problem, match="reasons"):
            conclude(connection, authority, what, "passed", " ")
        assert conclude(connection, authority, what, "passed", "Both fields are served").state == "concluded"
        shown = {one.code: one.value for one in figures(connection, 2028)}
        assert shown["targets.points"] == 78


def consultation(connection: sa.Connection, actor: CentreActor) -> UUID:
    """Draft a consultation with two questions."""
    facts = Consultation(
        about="rule", title="Draft rule on test reports", title_zh="检测报告规则草案", draft="Reports carry intervals.",
        opens=OPENS, closes=CLOSES,
        questions=(Question(code="q1", text="Is it clear?"), Question(code="q2", text="Cost?")),
    )  # fmt: skip
    return draft_consultation(connection, actor, facts).id


def test_members_answer_a_consultation_while_it_is_open(centre: CentreWorld) -> None:
    """Before and after is refused; answering anew replaces; others' answers are seen once they are published."""
    bob, eve = centre.enter("Bob", "maker", "delegate"), centre.enter("Eve", "shop", "delegate")
    with store.transaction(centre.org) as connection:
        what = consultation(connection, centre.manager)
        for moment, kind in ((OPENS, "centre.not-open"),):
            with pytest.raises(Problem) as refused:
                answer(connection, bob, what, {"q1": "yes"}, at=moment)
            assert refused.value.kind == kind
        open_consultation(connection, centre.manager, what, at=OPENS)
        for given, kind in (({"q9": "x"}, "centre.no-question"), ({"q1": " "}, "centre.no-answer")):
            with pytest.raises(Problem) as refused:
                answer(connection, bob, what, given, at=WITHIN)
            assert refused.value.kind == kind
        answer(connection, bob, what, {"q1": "no"}, at=WITHIN)
        answer(connection, bob, what, {"q1": "yes", "q2": "40 yuan a pack"}, at=WITHIN)
        answer(connection, eve, what, {"q1": "mostly"}, at=WITHIN)
        with pytest.raises(Problem) as late:
            answer(connection, eve, what, {"q1": "late"}, at=CLOSES)
        assert late.value.kind == "centre.too-late"
        with pytest.raises(Problem) as refused:
            answers_to(connection, eve, what)
        assert refused.value.status == 403
        mine = my_answer(connection, bob, what)
        assert mine is not None
        assert dict(mine.facts.answers)["q1"] == "yes"
        with pytest.raises(Problem, match="until the day"):
            close_consultation(connection, centre.manager, what, at=WITHIN)
        close_consultation(connection, centre.manager, what, at=CLOSES)
        first, second = answers_to(connection, centre.manager, what)
        treated = [Treatment(answer_id=first.id, treatment="accepted", reason="Interval and method are named")]
        with pytest.raises(Problem) as untreated:
            publish(connection, centre.manager, what, "Two answers.", treated)
        assert untreated.value.kind == "centre.untreated"
        treated.append(Treatment(answer_id=second.id, treatment="noted", reason="No change asked for"))
        publish(connection, centre.manager, what, "Two answers.", treated)
        published = answers_to(connection, eve, what)
        assert [one.member_id for one in published] == [centre.members["maker"], centre.members["shop"]]
        assert [one.treatment.treatment for one in published if one.treatment] == ["accepted", "noted"]


def test_the_authority_alone_sets_priorities(centre: CentreWorld) -> None:
    """Members see them; a manager may not set one; what is withdrawn or past is not in force."""
    authority = centre.enter("Ann", "authority", "authority")
    facts = Priority(
        code="R1", sort="regional_issue", title="Packs of two-wheelers", title_zh="两轮车电池", text="Fires in depots",
        source="Regional list 2026", region="Linhai", until=date(2027, 12, 31),
    )  # fmt: skip
    with store.transaction(centre.org) as connection:
        with pytest.raises(Problem) as refused:
            create(connection, centre.manager, "priority", facts)
        assert refused.value.status == 403
        made = create(connection, authority, "priority", facts)
        assert [one.id for one in priorities(connection, today=date(2027, 1, 1), region="Linhai")] == [made.id]
        assert priorities(connection, today=date(2028, 1, 1)) == []
        assert priorities(connection, region="Elsewhere") == []
        known_priorities(connection, [made.id])
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection, pytest.raises(Problem, match="no such priority"):
        known_priorities(connection, [made.id])


def _assessed(connection: sa.Connection, centre: CentreWorld, shown: list[UUID]) -> UUID:
    what = evaluation(connection, centre.manager).id
    assess(connection, centre.manager, what, dict.fromkeys(("industry", "people"), (80, "shown", shown)))
    return what


def _team(connection: sa.Connection, centre: CentreWorld, *persons: UUID) -> UUID:
    places = tuple(Place(person=one) for one in persons)
    team = Team(name="T", name_zh="组", leader=persons[0], places=places)
    return put_team(connection, centre.manager, team).id


@pytest.mark.parametrize("rule", sorted(RULES))
def test_an_expert_with_an_interest_does_not_judge_the_centre(centre: CentreWorld, rule: str) -> None:
    """Each rule refuses the expert's points, and is named; a colleague without an interest gives hers."""
    roles = ("expert", "director") if rule == "runs-the-centre" else ("expert", "mentor")
    expert = centre.enter("Ed", "university" if rule == "same-member" else "institute", *roles)
    eva = centre.enter("Eva", "institute", "expert")
    boss = centre.enter("Bo", "university", "manager", "student")
    with store.transaction(centre.org) as connection:
        shown = [_team(connection, centre, expert.person())] if rule == "in-team" else [centre.members["maker"]]
        what = _assessed(connection, centre, shown)
        if rule == "co-team":
            _team(connection, centre, expert.person(), boss.person())
        if rule == "mentor":
            begun = begin_mentoring(connection, centre.manager, boss.person(), "Cells", date(2026, 9, 1))
            give_mentor(connection, centre.manager, begun.id, expert.person())
        if rule == "declared":
            declare_interest(connection, expert, what, "I wrote the plan.")
        with pytest.raises(Problem) as refused:
            score(connection, expert, what, points(100, 100))
        assert refused.value.kind == "centre.reviewer-conflict"
        assert str(refused.value.found) == str(RULES[rule])
        score(connection, eva, what, points(90, 70))


def test_points_of_who_gets_an_interest_afterwards_are_set_aside(centre: CentreWorld) -> None:
    """Who enters a project of the centre, or declares an interest, before the scores are closed does not count."""
    experts = [centre.enter(name, "institute", "expert") for name in ("Ed", "Eva", "Em")]
    authority = centre.enter("Ann", "authority", "authority")
    with store.transaction(centre.org) as connection:
        what = _assessed(connection, centre, [centre.members["maker"]])
        for expert, given in zip(experts, (points(0, 0), points(90, 70), points(0, 10)), strict=True):
            score(connection, expert, what, given)
        begin_running(connection, centre, experts[0])
        declare_interest(connection, experts[2], what, "My brother leads it.")
        declare_interest(connection, experts[2], what, "My brother leads it.")
        close_scores(connection, authority, what)
        found = score_of(connection, experts[0], what)
        assert found is not None
        assert (found.experts, found.mean) == (1, 82)
        with pytest.raises(Problem):
            declare_interest(connection, experts[1], what, "Too late.")


def test_bob_and_charlie_declare_nothing(centre: CentreWorld) -> None:
    """Only experts of the centre abstain."""
    bob = centre.enter("Bob", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        what = _assessed(connection, centre, [centre.members["maker"]])
        with pytest.raises(Problem) as refused:
            declare_interest(connection, bob, what, "I know them.")
        assert refused.value.status == 403


def begin_running(connection: sa.Connection, centre: CentreWorld, who: CentreActor) -> None:
    """Let somebody lead a project of the centre."""
    start_project(connection, centre.manager, project_facts(centre, who.person()))
