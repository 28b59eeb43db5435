"""Sectors lie around the depot, whatever the matrix says of coordinates: nothing."""

from __future__ import annotations

import numpy as np
import pytest

from takeback.plan.collection import CollectionProblem, Depot, Location, Task, VehicleType
from takeback.plan.collection.sectors import by_sectors


def _around(points: np.ndarray) -> CollectionProblem:
    """Return a problem with the depot at the origin and a task at each point, metres."""
    places = np.vstack([[0.0, 0.0], points])
    metres = np.rint(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))).astype(np.int64)
    return CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(len(places))),
        distance_m=metres,
        duration_s=metres,
        tasks=tuple(Task(str(k), k, pickup=(1,)) for k in range(1, len(places))),
        depots=(Depot("depot", 0),),
        vehicle_types=(VehicleType("vehicle", len(points), (10,)),),
        load_dimensions=("units",),
        name="around",
    )


@pytest.mark.parametrize("seed", range(5))
def test_each_sector_is_one_range_of_directions(seed):
    """Each sector holds as many tasks as any other, and those that follow each other as seen from the depot."""
    rng = np.random.default_rng(seed)
    angle, away = np.sort(rng.uniform(0, 2 * np.pi, 120)), rng.uniform(500, 10_000, 120)
    problem = _around(np.column_stack([away * np.cos(angle), away * np.sin(angle)]))
    sets = by_sectors(problem, [np.array([k]) for k in range(120)], 6, rng)
    assert [len(chosen) for chosen in sets] == [20] * 6
    for chosen in sets:  # tasks are numbered by their direction: one range of numbers, which may go over the end
        apart = np.diff(np.sort(chosen))
        assert (apart > 1).sum() <= 1
        if apart.max() > 1:
            assert chosen.min() == 0
            assert chosen.max() == 119


def test_places_without_a_plane_are_shared_out():
    """All at the depot, or all on one line: every group is in one sector all the same."""
    line = np.column_stack([np.arange(1, 13) * 1_000.0, np.zeros(12)])
    for points in (np.zeros((12, 2)), line):
        problem = _around(points)
        sets = by_sectors(problem, [np.array([k]) for k in range(12)], 4, np.random.default_rng(0))
        assert sorted(np.concatenate(sets).tolist()) == list(range(12))
