from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.grading.goods.baseline import brier, observed_is_true
from takeback.plan.grading.goods.calibration import Calibration, Regrade, calibrate, prior_counts
from takeback.plan.grading.goods.check import check
from takeback.plan.grading.goods.checklist import GRADES, Answer, Checklist, Question
from takeback.plan.grading.goods.problem import GoodsGradingProblem, Inspection
from takeback.plan.grading.goods.solution import GoodsGradingSolution
from takeback.plan.grading.goods.solve import solve
from takeback.plan.grading.goods.standard import standard_checklists

LISTS = standard_checklists()
SHARES = {"": np.full(5, 0.2), "phone": np.array([0.4, 0.3, 0.15, 0.1, 0.05])}


def _inspection(seed: int) -> Inspection:
    random = np.random.default_rng(seed)
    name = str(random.choice(sorted(LISTS)))
    answers = {q.code: str(random.choice([a.code for a in q.answers])) for q in LISTS[name].questions}
    return Inspection(f"item {seed}", str(random.choice(["phone", "mug"])), name, f"station {seed % 3}", answers)


def _problem(count: int = 60) -> GoodsGradingProblem:
    calibration = Calibration(
        ("station 0", "station 1"), np.stack([prior_counts(accuracy=a) for a in (0.95, 0.6)]), prior_counts()
    )
    return GoodsGradingProblem(LISTS, tuple(_inspection(seed) for seed in range(count)), calibration, SHARES)


def _all_best(name: str) -> dict[str, str]:
    return {question.code: question.answers[0].code for question in LISTS[name].questions}


def test_the_independent_check_finds_nothing_wrong() -> None:
    """Random answers to every standard checklist: grades, points, traces and beliefs follow from the definition."""
    problem = _problem(200)
    assert check(problem, solve(problem)) == []


@pytest.mark.parametrize("name", sorted(LISTS))
def test_the_best_answers_give_an_a_with_nothing_to_explain(name: str) -> None:
    """Nothing wrong: grade A, 100 points, an empty trace."""
    problem = GoodsGradingProblem(LISTS, (Inspection("x", "mug", name, "s", _all_best(name)),))
    solution = solve(problem)
    assert (GRADES[solution.grade[0]], solution.score[0], solution.trace[0]) == ("A", 100.0, ())


@pytest.mark.parametrize("seed", range(30))
def test_a_worse_answer_never_gives_a_better_grade(seed: int) -> None:
    """Raising one answer's severity and cap leaves the grade or lowers it."""
    inspection = _inspection(seed)
    before = solve(GoodsGradingProblem(LISTS, (inspection,)))
    for question in LISTS[inspection.checklist].questions:
        given = next(a for a in question.answers if a.code == inspection.answers[question.code])
        for answer in question.answers:
            if answer.severity >= given.severity and (answer.cap or "A") >= (given.cap or "A"):
                worse = replace(inspection, answers={**inspection.answers, question.code: answer.code})
                assert solve(GoodsGradingProblem(LISTS, (worse,))).grade[0] >= before.grade[0]


def test_a_critical_answer_caps_the_grade_and_is_named_first() -> None:
    """A broken hygiene seal makes the thing worthless however good the rest is, and the trace says so first."""
    answers = {**_all_best("hygiene"), "seal": "broken", "packaging": "opened"}
    problem = GoodsGradingProblem(LISTS, (Inspection("x", "mug", "hygiene", "s", answers),))
    solution = solve(problem)
    assert GRADES[solution.grade[0]] == "E"
    first = solution.trace[0][0]
    assert (first.question, first.cap) == ("seal", "E")
    assert str(first.text) == "How is the hygiene seal? Broken. (minus 40 points, grade E at best)"


