"""What is fetched at one place in one visit is shown as one stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from takeback.web.console.views import Stop
from takeback.web.pages.stored_plan import joined

BEGIN = datetime(2026, 11, 21, 6, tzinfo=UTC)


def _stop(name: str, minute: int, kg: float, load: float) -> Stop:
    at = BEGIN + timedelta(minutes=minute)
    window = {"opens": BEGIN, "closes": BEGIN + timedelta(hours=14)}
    leave = at + timedelta(minutes=19)
    return Stop(
        name=name,
        lat=31.0,
        lon=120.0,
        kind="pickup",
        arrive=at,
        leave=leave,
        mass_kg=kg,
        load_kg=load,
        items=1,
        **window,
    )


def test_packs_of_one_visit_are_one_stop() -> None:
    """It arrives with the first, leaves with the last, and carries all; a later visit is a stop of its own."""
    calls = [_stop("A", 0, 100, 100), _stop("A", 19, 50, 150), _stop("B", 60, 10, 160), _stop("A", 90, 5, 165)]
    first, second, third = joined(calls)
    assert (first.name, first.items, first.mass_kg, first.load_kg) == ("A", 2, 150, 150)
    assert (first.arrive, first.leave) == (calls[0].arrive, calls[1].leave)
    assert (second.name, second.items) == ("B", 1)
    assert (third.name, third.items) == ("A", 1)
    assert sum(stop.mass_kg for stop in (first, second, third)) == sum(stop.mass_kg for stop in calls)
