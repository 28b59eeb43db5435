"""Reviewing problems and answers as files and pictures."""

from __future__ import annotations

import csv
import io

import pytest

from takeback.core.problem import Problem
from takeback.plan.doors import Budget
from takeback.plan.reviewing import check, figures, formats, solve
from tests.plan.reviewing import worlds

ROUNDS = Budget(iterations=20)


def test_a_problem_and_its_solution_survive_json() -> None:
    """Written and read again they are the same, and the check still passes: prices are in the file."""
    problem = worlds.problem(2)
    solution = solve(problem, budget=ROUNDS)
    read = formats.problem_from_json(formats.problem_to_json(problem))
    answer = formats.solution_from_json(formats.solution_to_json(solution))
    assert (read, answer) == (problem, solution)
    assert check(read, answer) == []


def test_a_problem_survives_its_tables() -> None:
    """Proposals, reviewers and pairs as three tables; the other rules are given beside them."""
    problem = worlds.problem(2)
    names = ("most_of_organisation", "seniors", "fairness", "balance", "least_match", "top_level")
    tables = formats.problem_to_csv(problem)
    assert formats.problem_from_csv(*tables, **{name: getattr(problem, name) for name in names}) == problem


def test_a_hand_written_table_needs_few_columns() -> None:
    """Wanted is 3, a topic weighs 1, nobody is fixed unless the table says so; a spreadsheet's mark is no letter."""
    problem = formats.problem_from_csv(
        "\ufeffproposal,topics\nA,packs; law:2\n", "Reviewer,Most,Expertise,Senior\nr1,4,packs:5,yes\n"
    )
    assert problem.proposals[0].topics == (("packs", 1.0), ("law", 2.0))
    assert problem.proposals[0].wanted == 3
    assert (problem.reviewers[0].most, problem.reviewers[0].senior, problem.fixed) == (4, True, ())


@pytest.mark.parametrize(
    ("proposals", "reviewers", "pairs", "where"),
    [
        ("proposal,topics\nA,packs:x\n", "reviewer\nr\n", "", "row 2, column topics"),
        ("proposal,topics,wanted\nA,packs,many\n", "reviewer\nr\n", "", "row 2, column wanted"),
        ("proposal,topics\nA,packs\n", "reviewer,senior\nr,perhaps\n", "", "row 2, column senior"),
        ("proposal,topics\nA,packs\n", "reviewer\nr\n", "proposal,reviewer,sort\nA,r,foe\n", "row 2, column sort"),
        ("name\nA\n", "reviewer\nr\n", "", None),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_by_row_and_column(
    proposals: str, reviewers: str, pairs: str, where: str | None
) -> None:
    """No half-read problem, no stack trace."""
    with pytest.raises(Problem) as caught:
        formats.problem_from_csv(proposals, reviewers, pairs)
    assert caught.value.where == where
    assert caught.value.kind == ("reviewing.bad-row" if where else "reviewing.bad-header")


@pytest.mark.parametrize(
    "document",
    [b"", b"[]", b"{", b'{"format": "x"}', b'{"format": "takeback-reviewing-problem/1"}', b"\xff\xfe{}"],
)
def test_a_document_that_is_not_one_is_refused(document: bytes) -> None:
    """Neither as a problem nor as a solution."""
    for reader in (formats.problem_from_json, formats.solution_from_json):
        with pytest.raises(Problem) as caught:
            reader(document)
        assert caught.value.kind == "reviewing.unreadable"


def test_the_answer_is_a_table_of_reviews() -> None:
    """A row for each review; the matches sum to the quality."""
    problem = worlds.problem(2)
    solution = solve(problem, budget=ROUNDS)
    rows = list(csv.DictReader(io.StringIO(formats.solution_to_csv(problem, solution))))
    assert [(row["proposal"], row["reviewer"]) for row in rows] == list(solution.assignment.pairs)
    assert sum(float(row["match"]) for row in rows) == pytest.approx(solution.assignment.quality, abs=0.01)


def test_pictures_add_up() -> None:
    """Load bars count every review once; the matrix has each pair, worst-served first; conflicts are marked."""
    problem = worlds.problem(2, fixed=())
    found = solve(problem, budget=ROUNDS).assignment
    bars = figures.loads(problem, found)
    assert sum(int(str(bar["reviews"])) for bar in bars) == len(found.pairs)
    served = figures.proposals(problem, found)
    assert served[0]["mean"] == pytest.approx(found.worst)
    picture = figures.matrix(problem, found)
    states = {(p, r): cell[1] for p, row in zip(picture["proposals"], picture["cells"], strict=True)
              for r, cell in zip(picture["reviewers"], row, strict=True)}  # fmt: skip
    assert {pair for pair, state in states.items() if state == "assigned"} == {*found.pairs}
    assert all(states[pair] == "conflict" for pair in problem.conflicts)
    assert picture["proposals"][0] == served[0]["proposal"]
    cut = figures.matrix(problem, found, most=12)
    assert len(cut["proposals"]) * len(cut["reviewers"]) <= 12
    assert sum(cut["left_out"]) > 0
