"""Opening hours as spans: against a look at every quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.share.centre.money.hours import lane_of
from takeback.share.centre.resources import Opening, Resource
from takeback.share.centre.resources.opening import Span, open_spans

QUARTER = timedelta(minutes=15)
CLOCKS = [f"{quarter // 4:02d}:{quarter % 4 * 15:02d}" for quarter in range(97)]


def _resource(openings: list[tuple[int, int, int]], zone: str) -> Resource:
    opening = tuple(
        Opening(weekday=day, opens=CLOCKS[min(a, b)], closes=CLOCKS[max(a, b) + 1]) for day, a, b in openings
    )
    return Resource(name="X", sort="laboratory", member=UUID(int=1), opening=opening, zone=zone)


def _open_at(resource: Resource, moment: datetime) -> bool:
    """Say it as a person would who stands at the door with the list and a watch."""
    local = moment.astimezone(ZoneInfo(resource.zone))
    clock = f"{local.hour:02d}:{local.minute:02d}"
    return any(one.weekday == local.weekday() and one.opens <= clock < one.closes for one in resource.opening) or not (
        resource.opening
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 95), st.integers(0, 95)), max_size=8),
    st.sampled_from(["Asia/Shanghai", "UTC", "Asia/Kolkata"]),
    st.integers(0, 4_000),
    st.integers(1, 1_000),
)
def test_spans_are_what_the_door_says(openings: list[tuple[int, int, int]], zone: str, begin: int, length: int) -> None:
    """Each quarter lies in a span exactly when it is open; spans are in order, apart, and within what was asked."""
    resource = _resource(openings, zone)
    since = datetime(2026, 1, 1, tzinfo=UTC) + begin * QUARTER
    until = since + length * QUARTER
    spans = open_spans(resource, since, until)
    assert all(one.ends < two.begins for one, two in pairwise(spans))
    assert all(since <= one.begins < one.ends <= until for one in spans)
    for number in range(length):
        quarter = Span(since + number * QUARTER, since + (number + 1) * QUARTER)
        assert any(one.holds(quarter) for one in spans) == _open_at(resource, quarter.begins)


@given(st.sets(st.uuids(), min_size=2, max_size=50))
def test_lanes_are_exact_as_doubles_and_differ(ids: set[UUID]) -> None:
    """A lane is below 2^52, so that the database's boxes hold it exactly; other things have other lanes."""
    lanes = [lane_of(one, place) for one in ids for place in range(3)]
    assert all(0 <= lane < 2**52 and int(float(lane)) == lane for lane in lanes)
    assert len({*lanes}) == len(lanes)
