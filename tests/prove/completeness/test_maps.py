"""Maps of a party: made from what is new only, rooted in the ledger, proving that these are all entries, or none."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback import store
from takeback.core.items import item_hex
from takeback.core.problem import Problem
from takeback.prove.bodies import load
from takeback.prove.checkpoint import LogKey
from takeback.prove.completeness import make_map, prove_item, state
from takeback.prove.completeness.housekeeping import is_due, make_due
from takeback.prove.completeness.making import news_count
from takeback.prove.completeness.trie import Step, chain, root_from
from takeback.prove.sequencer import sequence_all
from takeback.prove.verify import Verification, verify_party
from tests.prove.bundles import NOW, item_key, say

THINGS = [f"https://id.gs1.org/01/09506000134352/21/T-{n}" for n in range(12)]


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    return LogKey.kept_in(tmp_path)


def mapped(org: UUID, key: LogKey) -> int | None:
    sequence_all(key)
    with store.transaction(org) as connection:
        made = make_map(connection, org, actor="test", at=NOW)
    sequence_all(key)
    return made


def findings(org: UUID) -> list[str]:
    result = Verification()
    with store.transaction(org) as connection:
        verify_party(connection, org, result)
    return result.findings


def proven(org: UUID, thing: str) -> tuple[int, bool]:
    """Return how many entries the map shows about a thing, and whether the proof leads to the root in the ledger."""
    with store.transaction(org) as connection:
        proof = prove_item(connection, org, item_key(thing))
        body = load(connection.scalar(sa.text("select body from entry where id = :id"), {"id": proof["map"]}))
    key, end = item_key(thing), proof["other"] or proof
    value = chain(int(end["item"], 16), map(bytes.fromhex, end["leaves"]))
    steps = [Step(depth, bytes.fromhex(side)) for depth, side in proof["path"]]
    return len(proof["leaves"]), root_from(key, value, steps) == bytes.fromhex(body["takeback:map"]["root"])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sets(st.sampled_from(THINGS), max_size=4), max_size=4), min_size=1, max_size=4))
def test_each_map_shows_exactly_what_was_recorded(
    database: store.Database, key: LogKey, rounds: list[list[set[str]]]
) -> None:
    """Whatever was recorded between maps, each proof holds with the right count, warm and cold, and all verifies."""
    org, counts = uuid4(), dict.fromkeys(THINGS, 0)
    for entries in rounds:
        for things in entries:
            say(org, *things)
            for thing in things:
                counts[thing] += 1
        mapped(org, key)
        state._kept.clear()
        assert {thing: proven(org, thing) for thing in THINGS} == {t: (n, True) for t, n in counts.items()}
    assert findings(org) == []


def test_only_what_is_new_is_read_and_nothing_new_makes_no_map(org: UUID, key: LogKey) -> None:
    """A second map holds the changes alone; without new entries about things there is none."""
    say(org, *THINGS)
    assert mapped(org, key) is not None
    assert mapped(org, key) is None
    say(org, THINGS[0])
    assert mapped(org, key) is not None
    with store.transaction(org) as connection:
        rows = connection.execute(
            sa.text("select whole, length(content) from completeness_map order by entry_id")
        ).all()
    assert [tuple(row) for row in rows] == [(True, 12 * 44), (False, 44)]


def test_entries_that_wait_are_left_for_the_next_map(org: UUID, key: LogKey) -> None:
    """A map covers what a checkpoint covers, no more: what is queued comes with the next."""
    say(org, THINGS[0])
    sequence_all(key)
    say(org, THINGS[0])
    with store.transaction(org) as connection:
        make_map(connection, org, actor="test", at=NOW)
    sequence_all(key)
    assert proven(org, THINGS[0]) == (1, True)
    mapped(org, key)
    assert proven(org, THINGS[0]) == (2, True)


def test_maps_of_parties_are_their_own(org: UUID, key: LogKey) -> None:
    """Another party's entries about the same thing are in its own map."""
    other = uuid4()
    say(org, THINGS[0], count=2)
    say(other, THINGS[0], THINGS[1], count=3)
    mapped(org, key)
    mapped(other, key)
    assert [proven(one, THINGS[0])[0] for one in (org, other)] == [2, 3]
    assert proven(org, THINGS[1]) == (0, True)
    with store.transaction(other) as connection:
        assert connection.scalar(sa.text("select count(*) from completeness_map")) == 1


def test_before_the_first_map_nothing_is_proven(org: UUID) -> None:
    """A kind problem says how to make one."""
    with store.transaction(org) as connection, pytest.raises(Problem) as caught:
        prove_item(connection, org, 7)
    assert caught.value.kind == "ledger.no-map"
    assert item_hex(7) not in json.dumps(caught.value.as_dict())


def test_a_map_is_due_each_day_and_after_many_entries(org: UUID, key: LogKey) -> None:
    """Not while nothing happened; at once after ten thousand entries, else when the last is a day old."""
    with store.transaction(org) as connection:
        assert not is_due(connection, org)
    say(org, THINGS[0], count=3)
    sequence_all(key)
    assert make_due([org]) == 1
    sequence_all(key)
    say(org, THINGS[0], count=2)
    with store.transaction(org) as connection:
        assert news_count(connection, org) == 2
        assert not is_due(connection, org)
        assert is_due(connection, org, many=2)
        assert is_due(connection, org, hours=0)
    assert make_due([org]) == 0
