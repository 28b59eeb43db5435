"""The queries of the page on loading and exporting are run as they stand, on an export of the ledger."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import duckdb
import msgspec
import pytest

from bench.events import NAMESPACE, events
from takeback import store
from takeback.prove.bulk.export import export
from takeback.prove.bulk.load import load
from takeback.prove.bulk.source import source

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "load-and-export-files.md"
COUNT = 200


def _queries() -> list[str]:
    return re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_queries_of_the_page_answer_from_an_export(
    database: store.Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed as they stand beside the folder `events`, they count exactly what was loaded, by day and by place."""
    org, batch = uuid4(), [{"@context": {"rl": NAMESPACE}, **event} for event in events(COUNT, seed=7, items=150)]
    (tmp_path / "march.ndjson").write_bytes(b"\n".join(map(msgspec.json.encode, batch)))
    assert load(source(tmp_path / "march.ndjson"), org, actor="test", processes=1).captured == COUNT
    export(org, tmp_path / "events", form="parquet")
    monkeypatch.chdir(tmp_path)
    by_day, by_place = (duckdb.sql(query).fetchall() for query in _queries())
    count, named = Counter[tuple[str, str | None]](), Counter[tuple[str, str | None]]()
    for event in batch:
        day = datetime.fromisoformat(event["eventTime"]).astimezone(UTC).date().isoformat()
        lists = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
        count[day, event.get("bizStep")] += 1
        named[day, event.get("bizStep")] += sum(len(event.get(name) or ()) for name in lists)
    assert {(str(day), step): (n, things) for day, step, n, things in by_day} == {
        k: (count[k], named[k]) for k in count
    }
    waiting = [event for event in batch if event.get("disposition") == "in_progress"]
    assert sum(row[3] for row in by_place) == len(waiting) > 0
    assert {row[0] for row in by_place} == {(event.get("readPoint") or {}).get("id") for event in waiting}
