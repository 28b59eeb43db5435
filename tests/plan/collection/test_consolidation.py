"""Hold or ship at a consolidation point."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.plan.collection.consolidation import (
    Arrivals,
    ConsolidationPoint,
    Shipment,
    Waiting,
    decide,
)

SHIPMENT = Shipment(fixed=5_000, km=100, per_km=50, per_kg=2, capacity_kg=1_000)  # a vehicle costs 10 000
STEADY = Arrivals(chances=(0.2, 0.5, 0.3), mass_kg=150, loss=20)


def make(**changed: object) -> ConsolidationPoint:
    point = ConsolidationPoint("hub", (Waiting("a", 100, 20_000, 0.01), Waiting("b", 80)), STEADY, SHIPMENT, days=4)
    return replace(point, **changed)  # type: ignore[arg-type]


def tried(point: ConsolidationPoint, day: int, items: list[tuple[float, float, float, int, int | None]]) -> float:
    """Return the least expected cost from a morning on, by trying both choices on every history.

    Each item by itself: mass, value, loss a night, day since which it waits, last day on which it may leave. Nothing is
    summed up or remembered.
    """
    mass = sum(item[0] for item in items)
    shipment = point.shipment
    vehicle = shipment.fixed + shipment.km * shipment.per_km
    if day == point.days:
        return mass * (vehicle / shipment.capacity_kg + shipment.per_kg)
    vehicles = 0
    while vehicles * shipment.capacity_kg < mass - 1e-6:
        vehicles += 1
    choices = []
    must = any(last is not None and last <= day for *_, last in items)
    must |= bool(items) and point.storage_kg is not None and mass > point.storage_kg
    if items:
        choices.append(vehicles * vehicle + shipment.per_kg * mass + _after(point, day, []))
    if not must:
        lost = sum(min(loss, max(0.0, value - loss * (day - since))) for _, value, loss, since, _ in items)
        choices.append(lost + _after(point, day, items))
    return min(choices)


def _after(point: ConsolidationPoint, day: int, items: list[tuple[float, float, float, int, int | None]]) -> float:
    arrivals, expected = point.arrivals, 0.0
    last = None if arrivals.longest is None else day + arrivals.longest
    for units, chance in enumerate(arrivals.chances):
        more = [(arrivals.mass_kg, float("inf"), arrivals.loss, day, last)] * units
        expected += chance * tried(point, day + 1, items + more)
    return expected


@st.composite
def points(draw: st.DrawFn) -> ConsolidationPoint:
    weights = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    thing = st.builds(
        Waiting,
        id=st.just("x"),
        mass_kg=st.integers(1, 600),
        value=st.integers(0, 30_000),
        decay=st.sampled_from([0.0, 0.01, 0.1, 0.4, 1.0]),
        deadline=st.none() | st.integers(-1, 4),
    )
    return ConsolidationPoint(
        id="hub",
        queue=tuple(draw(st.lists(thing, max_size=3))),
        arrivals=Arrivals(
            chances=tuple(weight / sum(weights) for weight in weights),
            mass_kg=draw(st.integers(1, 700)),
            loss=draw(st.integers(0, 500)),
            longest=draw(st.none() | st.integers(0, 3)),
        ),
        shipment=Shipment(draw(st.integers(0, 9_000)), 10, draw(st.integers(0, 200)), draw(st.integers(0, 3)), 1_000),
        days=draw(st.integers(1, 4)),
        storage_kg=draw(st.none() | st.integers(0, 1_500)),
    )


@settings(max_examples=150, deadline=None)
@given(points())
def test_the_cost_is_that_of_the_best_choice_on_every_history(point: ConsolidationPoint) -> None:
    """Dynamic programming over sums finds what trying all choices item by item finds; simple rules cost no less."""
    items = [(one.mass_kg, float(one.value), one.value * one.decay, 0, one.deadline) for one in point.queue]
    found = decide(point)
    assert found.cost == pytest.approx(tried(point, 0, items), rel=1e-9, abs=1e-6)
    for rule in (found.daily_cost, found.full_cost):
        assert found.cost <= rule * (1 + 1e-9) + 1e-6
    assert found.saving >= 0


def test_a_small_load_waits_for_more() -> None:
    """A fifth of a vehicle that loses little is held: what comes tomorrow shares the trip."""
    found = decide(make())
    assert not found.ship
    assert found.hold_cost is not None and found.hold_cost < found.ship_cost
    assert str(found.reason).startswith("Hold:") and "18% of a vehicle" in str(found.reason)
    assert found.cost < found.daily_cost


def test_what_loses_value_fast_leaves_at_once() -> None:
    """The same load is shipped when it loses more in a night than the trip shared would save."""
    found = decide(make(queue=(Waiting("phones", 180, 400_000, 0.1),)))
    assert found.ship
    assert "Ship:" in str(found.reason) and "400.00" in str(found.reason)


def test_a_full_vehicle_leaves() -> None:
    """Waiting for more saves nothing when the vehicle is full; two and a bit vehicles' worth is told as such."""
    found = decide(make(queue=(Waiting("a", 1_000, 100_000, 0.005),)))
    assert found.ship