def test_sentences_are_translated_to_their_innermost_part() -> None:
    """A trace in another language has the question and the answer in that language too."""
    problem = GoodsGradingProblem(
        LISTS, (Inspection("x", "mug", "general", "s", {**_all_best("general"), "works": "no"}),)
    )
    words = {"Does it work?": "能用吗?", "No.": "不能。"}
    text = solve(problem).trace[0][0].text.translated(lambda msgid: words.get(msgid, msgid))
    assert text.startswith("能用吗? 不能。")


def test_beliefs_beat_taking_the_grade_for_true() -> None:
    """With stations of known reliability the beliefs' Brier score on hidden truth is below the naive one's."""
    random = np.random.default_rng(3)
    counts = np.stack([prior_counts(accuracy=0.9, strength=1000), prior_counts(accuracy=0.55, strength=1000)])
    calibration = Calibration(("good", "poor"), counts, prior_counts())
    truth = random.choice(5, 3000, p=SHARES["phone"])
    station = random.integers(0, 2, 3000)
    seen = np.array(
        [random.choice(5, p=counts[s, g] / counts[s, g].sum()) for s, g in zip(station, truth, strict=True)]
    )
    checklist = _one_question()
    inspections = tuple(
        Inspection(str(i), "phone", "one", calibration.stations[s], {"state": GRADES[g]})
        for i, (s, g) in enumerate(zip(station, seen, strict=True))
    )
    solution = solve(GoodsGradingProblem({"one": checklist}, inspections, calibration, SHARES))
    assert solution.grade.tolist() == seen.tolist()
    assert brier(solution.belief, truth) < 0.75 * brier(observed_is_true(solution.grade), truth)
    sure = solution.belief.max(axis=1)
    right = solution.belief.argmax(axis=1) == truth
    assert abs(float(right.mean() - sure.mean())) < 0.03, "stated probabilities are kept"


def _one_question() -> Checklist:
    answers = tuple(Answer(name, msg("Grade."), 0.0, None if name == "A" else name) for name in GRADES)
    return Checklist(
        "one", "1", (Question("state", "cosmetic", msg("State?"), 0.0, answers),), (90, 75, 55, 30), "test"
    )


def test_stations_are_told_apart_without_knowing_the_truth() -> None:
    """From blind regrades by three stations alone, the careless one is found and the matrices come out right."""
    random = np.random.default_rng(5)
    accuracy = {"careful": 0.95, "usual": 0.8, "careless": 0.55}
    matrices = {name: prior_counts(accuracy=a, strength=1) for name, a in accuracy.items()}
    regrades = []
    for i in range(600):
        grade = random.choice(5, p=[0.3, 0.25, 0.2, 0.15, 0.1])
        for name, matrix in matrices.items():
            regrades.append(Regrade(str(i), name, GRADES[random.choice(5, p=matrix[grade])]))
    calibration = calibrate(regrades)
    found = {name: float(np.diag(calibration.confusion(name)).mean()) for name in accuracy}
    assert found["careful"] > found["usual"] > found["careless"]
    assert all(abs(found[name] - accuracy[name]) < 0.07 for name in accuracy)


def test_few_regrades_leave_a_station_near_its_peers() -> None:
    """One regrade moves the prior a little; none leaves it; the order of regrades does not matter."""
    none = calibrate([])
    assert none.confusion("anyone") == pytest.approx(prior_counts() / prior_counts().sum(axis=1, keepdims=True))
    one = [Regrade("x", "s", "A"), Regrade("x", "t", "C")]
    moved = calibrate(one).confusion("s") - none.confusion("s")
    assert 0 < np.abs(moved).max() < 0.1
    assert calibrate(one[::-1]).confusion("s") == pytest.approx(calibrate(one).confusion("s"))
    single = calibrate([Regrade("y", "s", "A")])
    assert single.confusion("s") == pytest.approx(none.confusion("s"))


