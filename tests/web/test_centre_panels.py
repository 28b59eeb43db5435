"""What the page of a record of a certain kind shows beside what every record does."""

from __future__ import annotations

from takeback.core.message import msg
from takeback.share.centre.reporting import Snapshot
from takeback.web.pages.centre.panels import _snapshot


def test_a_figure_of_an_earlier_year_leads_to_the_evidence_of_that_year() -> None:
    """In a report of several years each figure says of which it is and leads there; in that of one year it need not."""
    one = Snapshot(code="results.papers", year=2024, unit="count", value=3, entries=3)
    labels = {"results.papers": msg("Papers")}
    card = _snapshot(None, one, labels, dated=True)  # type: ignore[arg-type]
    assert (card.href, card.note) == ("/centre/figures/results.papers?year=2024", "2024")
    assert _snapshot(None, one, labels, dated=False).note == ""  # type: ignore[arg-type]
