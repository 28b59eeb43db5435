"""What an inspector ticks: answers to the standard checklists that lead to the grade he sees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takeback.demo.parameters import Parameters
from takeback.demo.world import Floats, ParcelObservations, World
from takeback.plan.grading.goods.calibration import Calibration
from takeback.plan.grading.goods.problem import GoodsGradingProblem, Inspection
from takeback.plan.grading.goods.standard import standard_checklists

VARIANTS = 2
INSPECTORS = 6
REGRADES = 1000.0  # blind regrades behind the declared confusion matrix, for each true grade

Answers = dict[str, str]
_USUAL: dict[str, Answers] = {
    "apparel": {"tags": "yes", "worn": "no", "stains": "no", "odour": "none"},
    "electronics": {
        "packaging": "sealed",
        "complete": "yes",
        "cosmetic": "none",
        "works": "yes",
        "wiped": "yes",
        "locked": "free",
    },
    "general": {"packaging": "sealed", "complete": "yes", "cosmetic": "none", "works": "yes"},
}
_WRECK = {"packaging": "missing", "complete": "part", "cosmetic": "heavy", "works": "no"}
_FINDINGS: dict[str, tuple[tuple[Answers, Answers], ...]] = {
    "apparel": (
        ({}, {"worn": "tried"}),
        ({"tags": "loose", "worn": "tried"}, {"tags": "no"}),
        ({"tags": "no", "worn": "worn"}, {"stains": "washable"}),
        ({"stains": "permanent"}, {"worn": "worn", "odour": "strong"}),
        (
            {"tags": "no", "worn": "torn", "stains": "permanent"},
            {"worn": "torn", "stains": "permanent", "odour": "strong"},
        ),
    ),
    "electronics": (
        ({}, {"wiped": "none"}),
        ({"packaging": "opened", "cosmetic": "light"}, {"packaging": "opened", "complete": "accessory"}),
        ({"packaging": "opened", "cosmetic": "clear"}, {"packaging": "opened", "works": "minor"}),
        ({"packaging": "opened", "works": "no"}, {"packaging": "damaged", "cosmetic": "heavy"}),
        (_WRECK, {"packaging": "opened", "locked": "locked"}),
    ),
    "general": (
        ({}, {}),
        ({"packaging": "opened"}, {"packaging": "opened", "cosmetic": "light"}),
        ({"packaging": "opened", "cosmetic": "clear"}, {"packaging": "opened", "works": "minor"}),
        ({"packaging": "opened", "works": "no"}, {"packaging": "damaged", "cosmetic": "heavy"}),
        (_WRECK, {**_WRECK, "packaging": "damaged"}),
    ),
}
_LIST_OF = {"fashion": "apparel", "footwear": "apparel", "phones": "electronics", "laptops": "electronics"}


def checklist_of(category: str) -> str:
    """Return the name of the checklist that a category is inspected by."""
    return _LIST_OF.get(category, "general")


def answers(category: str, grade: int, variant: int) -> Answers:
    """Return an inspector's answers on an item that looks to him like `grade` (row of the grades)."""
    name = checklist_of(category)
    return {**_USUAL[name], **_FINDINGS[name][grade][variant]}


def inspection(world: World, seen: ParcelObservations, row: int) -> Inspection:
    """Return the filled-in checklist of one parcel; its key is the row."""
    category = world.parameters.categories[world.parcels.category[row]].name
    station = f"inspector {1 + row % INSPECTORS}"
    ticks = answers(category, int(seen.grade[row]), int(seen.variant[row]))
    return Inspection(str(row), category, checklist_of(category), station, ticks)


def grading_problem(world: World, seen: ParcelObservations, rows: Sequence[int]) -> GoodsGradingProblem:
    """Return the grading engine's problem for these parcels: checklists, declared confusion, shares of the grades."""
    p = world.parameters
    return GoodsGradingProblem(
        standard_checklists(),
        tuple(inspection(world, seen, row) for row in rows),
        Calibration((), np.empty((0, *confusion(p).shape)), REGRADES * confusion(p)),
        {c.name: np.array(c.grades) / sum(c.grades) for c in p.categories},
    )


def confusion(parameters: Parameters) -> Floats:
    """Return (grades, grades) P(seen | true) of the inspectors."""
    return np.array(parameters.inspection.confusion)
