"""The page of conformance says what the public suites say now."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.reference import reference_data

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    for part in ("gs1-epcis", "epcis-event-hash-vectors", "merkle"):
        reference_data(f"prove/{part}")
    return runpy.run_path(str(ROOT / "tools" / "conformance.py"))


def test_the_page_is_what_the_suites_say(tool: dict[str, Any]) -> None:
    """Suites, cases, what passed and each exception stand on the committed page; nothing is left without a clause."""
    page = tool["page"]()
    assert "Not explained" not in page, page.partition("## Not explained")[2]
    assert (ROOT / "docs/reference/conformance.md").read_text(encoding="utf-8") == page, "run tools/conformance.py"


def test_at_least_99_percent_of_the_documents_are_judged_as_their_names_say_or_explained(tool: dict[str, Any]) -> None:
    """No document of GS1 is refused without a clause, and few are refused at all."""
    suites = list(tool["documents"]())
    assert sum(suite.cases for suite in suites) >= 80
    assert not any(suite.unexplained for suite in suites)
    assert sum(suite.passed for suite in suites) / sum(suite.cases for suite in suites) > 0.96
