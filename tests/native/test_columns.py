"""What is made of many values at once, arrays, leaves and findings about lives, is what Python makes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.native import quick
from takeback.prove.entry import Appended, Entry, Leaf, items_digest, leaves_of, opening
from takeback.prove.epcis.validation import lifecycle
from takeback.prove.epcis.validation.known import AGGREGATION, Known
from takeback.store.arrays import Array, Blobs, Bools, Int2s, Int8s, Texts, Times
from tests.drill import count
from tests.native.both import python_only

pytestmark = pytest.mark.skipif(quick is None, reason="the fast paths are not built (tools/native.py)")
PARTY = UUID(int=7)
_zones = st.sampled_from([UTC, UTC, UTC, timezone(timedelta(hours=8))])
_times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=_zones)  # noqa: DTZ001 -- with a zone
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
    made = kind(values)  # type: ignore[call-arg]
    with python_only():
        expected = kind(tuple(values))  # type: ignore[call-arg]
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


_epcs = st.lists(st.sampled_from([f"urn:x:{n}" for n in range(6)]), min_size=1, max_size=4)


@st.composite
def _happening(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["ObjectEvent", "AggregationEvent", "TransformationEvent", "TransactionEvent"]))
    zone = draw(st.sampled_from(["Z", "+02:00"]))
    event: dict[str, Any] = {"type": kind, "eventTime": f"2026-03-01T{draw(st.integers(0, 9)):02d}:00:00{zone}"}
    if kind == "TransformationEvent":
        return {**event, "inputEPCList": draw(_epcs), "outputEPCList": draw(_epcs)}
    event["action"] = draw(st.sampled_from(["ADD", "OBSERVE", "DELETE"]))
    if kind == "AggregationEvent":
        return {**event, "parentID": draw(st.sampled_from(["urn:x:1", "urn:p:1"])), "childEPCs": draw(_epcs)}
    return {**event, "epcList": draw(_epcs)}


@given(st.lists(_happening(), max_size=12), st.booleans())
@settings(max_examples=count(200, 5000), deadline=None)
def test_lives(events: list[dict[str, Any]], old: bool) -> None:
    """The findings about lives are the same, with nothing known before and with much, in any zone."""
    keys = [lifecycle.key_of(f"urn:x:{n}") for n in range(6)]
    at = datetime(2026, 3, 1, 6, tzinfo=timezone(timedelta(hours=8)))
    known = Known(
        ended={keys[5]: (at, 1)}, parents={keys[2]: [(9, AGGREGATION)]}, last={keys[0]: at, keys[3]: at}, begun=keys[:2]
    )
    found = lifecycle.check(events, known if old else Known())
    with python_only():
        assert found == lifecycle.check(events, known if old else Known())