def test_a_grade_that_the_category_calls_impossible_is_believed() -> None:
    """Shares of 0 are an opinion, the inspection a fact: no division by nothing."""
    shares = {"": np.array([1.0, 0.0, 0.0, 0.0, 0.0])}
    certain = Calibration(("s",), np.eye(5)[None], prior_counts())
    answers = {**_all_best("general"), "works": "no"}
    problem = GoodsGradingProblem(LISTS, (Inspection("x", "mug", "general", "s", answers),), certain, shares)
    solution = solve(problem)
    assert solution.belief[0].tolist() == np.eye(5)[solution.grade[0]].tolist()
    assert check(problem, solution) == []


Mutation = Callable[[GoodsGradingSolution], GoodsGradingSolution]
MUTATIONS: dict[str, tuple[str, Mutation]] = {
    "another grade": ("grade.wrong", lambda s: replace(s, grade=(s.grade + 1) % 5)),
    "more points": ("score.wrong", lambda s: replace(s, score=s.score + 1)),
    "another belief": ("belief.wrong", lambda s: replace(s, belief=np.full(s.belief.shape, 0.2))),
    "a silent trace": ("trace.wrong", lambda s: replace(s, trace=((),) * len(s.trace))),
    "a missing item": ("solution.shape", lambda s: replace(s, grade=s.grade[1:])),
    "a missing trace": ("solution.shape", lambda s: replace(s, trace=s.trace[1:])),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_solution_is_caught(name: str) -> None:
    """Each thing a solution states is recomputed: altered, it is reported under its rule."""
    problem = _problem(20)
    rule, mutate = MUTATIONS[name]
    assert rule in {violation.rule for violation in check(problem, mutate(solve(problem)))}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"checklist": "nothing"}, "x"),
        ({"answers": {}}, "x, complete"),
        ({"answers": {**_all_best("general"), "works": "maybe"}}, "x, works"),
        ({"answers": {**_all_best("general"), "colour": "red"}}, "x, colour"),
    ],
)
def test_an_incomplete_inspection_is_refused_with_its_place(change: dict[str, object], where: str) -> None:
    """No grade from half a checklist: the missing or unknown answer is named."""
    good = {"key": "x", "category": "mug", "checklist": "general", "station": "s", "answers": _all_best("general")}
    with pytest.raises(Problem) as caught:
        GoodsGradingProblem(LISTS, (Inspection(**{**good, **change}),))  # type: ignore[arg-type]
    assert where in {caught.value.where, *(error.where for error in caught.value.errors)}


@pytest.mark.parametrize(
    "change",
    [
        {"questions": ()},
        {"thresholds": (50.0, 60.0, 40.0, 30.0)},
        {"thresholds": (120.0, 60.0, 40.0, 30.0)},
        {"questions": (Question("q", "cosmetic", msg("?"), 200, (Answer("a", msg("a")), Answer("b", msg("b")))),)},
        {"questions": (Question("q", "cosmetic", msg("?"), 20, (Answer("a", msg("a")), Answer("a", msg("b")))),)},
        {"questions": (Question("q", "cosmetic", msg("?"), 20, (Answer("a", msg("a")), Answer("b", msg("b"), 2.0))),)},
        {
            "questions": (
                Question("q", "cosmetic", msg("?"), 20, (Answer("a", msg("a")), Answer("b", msg("b"), 1, "F"))),
            )
        },
    ],
)
def test_a_senseless_checklist_is_refused(change: dict[str, object]) -> None:
    """Weights, severities, caps and thresholds that cannot be are named before anything is graded."""
    with pytest.raises(Problem, match="has mistakes"):
        replace(LISTS["general"], **change)  # type: ignore[arg-type]


def test_shares_must_be_probabilities() -> None:
    """A prior that does not sum to 1 is refused."""
    with pytest.raises(Problem, match="sum to 1"):
        GoodsGradingProblem(LISTS, (), shares={"": np.full(5, 0.3)})


def test_an_unknown_grade_among_regrades_is_refused() -> None:
    """Grade F does not exist."""
    with pytest.raises(Problem, match="unknown grade"):
        calibrate([Regrade("x", "s", "F"), Regrade("x", "t", "A")])
