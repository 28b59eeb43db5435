"""Rows written before a party's turn: what came in between is neither doubled nor overlooked."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from bench.events import events
from takeback import store
from takeback.prove.epcis.ahead import write_ahead
from takeback.prove.epcis.capture import Captured, capture, record
from takeback.prove.epcis.ready import make_ready

Event = dict[str, Any]


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


def overtaken(org: UUID, slow: list[Event], quick: list[Event]) -> tuple[Captured, Captured]:
    """Capture ``quick`` whole between the two halves of capturing ``slow``."""
    ready = make_ready(slow)
    with store.transaction(org) as connection:
        ahead = write_ahead(connection, org, ready, actor="slow")
        with store.transaction(org) as other:
            first = capture(other, org, quick, actor="quick")
        return first, record(connection, org, ready, actor="slow", ahead=ahead)


def count(org: UUID, table: str) -> int:
    with store.transaction(org) as connection:
        return int(connection.scalar(sa.text(f"select count(*) from {table}")) or 0)


def test_what_came_in_between_is_a_replay_and_the_rest_is_new(org: UUID) -> None:
    """Of thirty events twenty were quicker: the ten others land, and no row is there twice."""
    batch = list(events(30, seed=3, items=60))
    first, second = overtaken(org, batch, batch[:20])
    assert second.entries[:20] == first.entries
    assert [a.body for a in second.appended] == batch[20:]
    assert count(org, "entry") == 30
    things = sum(len(a.roles) for a in (*first.appended, *second.appended))
    assert count(org, "entry_item") == things


def test_an_event_id_taken_in_between_is_a_conflict(org: UUID) -> None:
    """Another event under the same eventID, captured after the look and before the turn."""
    one, other, third = events(3, seed=4, items=60)
    name = {"eventID": "urn:uuid:0a1b2c3d-0000-4000-8000-000000000009"}
    _, second = overtaken(org, [{**one, **name}, third], [{**other, **name}])
    assert second.conflicts == [0]
    assert [a.body for a in second.appended] == [third]


def test_a_document_sees_what_was_captured_in_between_but_not_itself(org: UUID) -> None:
    """A thing that another capture ended is told; a thing ended without having been seen is told too."""
    at = {"eventTimeZoneOffset": "+00:00", "type": "ObjectEvent"}
    end = {**at, "action": "DELETE", "bizStep": "destroying"}
    thing, stranger = ["urn:epc:id:giai:6901234.A1"], ["urn:epc:id:giai:6901234.A2"]
    begin = {**at, "action": "ADD", "eventTime": "2026-03-01T08:00:00Z", "epcList": thing}
    ended = {**end, "eventTime": "2026-03-02T08:00:00Z", "epcList": thing}
    after = {**at, "action": "OBSERVE", "eventTime": "2026-03-03T08:00:00Z", "epcList": thing}
    unseen = {**end, "eventTime": "2026-03-03T08:00:00Z", "epcList": stranger}
    _, second = overtaken(org, [after, unseen], [begin, ended])
    assert [finding.rule for finding in second.findings] == ["lifecycle.after-end", "lifecycle.unknown-item"]


def test_a_time_recorded_in_between_counts_though_its_entry_has_the_greater_id(org: UUID) -> None:
    """One's own rows are passed over by their ids only where nobody else has written behind them."""
    at = {"eventTimeZoneOffset": "+00:00", "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "storing"}
    things = {"epcList": ["urn:epc:id:giai:6901234.A1"]}
    first, second, third = ({**at, **things, "eventTime": f"2026-03-0{day}T08:00:00Z"} for day in (1, 2, 3))
    _, late = overtaken(org, [first], [second])
    assert [finding.rule for finding in late.findings] == ["lifecycle.time-backwards"]
    with store.transaction(org) as connection:
        assert capture(connection, org, [third], actor="test").findings == []


def test_nothing_written_ahead_stays_when_the_turn_never_comes(org: UUID) -> None:
    """A capture that fails between its halves leaves no row."""
    with pytest.raises(RuntimeError), store.transaction(org) as connection:
        write_ahead(connection, org, make_ready(list(events(10, seed=5, items=60))), actor="lost")
        raise RuntimeError
    assert [count(org, table) for table in ("entry", "entry_item", "entry_mark")] == [0, 0, 0]
