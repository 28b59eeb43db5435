"""Zones of live days: closed hours are kept by plans, insertions and replans; vehicles with a pass are let in."""

from __future__ import annotations

import math
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.operate import clock, collection, master
from takeback.operate.collection.zones import contains
from takeback.plan.collection.parts import Location
from tests.operate.collection.day_world import DAY, QUICK, DayWorld, at, new_day, refused, van
from tests.support.people import People, people

__all__ = ["people"]
HOUR = 3600


def close(world: DayWorld, partner: int, start: float, end: float, *passes: str) -> None:
    """Close a square around a partner between two hours of each day."""
    lat, lon = 31.2 + 0.05 * (partner % 3 - 1), 121.4 + 0.06 * (partner // 2 + 1) * (-1) ** partner
    corners = [(lat - 0.01, lon - 0.01), (lat - 0.01, lon + 0.01), (lat + 0.01, lon + 0.01), (lat + 0.01, lon - 0.01)]
    zone = master.Zone(
        id=uuid4(),
        code="OLD-TOWN",
        name="Old town",
        name_zh="老城区",
        ring=[master.Corner(lat=a, lon=b) for a, b in corners],
        closed=[master.Hours(start_s=int(start * HOUR), end_s=int(end * HOUR))],
        passes=list(passes),
    )
    world.run(master.register, [zone])


def stops(world: DayWorld) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return vehicle and stop by the place's name, of the plan that is driven."""
    plan = world.ask(collection.plan_to_drive, world.site, DAY)
    return {stop["name"]: (route["vehicle"], stop) for route in plan["routes"] for stop in route["stops"]}


def clear(stop: dict[str, Any], start: float, end: float) -> bool:
    """Tell whether nothing is done at a stop between two hours."""
    return bool(stop["departure_s"] <= start * HOUR or stop["start_s"] >= end * HOUR)


def test_nobody_is_served_in_a_zone_while_it_is_closed(people: People) -> None:
    """From 7 to 15 the square around a partner is closed: the stop there is later, the others are as they please."""
    world = new_day(people.alice.actor)
    for partner in range(4):
        world.ordered(partner)
    close(world, 2, 7, 15)
    world.run(collection.accept, world.planned())
    driven = stops(world)
    assert len(driven) == 4
    assert clear(driven["Partner 2"][1], 7, 15)


def test_who_has_a_pass_is_let_in(people: People) -> None:
    """Closed all day, a partner is fetched by the van with a pass, or not at all."""
    world = new_day(people.alice.actor)
    world.ordered(2)
    world.run(master.register, [van(world.site, code="PASS", count=1, cost_per_km=5_000)])
    close(world, 2, 0, 24, "PASS")
    world.run(collection.accept, world.planned())
    assert stops(world)["Partner 2"][0] == "PASS"


def test_an_insertion_and_a_replan_keep_the_zone(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes into a running day, and what is planned anew, is served outside the closed hours, too."""
    world = new_day(people.alice.actor)
    for partner in (0, 1, 3):
        world.ordered(partner)
    close(world, 2, 7, 15)
    monkeypatch.setattr(clock, "now", lambda *_: at(6))
    world.run(collection.accept, world.planned())
    world.dispatched()
    order = world.ordered(2)
    world.run(collection.insert_pickup, world.site, DAY, order.partition("/")[0])
    assert clear(stops(world)["Partner 2"][1], 7, 15)
    world.worked(world.run(collection.replan, world.site, DAY, options=QUICK))
    assert clear(stops(world)["Partner 2"][1], 7, 15)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("closed", {"closed": [master.Hours(start_s=HOUR, end_s=HOUR)]}),
        ("ring", {"ring": [master.Corner(lat=1, lon=1)] * 3}),
        ("passes", {"passes": ["NOBODY"]}),
    ],
)
def test_a_zone_that_cannot_be_is_refused(people: People, field: str, changed: dict[str, Any]) -> None:
    """The refusal names the field; nothing is entered."""
    world = new_day(people.alice.actor)
    ring = [master.Corner(lat=31, lon=121), master.Corner(lat=31, lon=122), master.Corner(lat=32, lon=122)]
    given_: dict[str, Any] = {"ring": ring, "closed": [master.Hours(start_s=0, end_s=HOUR)], "passes": []}
    zone = master.Zone(id=uuid4(), code="Z", name="Z", name_zh="区", **{**given_, **changed})
    with refused("master.bad-rows") as found:
        world.run(master.register, [zone])
    assert [error.where for error in found.value.errors] == [f"zone /0/{field}"]
    assert world.column("select count(*) from zone") == [0]


@given(
    angles=st.lists(st.floats(0, 2 * math.pi), min_size=3, max_size=9, unique=True),
    weights=st.lists(st.floats(0.01, 1), min_size=9, max_size=9),
)
def test_what_lies_between_corners_lies_in_the_zone(angles: list[float], weights: list[float]) -> None:
    """A weighted mean of the corners of a convex ring is inside; a point beyond the circle around it is not."""
    ring = [(30 + math.sin(a), 120 + math.cos(a)) for a in sorted(angles)]
    area = sum(x * v - y * u for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True))
    parts = weights[: len(ring)]
    lat, lon = (sum(p * c[k] for p, c in zip(parts, ring, strict=True)) / sum(parts) for k in (0, 1))
    if abs(area) > 1e-3:  # else it is hardly more than a line
        assert contains(ring, Location("x", lat, lon))
    assert not contains(ring, Location("x", 30 + 1.01, 120 + 0.2))
