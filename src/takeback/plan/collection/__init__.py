"""Collection: which vehicle drives where and when, to bring back what waits.

Downwards: `solve` asks `explain` for what cannot be, then the `portfolio`, which gives `jobs` to processes: searches by
the engines `pyvrp`, `ruin` or `lns`, whichever can say what the problem asks for (`features`); large problems in parts
(`decompose`). What they find goes into the `pool`, from which `master` makes better plans. The `schedule` gives routes
their times; `check` shares nothing with any of this.
"""

from takeback.plan.collection.baseline import nearest_neighbour
from takeback.plan.collection.check import check
from takeback.plan.collection.explain import explain
from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Pause,
    Profile,
    Relation,
    Site,
    Slice,
    Started,
    Task,
    VehicleType,
    Window,
    Zone,
)
from takeback.plan.collection.solution import BreakTaken, CollectionSolution, Plan, Route, Stop, Unserved
from takeback.plan.collection.solve import solve

__all__ = [
    "BreakTaken",
    "CollectionProblem",
    "CollectionSolution",
    "Depot",
    "Location",
    "Pause",
    "Plan",
    "Profile",
    "Relation",
    "Route",
    "Site",
    "Slice",
    "Started",
    "Stop",
    "Task",
    "Unserved",
    "VehicleType",
    "Window",
    "Zone",
    "check",
    "explain",
    "nearest_neighbour",
    "solve",
]
