"""The story of the demo's centre on days on which calendars bite."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from takeback import store
from takeback.demo.centre.story import tell
from tests.store import servers


@pytest.mark.parametrize("day", [(2027, 1, 2), (2028, 2, 29)])
def test_it_can_be_told_on_any_day(day: tuple[int, int, int], tmp_path: Path) -> None:
    """At the beginning of a year, and on a leap day, all of it is told, and every figure has its evidence."""
    with servers.migrated() as urls:
        store.open_database(urls.application, urls.owner)
        try:
            told = tell(tmp_path, lambda *_: None, now=datetime(*day, 12, tzinfo=UTC))
        finally:
            store.close()
    assert (told.proposals, told.projects, told.unproven) == (16, 4, ())
