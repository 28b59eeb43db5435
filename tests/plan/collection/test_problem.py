"""A collection problem is whole and makes sense, or says in which place it does not."""

from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import Depot, Location, Pause, Profile, Relation, Site, Slice, Started, Task, Window, Zone
from takeback.plan.collection.wellformed import LARGEST
from tests.plan.collection.rich import rich_day


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
        ({"service_s": 10**9 + 1}, "tasks[1].service_s"),
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


def _fails(**changes):
    """Return the error, or errors, of the rich day with these fields."""
    with pytest.raises(Problem) as caught:
        replace(rich_day(), **changes)
    return caught.value.errors or (caught.value,)


def _first(kind, **changes):
    """Return the parts of a kind, the first of them changed."""
    parts = getattr(rich_day(), kind)
    return {kind: (replace(parts[0], **changes), *parts[1:])}


def test_the_day_with_every_feature_is_whole():
    """What the other tests change is right before."""
    assert replace(rich_day()).sites[0].id == "tip"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        (_first("tasks", only=("ship",)), "tasks[0].only[0]"),
        (_first("tasks", never=("van", "ship")), "tasks[0].never[1]"),
        (_first("tasks", service_s=1.5), "tasks[0].service_s"),
        (_first("tasks", pickup=(2.5, 1)), "tasks[0].pickup[0]"),
        (_first("tasks", prize=2**60), "tasks[0].prize"),
        ({"tasks": (*rich_day().tasks, Task("", 1))}, "tasks[6].id"),
        (_first("depots", intake=(1,)), "depots[0].intake"),
        (_first("depots", intake=(1, -1)), "depots[0].intake[1]"),
        ({"sites": (*rich_day().sites, Site("tip", 1))}, "sites[2].id"),
        (_first("sites", location=99), "sites[0].location"),
        (_first("sites", window=Window(5, 4)), "sites[0].window"),
        (_first("sites", service_s=-1), "sites[0].service_s"),
        (_first("sites", intake=(1, 2, 3)), "sites[0].intake"),
        (_first("vehicle_types", max_overtime_s=-1), "vehicle_types[0].max_overtime_s"),
        (_first("vehicle_types", cost_per_overtime_hour=-1), "vehicle_types[0].cost_per_overtime_hour"),
        (_first("vehicle_types", breaks=(Pause(5, 4, 60),)), "vehicle_types[0].breaks[0]"),
        (_first("vehicle_types", breaks=(Pause(4, 5, 0),)), "vehicle_types[0].breaks[0]"),
        (_first("vehicle_types", breaks=(Pause(-4, 5, 60),)), "vehicle_types[0].breaks[0]"),
        (_first("vehicle_types", profile="air"), "vehicle_types[0].profile[0]"),
        (_first("vehicle_types", sites=("tip", "moon")), "vehicle_types[0].sites[1]"),
        (_first("vehicle_types", compartments=-1), "vehicle_types[0].compartments"),
        (_first("vehicle_types", compartment_unit=0), "vehicle_types[0].compartment_unit"),
        (_first("vehicle_types", most_reloads=-1), "vehicle_types[0].most_reloads"),
        (_first("vehicle_types", co2_g_per_km=-1), "vehicle_types[0].co2_g_per_km"),
        ({"slices": (Slice(1, 100),)}, "slices[0].start_s"),
        ({"slices": (Slice(0, 100), Slice(9, 100), Slice(9, 110))}, "slices[2].start_s"),
        ({"slices": (Slice(0, 0),)}, "slices[0].percent"),
        ({"slices": (Slice(0, 10_001),)}, "slices[0].percent"),
        (_first("profiles", slices=(Slice(0, -1),)), "profiles[0].slices[0].percent"),
        (_first("zones", locations=(2, 99)), "zones[0].locations[1]"),
        (_first("zones", closed=(Window(2, 1),)), "zones[0].closed[0]"),
        (_first("zones", passes=("ship",)), "zones[0].passes[0]"),
        ({"zones": (Zone("z", (1,), ()), Zone("z", (2,), ()))}, "zones[1].id"),
        ({"apart": (("clean", "clean"),)}, "apart[0]"),
        ({"apart": (("clean", ""),)}, "apart[0]"),
        ({"relations": (Relation("a", "ghost"),)}, "relations[0][1]"),
        ({"relations": (Relation("a", "a"),)}, "relations"),
        ({"started": (Started("ship", 1),)}, "started[0].vehicle_type[0]"),
        ({"started": (Started("van", 3),)}, "started[0].vehicle"),
        ({"started": (Started("van", 0),)}, "started[0].vehicle"),
        ({"started": (Started("van", 1), Started("van", 1))}, "started[1]"),
        ({"started": (Started("van", 1, ("ghost",)),)}, "started[0].stops[0]"),
        ({"started": (Started("van", 1, (), None, ("tip",)),)}, "started[0].keeps[0]"),
        ({"started": (Started("van", 1, ("a", "a")),)}, "started[0].stops[1]"),
        ({"started": (Started("van", 1, ("a",)), Started("van", 2, (), None, ("a",)))}, "started[1].keeps[0]"),
        ({"started": (Started("van", 1, ("a",), -1),)}, "started[0].departure_s"),
        ({"load_dimensions": ("kg", "kg")}, "load_dimensions[1]"),
    ],
)
def test_each_bad_value_of_the_whole_model_is_named_with_its_place(changes, where):
    """Whatever is wrong, the error says where, what was found and what is right; nothing else is complained of."""
    (error,) = _fails(**changes)
    assert error.where == where
    assert error.expected


