"""Real input: returns and cells that nobody here invented go through the same loop, and each field says what it is."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from takeback import store
from takeback.demo.real_drive import SHOP, STATION, fill_real
from takeback.operate.identity import organisation_by_slug
from tests.reference import reference_data


def _column(slug: str, query: str) -> set[object]:
    with store.admin() as connection:
        org = organisation_by_slug(connection, slug).id
    with store.transaction(org) as connection:
        return set(connection.scalars(sa.text(query)))


def test_a_slice_of_real_data_runs_through_the_loop(database: store.Database, tmp_path: Path) -> None:
    """Real returns and retired cells are ordered, received, graded, decided; mass closes, the ledger verifies; run
    again,
    nothing is doubled."""
    data = reference_data("returns").parent
    reference_data("diagnostics/pulsebat")
    first = fill_real(tmp_path, data, lambda *_: None, rows=40)
    assert (first.mass_closed, first.verified, first.findings) == (True, True, [])
    assert sum(first.by_stage.values()) == first.returns + first.cells
    again = fill_real(tmp_path, data, lambda *_: None, rows=40)
    assert again.by_stage == first.by_stage


def test_what_the_files_lack_is_marked_and_counts_nowhere(database: store.Database, tmp_path: Path) -> None:
    """Assumed masses and grades are declared, measured capacities real; no outcome enters realised-value figures."""
    data = reference_data("returns").parent
    reference_data("diagnostics/pulsebat")
    fill_real(tmp_path, data, lambda *_: None, rows=40)
    assert _column(SHOP, "select distinct provenance from statement where property in ('mass', 'grade')") == {
        "declared"
    }
    assert _column(STATION, "select distinct provenance from statement where property = 'capacity'") == {"real"}
    assert _column(STATION, "select distinct provenance from statement where property = 'soh'") == {"estimated"}
    assert _column(STATION, "select distinct level from item") == {"cell"}
    assert _column(SHOP, "select distinct realised_counts from decision where realised_minor is not null") <= {False}
    assert _column(SHOP, "select count(*) from plan") == {0}
