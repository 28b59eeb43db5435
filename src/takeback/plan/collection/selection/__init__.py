"""Selection: which bins and points to empty on which day, from forecasts of how they fill."""

from takeback.plan.collection.selection.check import check
from takeback.plan.collection.selection.day import to_collection
from takeback.plan.collection.selection.problem import Point, SelectionProblem
from takeback.plan.collection.selection.solution import Chosen, SelectionSolution
from takeback.plan.collection.selection.solve import solve

__all__ = ["Chosen", "Point", "SelectionProblem", "SelectionSolution", "check", "solve", "to_collection"]
