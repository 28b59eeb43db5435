"""Forecast: how much comes back, where and when, with an interval that has been tried on the past."""

from takeback.plan.forecast.check import check
from takeback.plan.forecast.problem import Cohorts, ForecastProblem
from takeback.plan.forecast.solution import BacktestRow, ForecastSolution
from takeback.plan.forecast.solve import solve

__all__ = ["BacktestRow", "Cohorts", "ForecastProblem", "ForecastSolution", "check", "solve"]