def test_a_deadline_is_kept() -> None:
    """What must leave today is not held, whatever it costs; past deadlines count as today."""
    for deadline in (0, -3):
        found = decide(make(queue=(Waiting("a", 1, deadline=deadline), Waiting("b", 5))))
        assert found.ship and found.hold_cost is None
        assert str(found.reason) == "Ship: a must leave today."
    later = decide(make(queue=(Waiting("a", 1, deadline=1), Waiting("b", 5))))
    assert later.hold_cost is not None


def test_storage_is_kept() -> None:
    """More than may stay overnight leaves."""
    found = decide(make(storage_kg=150.0))
    assert found.ship and found.hold_cost is None
    assert "overnight" in str(found.reason)


def test_nothing_waits_is_no_shipment() -> None:
    """An empty point holds; the expected cost is that of what will come."""
    found = decide(make(queue=()))
    assert not found.ship
    assert str(found.reason) == "Nothing waits."
    assert found.cost > 0


def test_the_end_of_the_horizon_is_no_reason_to_ship() -> None:
    """What is left counts with its share of a vehicle: a longer horizon does not turn a hold into a shipment."""
    assert [decide(make(days=days)).ship for days in (2, 4, 8, 12)] == [False] * 4


def test_many_days_and_arrivals_are_worked_out() -> None:
    """Thirty days, up to ten units a day that must leave within five: exact still, and better than both rules."""
    chances = tuple(1 / 11 for _ in range(11))
    point = make(arrivals=Arrivals(chances, 40, 15, longest=5), days=30)
    found = decide(point)
    assert found.cost < min(found.daily_cost, found.full_cost)
    assert found.saving > 0


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"days": 0}, "hub, days"),
        ({"shipment": replace(SHIPMENT, capacity_kg=0)}, "hub, shipment.capacity_kg"),
        ({"shipment": replace(SHIPMENT, per_km=-1)}, "hub, shipment.per_km"),
        ({"arrivals": Arrivals((0.5, 0.4))}, "hub, arrivals.chances"),
        ({"arrivals": Arrivals((1.5, -0.5))}, "hub, arrivals.chances[1]"),
        ({"queue": (Waiting("a", float("nan")),)}, "hub, queue[0] (a).mass_kg"),
        ({"queue": (Waiting("a", 1, 5, 1.5),)}, "hub, queue[0] (a).decay"),
    ],
)
def test_nonsense_is_told_with_its_place(changed: dict[str, object], where: str) -> None:
    """Point and field, what was found and what is right."""
    with pytest.raises(Problem) as caught:
        make(**changed)
    assert caught.value.where == where
    assert caught.value.expected is not None
