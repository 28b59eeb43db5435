"""A day from its orders to the last stop, as people drive it."""

from __future__ import annotations

from uuid import uuid4

from takeback.operate import collection, projection
from tests.operate.collection.day_world import DAY, JPEG, PNG, DayWorld, at, new_day
from tests.support.people import People, people

__all__ = ["people"]

TABLES = [table for table in projection.TABLES if table != "stage_total"]


def done(stop: str, hour: float, **more: object) -> collection.Confirmation:
    return collection.Confirmation(key=uuid4(), stop=stop, outcome="done", at=at(hour), **more)  # type: ignore[arg-type]


def test_a_day_is_planned_compared_driven_and_confirmed(people: People) -> None:
    """Two plans stand side by side, one is accepted, and each confirmed stop moves its things to the carrier."""
    world = new_day(people.alice.actor)
    for partner in range(6):
        world.ordered(partner)
    first, second = world.planned(), world.planned(collection.PlanningOptions(iterations=40, seed=1, note="again"))
    world.run(collection.accept, second)
    choices = world.ask(collection.plans_of, world.site, DAY)
    assert {one.id: one.accepted for one in choices} == {first: False, second: True}
    assert all(
        sum(one.cost_split.__getattribute__(n) for n in one.cost_split.__struct_fields__) == one.cost_minor
        for one in choices
    )
    plan = world.ask(collection.plan_to_drive, world.site, DAY)
    phones = world.run(
        collection.dispatch,
        world.site,
        DAY,
        [
            collection.Assignment(vehicle=r["vehicle"], number=r["number"], driver="Li Na", plate="B1")
            for r in plan["routes"]
        ],
    )
    hour = 9.0
    for phone in phones:
        route = collection.route_for(phone.token)
        assert (route.driver, route.plate) == ("Li Na", "B1")
        for stop in route.stops:
            hour += 0.25
            collection.confirm_stop(
                phone.token, done(stop.stop, hour, weight_kg=310.5, signature_png=PNG, photo_jpeg=JPEG)
            )
    assert set(world.column("select stage from item")) == {"collected"}
    assert set(world.column("select custody from item")) == {"carrier"}
    assert set(world.column("select mass_g from item")) == {300_000}
    assert set(world.column("select value from statement where property = 'mass_at_collection'")) == {310.5}
    progress = world.ask(collection.plan_progress, world.actor.org_id, world.site, DAY)
    assert (progress.done, progress.open, progress.failed) == (6, 0, 0)
    _rebuilt(world)


def _rebuilt(world: DayWorld) -> None:
    from takeback import store
    from tests.operate.test_spine_machine import _rows

    with store.transaction(world.actor.org_id) as connection:
        before = {table: _rows(connection, table) for table in TABLES}
        projection.rebuild(connection, world.actor.org_id)
        after = {table: _rows(connection, table) for table in TABLES}
    assert before == after
