"""What is made of many values at once, arrays, leaves and findings about lives, is what Python makes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import events as everyday
from takeback.native import quick
from takeback.prove.entry import Appended, Entry, Leaf, items_digest, leaves_of, opening
from takeback.prove.epcis.prepare import prepare
from takeback.prove.epcis.validation import lifecycle
from takeback.prove.epcis.validation.known import AGGREGATION, ASSOCIATION, Known
from takeback.prove.epcis.validation.lives import Keys
from takeback.store.arrays import Array, Blobs, Bools, Int2s, Int8s, Texts, Times
from tests.drill import count
from tests.native.both import python_only

pytestmark = pytest.mark.skipif(quick is None, reason="the fast paths are not built (tools/native.py)")
PARTY = UUID(int=7)
_zones = st.sampled_from([UTC, UTC, UTC, timezone(timedelta(hours=8))])
_times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=_zones)
_KINDS: dict[type[Array], st.SearchStrategy[Any]] = {
    Int8s: st.integers(-(2**63), 2**63 - 1),
    Int2s: st.integers(-(2**15), 2**15 - 1),
    Bools: st.booleans(),
    Times: _times,
    Blobs: st.binary(max_size=40),
    Texts: st.text(max_size=20),
}


@pytest.mark.parametrize("kind", _KINDS)
@given(data=st.data())
@settings(max_examples=count(60, 2000), deadline=None)
def test_arrays(kind: type[Array], data: st.DataObject) -> None:
    """Each kind of array, with and without NULLs, from lists and tuples."""
    values = data.draw(st.lists(st.none() | _KINDS[kind], max_size=12))
    made = kind(values)
    with python_only():
        expected = kind(tuple(values))
    assert (made.count, made.content) == (expected.count, expected.content)


@pytest.mark.parametrize(
    ("function", "value"),
    [("numbers", 2**63), ("numbers", 1.5), ("numbers", True), ("blobs", "\ud800"), ("blobs", 1), ("times", 5)],
)
def test_values_of_another_kind(function: str, value: Any) -> None:
    """What does not fit an array is left to Python, which says what is wrong."""
    given_to = (getattr(quick, function), ([value], 8) if function == "numbers" else ([value],))
    assert given_to[0](*given_to[1]) is None


_things = st.dictionaries(st.integers(0, 2**63 - 1), st.integers(0, 511), max_size=6)


@given(
    st.lists(st.tuples(st.sampled_from(["ann", "b\xf6b"]), st.booleans(), _times, _things), max_size=8),
    st.integers(1, 2**40),
)
@settings(max_examples=count(100, 2000), deadline=None)
def test_leaves(facts: list[tuple[str, bool, datetime, dict[int, int]]], first: int) -> None:
    """Leaves of several actors and times, with numbers from any first on, are what `Leaf` says one by one."""
    now = datetime(2026, 11, 26, tzinfo=UTC)
    appended, leaves = [], []
    for number, (actor, captured, time, things) in enumerate(facts, first):
        parts = (bytes([number % 256]) * 32, b"h" * 32, time, items_digest(things), "takeback:M\xfcll")
        entry = Entry(parts[4], {}, time, captured=captured)
        appended.append(Appended(number, entry, actor, now, opening(*parts), things, b"h" * 32))
        leaves.append(Leaf(2, PARTY, number, parts[4], time, now, actor, captured, parts[3], parts[1], parts[0]))
    assert leaves_of(PARTY, range(first, first + len(facts)), appended) == [leaf.hash() for leaf in leaves]


_epcs = st.lists(st.sampled_from([f"urn:x:{n}" for n in range(6)]), max_size=4)


@st.composite
def _happening(draw: st.DrawFn) -> dict[str, Any]:
    kinds = ["ObjectEvent", "AggregationEvent", "AssociationEvent", "TransformationEvent", "TransactionEvent"]
    kind = draw(st.sampled_from(kinds))
    zone = draw(st.sampled_from(["Z", "+02:00"]))
    event: dict[str, Any] = {"type": kind, "eventTime": f"2026-03-01T{draw(st.integers(0, 9)):02d}:00:00{zone}"}
    if draw(st.integers(0, 19)) == 0:
        event["errorDeclaration"] = {"declarationTime": "2026-03-02T00:00:00Z"}
    if kind == "TransformationEvent":
        return {**event, "inputEPCList": draw(_epcs), "outputEPCList": draw(_epcs)}
    event["action"] = draw(st.sampled_from(["ADD", "OBSERVE", "DELETE"]))
    event |= draw(st.sampled_from([{}, {}, {}, {"bizStep": "destroying"}, {"disposition": "destroyed"}]))
    if kind in ("AggregationEvent", "AssociationEvent"):
        parent = draw(st.sampled_from(["urn:x:1", "urn:x:4", "urn:p:1"]))
        return {**event, "parentID": parent, "childEPCs": draw(_epcs)}
    return {**event, "epcList": draw(_epcs)}


def _known(draw: st.DrawFn) -> Known:
    """Return something about each thing, or nothing."""
    keys = [lifecycle.key_of(f"urn:x:{n}") for n in range(6)]
    hours = st.builds(lambda hour, zone: datetime(2026, 3, 1, hour, tzinfo=zone), st.integers(0, 9), _zones)
    places = st.lists(st.tuples(st.sampled_from(keys), st.sampled_from([AGGREGATION, ASSOCIATION])), max_size=2)
    return Known(
        ended=draw(st.dictionaries(st.sampled_from(keys), st.tuples(hours, st.just(1)), max_size=2)),
        parents=draw(st.dictionaries(st.sampled_from(keys), places, max_size=3)),
        last=draw(st.dictionaries(st.sampled_from(keys), hours, max_size=4)),
        begun=draw(st.frozensets(st.sampled_from(keys), max_size=3)),
    )


@given(st.data())
@settings(max_examples=count(400, 20_000), deadline=None)
def test_lives(data: st.DataObject) -> None:
    """The findings about lives are the same, with nothing known before and with much, in any zone."""
    events = data.draw(st.lists(_happening(), min_size=1, max_size=data.draw(st.sampled_from([1, 2, 4, 12]))))
    known = _known(data.draw)
    keys = Keys(lifecycle.key_of)
    for epc in [f"urn:x:{n}" for n in range(6)] + ["urn:p:1"]:
        keys[epc]
    found = lifecycle.check(events, known, keys)
    with python_only():
        expected = lifecycle.check(events, known, keys)
    assert found == expected
    quiet = quick.uneventful(events, keys, known.last, known.ended, known.begun, known.parents)
    assert not (quiet is not None and lifecycle._lived(events, known, keys))


def test_lives_of_every_day() -> None:
    """Of the events of the bench there is nothing to tell, and C sees that by itself."""
    events = list(everyday.events(2000, seed=9, items=300))
    prepared = [prepare(event) for event in events]
    keys = Keys(lifecycle.key_of)
    for made in prepared:
        keys.update(made.keys)
    shredded = [n for n, event in enumerate(events) if event["type"] == "TransformationEvent"]
    assert shredded == quick.uneventful(events, keys, {}, {}, set(), {})
    late = {**events[-1], "eventTime": "2026-02-01T00:00:00Z"}
    assert quick.uneventful([*events, late], keys, {}, {}, set(), {}) is None
