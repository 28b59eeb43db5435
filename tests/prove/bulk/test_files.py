"""Files of events: the good land once, the bad are told by number, a cut-off load goes on, exports are read back."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import duckdb
import msgspec
import pytest
import sqlalchemy as sa

from bench.events import NAMESPACE, document, events
from takeback import store
from takeback.core.problem import Problem
from takeback.prove.bulk.export import export
from takeback.prove.bulk.load import Loaded, load
from takeback.prove.bulk.source import source
from takeback.prove.epcis.hashing import event_hash, hash_uri
from takeback.prove.numbers import number_of

Event = dict[str, Any]
COUNT = 250


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


@pytest.fixture(scope="module")
def batch() -> list[Event]:
    return [{"@context": {"rl": NAMESPACE}, **event} for event in events(COUNT, seed=4, items=200)]


def ndjson(path: Path, batch: list[Event]) -> Path:
    path.write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in batch))
    return path


def loaded(path: Path, org: UUID, size: int = 60) -> Loaded:
    return load(source(path), org, actor="test", processes=2, batch=size)


def count(org: UUID) -> int:
    with store.transaction(org) as connection:
        return int(connection.scalar(sa.text("select count(*) from entry")) or 0)


def test_lines_documents_and_packed_files_bring_the_same_events(org: UUID, batch: list[Event], tmp_path: Path) -> None:
    """What the first file brought is not doubled by the others, whatever their form."""
    lines = ndjson(tmp_path / "events.txt", batch)
    (tmp_path / "document.txt").write_bytes(document([{k: v for k, v in e.items() if k != "@context"} for e in batch]))
    (tmp_path / "packed").write_bytes(gzip.compress(lines.read_bytes()))
    found = [loaded(path, org) for path in (lines, tmp_path / "document.txt", tmp_path / "packed")]
    assert [(one.events, one.captured, one.refused) for one in found] == [
        (COUNT, COUNT, 0),
        (COUNT, 0, 0),
        (COUNT, 0, 0),
    ]
    assert count(org) == COUNT


def test_bad_lines_are_told_by_number_and_the_rest_lands(org: UUID, batch: list[Event], tmp_path: Path) -> None:
    """No JSON, no event, a wrong check digit: each with what is wrong; the good ones beside them are there."""
    bad = dict(enumerate(batch[:100]))
    lines = [msgspec.json.encode(event) for event in bad.values()]
    lines[3] = b'{"type": "ObjectEvent", // a comment'
    lines[70] = msgspec.json.encode({**bad[70], "action": "LOOK"} if "action" in bad[70] else {**bad[70], "type": "X"})
    lines[71] = b"[]"
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(lines) + b"\n\n")
    found = loaded(path, org)
    assert [refusal.number for refusal in found.refusals] == [4, 71, 72]
    assert all(refusal.findings for refusal in found.refusals)
    assert (found.captured, found.refused, count(org)) == (97, 3, 97)


def test_a_load_that_was_cut_off_goes_on_where_it_ended(org: UUID, batch: list[Event], tmp_path: Path) -> None:
    """The batches before the cut are not read again; at the end all is there, once."""
    path = ndjson(tmp_path / "events.ndjson", batch)

    def cut(so_far: Loaded) -> None:
        if so_far.events >= 120:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(source(path), org, actor="test", processes=1, batch=60, on_progress=cut)
    there = count(org)
    assert 120 <= there < COUNT
    seen: list[int] = []
    found = load(source(path), org, actor="test", batch=60, on_progress=lambda so_far: seen.append(so_far.events))
    assert seen[0] >= there
    assert (found.events, found.captured, count(org)) == (COUNT, COUNT, COUNT)
    assert loaded(path, org).events == COUNT


def test_a_file_that_is_no_events_is_refused(org: UUID, tmp_path: Path) -> None:
    """With its name and what was found."""
    path = tmp_path / "notes.txt"
    path.write_text("kilograms\n", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        source(path)
    assert (caught.value.kind, caught.value.where) == ("load.unreadable", str(path))
    with pytest.raises(Problem) as caught:
        source(tmp_path / "missing")
    assert caught.value.kind == "load.no-file"


def test_an_export_is_read_by_duckdb_and_loads_again(org: UUID, batch: list[Event], tmp_path: Path) -> None:
    """Parquet by day with hash, time and things; lines that another organisation loads to the same hashes."""
    loaded(ndjson(tmp_path / "in.ndjson", batch), org)
    parquet = export(org, tmp_path / "parquet", form="parquet")
    files = f"'{tmp_path}/parquet/*/*.parquet'"
    query = f"select count(*), count(distinct event_id), min(event_time), sum(len(epcs)) from {files}"
    rows, ids, first, things = duckdb.sql(query).fetchall()[0]
    hashes = {hash_uri(event_hash(event)) for event in batch}
    assert (parquet.events, rows, ids) == (COUNT, COUNT, len(hashes))
    assert first.astimezone(UTC) == min(datetime.fromisoformat(event["eventTime"]) for event in batch)
    assert things > COUNT
    lines = export(org, tmp_path / "lines", form="ndjson")
    assert lines.events == COUNT
    other = uuid4()
    (again,) = (tmp_path / "lines").glob("day=*/events.ndjson")
    assert loaded(again, other).captured == COUNT
    with store.transaction(other) as connection:
        kept = connection.scalars(sa.text("select event_hash from entry")).all()
    assert {hash_uri(bytes(one)) for one in kept} == hashes


def test_an_export_does_not_mix_with_what_is_there(org: UUID, tmp_path: Path) -> None:
    """A folder with something in it is left alone."""
    (tmp_path / "kept").write_text("mine", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        export(org, tmp_path, form="ndjson")
    assert caught.value.kind == "export.not-empty"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_ids_follow_the_order_of_the_file(org: UUID, batch: list[Event], tmp_path: Path) -> None:
    """Though several processes write at the same time: the newest entry of a thing is the last in the file."""
    load(source(ndjson(tmp_path / "events.ndjson", batch)), org, actor="test", processes=2, batch=20)
    with store.transaction(org) as connection:
        ids = connection.scalars(sa.text(f"select {number_of()} from entry e order by e.id")).all()
        assert list(ids) == list(range(1, len(batch) + 1))
        times = connection.scalars(sa.text("select event_time from entry order by id")).all()
    assert times == [datetime.fromisoformat(event["eventTime"]) for event in batch]
