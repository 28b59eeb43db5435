"""A collection problem is whole and makes sense, or says in which place it does not."""

from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import Depot, Task, Window


def _with(city, **changes):
    return lambda: replace(city(4, 0), **changes)


def _task(city, **changes):
    problem = city(4, 0)
    tasks = (problem.tasks[0], replace(problem.tasks[1], **changes), *problem.tasks[2:])
    return lambda: replace(problem, tasks=tasks)


def _hole(city, value):
    matrix = city(4, 0).distance_m.astype(float)
    matrix[1, 3] = value
    return matrix


@pytest.mark.parametrize(
    ("kind", "value"),
    [("hole", float("nan")), ("hole", float("inf")), ("negative", -4), ("fraction", 2.5), ("too-large", 2.0**40)],
)
def test_a_bad_entry_of_a_matrix_is_named_with_its_place(city, kind, value):
    """A matrix entry that is no whole number of 0 or more is refused with row, column and what was found."""
    with pytest.raises(Problem) as caught:
        _with(city, distance_m=_hole(city, value))()
    assert caught.value.kind == f"collection.matrix-{kind}"
    assert caught.value.where == "distance_m[1, 3]"


def test_none_in_a_matrix_is_a_hole(city):
    """A missing entry, None in a file, is a hole and not a zero."""
    rows = city(4, 0).duration_s.tolist()
    rows[2][0] = None
    with pytest.raises(Problem) as caught:
        _with(city, duration_s=rows)()
    assert (caught.value.kind, caught.value.where) == ("collection.matrix-hole", "duration_s[2, 0]")


@pytest.mark.parametrize(
    ("matrix", "kind"),
    [
        (np.zeros((4, 5)), "shape"),
        (np.zeros((4, 4)), "shape"),
        (np.zeros(5), "shape"),
        ([[0, 1], [2]], "ragged"),
        ("words", "ragged"),
        (np.ones((5, 5)), "diagonal"),
    ],
)
def test_a_matrix_of_the_wrong_form_is_refused(city, matrix, kind):
    """A matrix must be square, one row a location, with zeros on its diagonal."""
    with pytest.raises(Problem) as caught:
        _with(city, duration_s=matrix)()
    assert caught.value.kind == f"collection.matrix-{kind}"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"location": 9}, "tasks[1].location"),
        ({"id": "t1"}, "tasks[1].id"),
        ({"pickup": (1,)}, "tasks[1].pickup"),
        ({"pickup": (-1, 0)}, "tasks[1].pickup[0]"),
        ({"delivery": (0, -3)}, "tasks[1].delivery[1]"),
        ({"service_s": -1}, "tasks[1].service_s"),
        ({"prize": -1}, "tasks[1].prize"),
        ({"windows": (Window(9, 8),)}, "tasks[1].windows[0]"),
        ({"windows": (Window(-9, 8),)}, "tasks[1].windows[0]"),
    ],
)
def test_a_bad_value_of_a_task_is_named_with_its_place(city, changes, where):
    """Whatever is wrong with a task is told with its path in the problem."""
    with pytest.raises(Problem) as caught:
        _task(city, **changes)()
    assert caught.value.where == where


def test_a_depot_nowhere_and_a_vehicle_without_depot_are_refused(city):
    """Indices must point to something; every mistake is reported, not only the first."""
    problem = city(4, 0)
    vehicle = replace(problem.vehicle_types[0], start_depot=3, count=-1, capacity=(1, 2, 3))
    with pytest.raises(Problem) as caught:
        replace(problem, depots=(Depot("depot", 77),), vehicle_types=(vehicle,))
    places = {error.where for error in caught.value.errors}
    assert places >= {
        "depots[0].location",
        "vehicle_types[0].start_depot",
        "vehicle_types[0].count",
        "vehicle_types[0].capacity",
    }


def test_matrices_are_copied_and_cannot_be_changed(city):
    """A problem stays what was asked, whatever becomes of the arrays it was made from."""
    problem = city(4, 0)
    mine = problem.distance_m.copy()
    copy = replace(problem, distance_m=mine)
    mine[0, 1] = 1
    assert copy.distance_m[0, 1] == problem.distance_m[0, 1]
    with pytest.raises(ValueError, match="read-only"):
        copy.distance_m[0, 1] = 1


def test_loads_left_out_are_zero(city):
    """A task without a delivery or pickup vector moves nothing."""
    assert city(4, 0).task_load(Task("x", 1)) == ((0, 0), (0, 0))
