"""Problems: one class for people and programs."""

from __future__ import annotations

import json
import pickle

import pytest

from takeback.core.message import msg
from takeback.core.problem import Problem

PROBLEM = Problem(
    "import.bad-row",
    msg("The file has mistakes"),
    where="batteries.csv",
    errors=[
        Problem("import.mass", msg("The mass is negative"), where="row 3", found=-2.5, expected=msg("more than 0"))
    ],
    remedy=msg("Mend the rows and send the file again."),
    status=400,
    exit_code=2,
)


def test_body_follows_rfc_9457() -> None:
    """The body has a type, a title and a status, is JSON, and leaves out what is not known."""
    body = json.loads(json.dumps(PROBLEM.as_dict()))
    assert body["type"] == "https://takeback.example/problems/import.bad-row"
    assert (body["title"], body["status"], body["where"]) == ("The file has mistakes", 400, "batteries.csv")
    assert body["errors"][0]["found"] == -2.5
    assert "found" not in body


def test_text_tells_everything_on_lines() -> None:
    """The text for a terminal has the title, what is known line by line, and the errors inside indented."""
    assert PROBLEM.as_text().splitlines() == [
        "The file has mistakes",
        "  Where: batteries.csv",
        "  Mend the rows and send the file again.",
        "  - The mass is negative",
        "      Where: row 3",
        "      Found: -2.5",
        "      Expected: more than 0",
    ]


def test_every_sentence_is_translated() -> None:
    """In another language no English sentence is left, inside errors neither."""
    body = PROBLEM.as_dict(lambda text: f"«{text}»")
    assert body["title"] == "«The file has mistakes»"
    assert body["errors"][0]["expected"] == "«more than 0»"  # type: ignore[index]
    assert "«Where: batteries.csv»" in PROBLEM.as_text(lambda text: f"«{text}»")


def test_problems_travel_between_processes() -> None:
    """A problem raised in another process arrives with everything it had."""
    again = pickle.loads(pickle.dumps(PROBLEM))
    assert again.as_dict() == PROBLEM.as_dict()
    assert again.exit_code == 2


@pytest.mark.parametrize("found", [float("nan"), {1, 2}, {"a": (1, b"x")}, "x" * 10_000])
def test_whatever_was_found_becomes_json(found: object) -> None:
    """What was found is shown as JSON whatever it was, and long text is cut."""
    text = json.dumps(Problem("a.b", msg("t"), found=found).as_dict(), allow_nan=False)
    assert len(text) < 1000


@pytest.mark.parametrize("kind", ["", "Import", "import.", "a b", "a..b", "-a"])
def test_a_kind_is_a_slug(kind: str) -> None:
    """A kind that could not stand in a URL is the programmer's mistake."""
    with pytest.raises(ValueError, match="dotted slug"):
        Problem(kind, msg("t"))
