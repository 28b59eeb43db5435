"""Collection: which vehicle drives where and when, to bring back what waits."""

from takeback.plan.collection.baseline import nearest_neighbour
from takeback.plan.collection.check import check
from takeback.plan.collection.explain import explain
from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Task,
    VehicleType,
    Window,
)
from takeback.plan.collection.solution import CollectionSolution, Plan, Route, Stop, Unserved
from takeback.plan.collection.solve import solve

__all__ = [
    "CollectionProblem",
    "CollectionSolution",
    "Depot",
    "Location",
    "Plan",
    "Route",
    "Stop",
    "Task",
    "Unserved",
    "VehicleType",
    "Window",
    "check",
    "explain",
    "nearest_neighbour",
    "solve",
]