def test_a_site_may_be_visited_twice_by_a_started_vehicle():
    """Only tasks stand once; a vehicle may go to the tip again and again."""
    assert replace(rich_day(), started=(Started("van", 1, ("a", "tip", "b", "tip")),)).started


def test_a_started_stop_that_is_a_task_and_a_site_is_refused():
    """A stop that has begun must be one thing."""
    (error,) = _fails(sites=(Site("a", 6),), vehicle_types=_anywhere())
    assert error.where == "started[0].stops[0]"


def _anywhere():
    return tuple(replace(vehicle, sites=()) for vehicle in rich_day().vehicle_types)


def test_alternatives_of_unequal_prizes_are_refused():
    """A group's prize is lost once: it must be one figure."""
    tasks = tuple(replace(task, prize=1 if task.id == "c2" else task.prize) for task in rich_day().tasks)
    (error,) = _fails(tasks=tasks)
    assert (error.kind, error.where, error.found) == ("collection.group-prizes", "tasks[3].prize", "1")
    assert "5000" in str(error.expected)


def test_an_order_that_goes_round_names_the_circle():
    """The tasks of the circle are told, so that one relation can be taken out."""
    circle = (Relation("a", "b"), Relation("b", "c1"), Relation("c1", "a"), Relation("e", "a"))
    (error,) = _fails(relations=circle)
    assert error.kind == "collection.relation-cycle"
    assert set(str(error.found).split(" < ")) == {"a", "b", "c1"}


def test_holes_of_a_profile_are_legs_closed_to_its_vehicles():
    """A lorry may have no way through a tunnel, in one direction: the leg becomes longer than any shift."""
    metres = rich_day().profiles[0].distance_m.astype(float)
    metres[1, 2], metres[3, 4] = np.nan, np.inf
    profile = Profile("heavy", metres, rich_day().profiles[0].duration_s)
    heavy = replace(rich_day(), profiles=(profile,)).profiles[0]
    assert heavy.duration_s[1, 2] == heavy.distance_m[1, 2] == heavy.duration_s[3, 4] == LARGEST
    assert heavy.duration_s[2, 1] == 700
    assert not heavy.duration_s.flags.writeable


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [("distance_m", -1.0, "negative"), ("duration_s", 0.5, "fraction"), ("duration_s", 2.0**40, "too-large")],
)
def test_a_bad_entry_of_a_profile_is_named_with_its_place(name, value, kind):
    """A profile's matrices are checked like the problem's own."""
    matrix = getattr(rich_day().profiles[0], name).astype(float)
    matrix[2, 1] = value
    (error,) = _fails(profiles=(replace(rich_day().profiles[0], **{name: matrix}),))
    assert (error.kind, error.where) == (f"collection.matrix-{kind}", f"profiles[0].{name}[2, 1]")


def test_a_profile_of_another_size_is_refused():
    """A profile speaks of the same places."""
    (error,) = _fails(profiles=(Profile("heavy", np.zeros((2, 2)), rich_day().duration_s),))
    assert (error.kind, error.where) == ("collection.matrix-shape", "profiles[0].distance_m")


def test_a_hole_says_what_to_do():
    """How many pairs are missing, and where a hole may stand."""
    matrix = rich_day().duration_s.astype(float)
    matrix[0, 3] = matrix[4, 2] = np.nan
    (error,) = _fails(duration_s=matrix)
    assert str(error.remedy).startswith("2 pairs have no number")


def test_matrices_need_be_neither_symmetric_nor_metric():
    """One-way streets and detours are what they are."""
    matrix = rich_day().duration_s.copy()
    matrix[0, 1], matrix[1, 0] = 5, 90_000
    assert replace(rich_day(), duration_s=matrix).duration_s[1, 0] == 90_000


def test_a_sealed_matrix_is_shared():
    """Problems made from each other do not copy what nobody can change."""
    problem = rich_day()
    assert replace(problem, name="other").distance_m is problem.distance_m


def test_swapped_coordinates_beyond_the_pole_are_named():
    """A latitude of 121 degrees that would be a longitude is told with what to do."""
    places = rich_day().locations
    (error,) = _fails(locations=(*places[:3], Location("odd", 121.4, 31.2), *places[4:]))
    assert (error.kind, error.where) == ("collection.coordinates-swapped", "locations[3] (odd)")
    assert "lat 31.2" in str(error.remedy)


def test_a_whole_file_of_swapped_coordinates_is_one_mistake():
    """Columns in the wrong order are told once, not for every place."""
    places = tuple(Location(place.id, place.lon, place.lat) for place in rich_day().locations)
    (error,) = _fails(locations=places)
    assert (error.kind, error.where) == ("collection.coordinates-swapped", "locations (9)")


@pytest.mark.parametrize(("lat", "lon"), [(float("nan"), 1.0), (200.0, 1.0), (1.0, 181.0), (1.0, None)])
def test_coordinates_nowhere_on_earth_are_refused(lat, lon):
    """Neither nan nor beyond the globe nor half a pair."""
    places = rich_day().locations
    (error,) = _fails(locations=(Location("odd", lat, lon), *places[1:]))
    assert (error.kind, error.where) == ("collection.bad-coordinates", "locations[0] (odd)")
