"""Solution files: both layouts, ids with spaces, routes that do not fit the problem."""

from __future__ import annotations

from dataclasses import replace

import pytest

from takeback.core.problem import Problem
from takeback.plan.collection.formats import (
    Routes,
    plan_of,
    read_data,
    read_routes,
    routes_of,
    sequences,
    write_routes,
)
from takeback.plan.collection.found import Visit
from tests.plan.collection.formats.samples import RICH, VRPSPD


def test_cvrplib_solutions_are_read():
    """Routes in their order, empty ones kept, the cost where there is one, with or without a colon."""
    assert read_routes("Route #1: 4 7 2\nRoute #2:\nCost: 12.5\n") == Routes((("4", "7", "2"), ()), 12.5)
    assert read_routes("Route #1: 1\r\n") == Routes((("1",),), None)


def test_lists_of_vehicles_and_cost_are_read():
    """A header with vehicles and cost, then a route a line, the depot first."""
    assert read_routes("Solution: 2 976.04\n\n0, 5, 3, \n0, 98, \n") == Routes((("5", "3"), ("98",)), 976.04)


@pytest.mark.parametrize("name", ["Garage canal", "北 京", "a,b;c", "100 %", "#7", "%0020"])
def test_ids_that_would_end_a_word_come_back(name):
    """What is written is read back, whatever people call a place."""
    routes = Routes(((name, "plain"), ("other",)), 7.25)
    assert read_routes(write_routes(routes)) == routes


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "line 1"),
        ("nothing here", "line 1"),
        ("Solution: 1 2\n5, 3\n", "line 2"),
        ("Route #1: 1\nCost x", "line 2"),
    ],
)
def test_what_is_no_solution_is_told(text, where):
    """The line is named, and what would be right."""
    with pytest.raises(Problem) as caught:
        read_routes(text)
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("routes", "where", "found"),
    [
        ([["1"], ["nine"]], "route 2", "nine"),
        ([["1"], ["2"], ["3"], ["1"]], "route 4", "route 4"),
        ([["2", "1"], ["3"], []], None, None),
        ([["1", "2"], ["3"]], "route 1", "load"),
    ],
)
def test_routes_that_do_not_fit_are_told(routes, where, found):
    """An id that is not there, a vehicle too many, a limit: the route is named."""
    problem = read_data(VRPSPD.encode()).problem
    if where is None:
        assert len(plan_of(problem, routes).routes) == 2
        return
    with pytest.raises(Problem) as caught:
        plan_of(problem, routes)
    assert caught.value.where == where
    assert str(caught.value.found) == found


def test_routes_become_what_a_search_starts_from():
    """Vehicle type by the place in the list, tasks by index, sites below zero; and back again."""
    problem = read_data(RICH.encode()).problem
    begun = sequences(problem, [["2", "0", "5"], [], ["4"]])
    assert begun == ((0, (Visit(0), Visit(-1), Visit(3))), (1, (Visit(2),)))
    plan = plan_of(problem, [["2", "0", "5"], [], ["4"]])
    assert routes_of(problem, plan).routes == (("2", "0", "5"), (), ("4",))


def test_tasks_left_out_cost_their_prize_once():
    """Nothing is served: the optional task costs its prize, the group of alternatives nothing that was asked."""
    problem = read_data(RICH.encode()).problem
    plan = plan_of(problem, [])
    assert plan.objective == 25
    optional = tuple(replace(task, prize=9) if task.group else task for task in problem.tasks)
    assert plan_of(replace(problem, tasks=optional), []).objective == 25 + 9
