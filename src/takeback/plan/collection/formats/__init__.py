"""Files of collection problems and solutions: those of the literature, and Takeback's own JSON."""

from takeback.plan.collection.formats.detect import read, read_data, read_set, text_of
from takeback.plan.collection.formats.own import (
    problem_from_json,
    problem_to_json,
    solution_from_json,
    solution_to_json,
)
from takeback.plan.collection.formats.plans import plan_of, routes_of, sequences, solution_of
from takeback.plan.collection.formats.reading import Reading
from takeback.plan.collection.formats.rounding import Rounding
from takeback.plan.collection.formats.solutions import Routes, read_routes, write_routes, write_vrplib_solution
from takeback.plan.collection.formats.vrplib import EXACT_SCALE, read_vrpspd

__all__ = [
    "EXACT_SCALE",
    "Reading",
    "Rounding",
    "Routes",
    "plan_of",
    "problem_from_json",
    "problem_to_json",
    "read",
    "read_data",
    "read_routes",
    "read_set",
    "read_vrpspd",
    "routes_of",
    "sequences",
    "solution_from_json",
    "solution_of",
    "solution_to_json",
    "text_of",
    "write_routes",
    "write_vrplib_solution",
]
