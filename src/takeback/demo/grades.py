"""From readings to grades and beliefs: what a rule and an engine know of an item's condition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.demo.battery_market import CRITICAL, STEP, UNEVEN, conditions, soh_classes
from takeback.demo.checklists import grading_problem
from takeback.demo.parameters import Parameters
from takeback.demo.world import Floats, Ints, Observations, World
from takeback.plan.grading.batteries.classes import class_beliefs
from takeback.plan.grading.goods.solve import solve as grade_goods


@dataclass(frozen=True, slots=True)
class Grades:
    """`grade` (n,) row of `names`; `belief` (n, G) probabilities of the market's condition classes, rows sum to 1."""

    names: tuple[str, ...]
    grade: Ints
    belief: Floats


def goods_grades(world: World, seen: Observations) -> Grades:
    """Return what the grading engine makes of the inspectors' checklists, and what the true grades may be.

    The belief is the engine's, given also what the customer said.
    """
    category, grade, variant = world.parcels.category, seen.parcels.grade, seen.parcels.variant
    # Equal checklists of a category get equal grades: each kind is graded once.
    _, first, kind = np.unique([category, grade, variant], axis=1, return_index=True, return_inverse=True)
    answer = grade_goods(grading_problem(world, seen.parcels, first.tolist()))
    told = np.array(world.parameters.return_reasons.by_grade).T[world.parcels.reason]
    return Grades(world.parameters.inspection.grades, answer.grade[kind], _bayes(answer.belief[kind], told))


def battery_grades(world: World, seen: Observations, soh: Floats, soh_sd: Floats) -> Grades:
    """Return the packs' grades, given the grading engine's state of health (n,) and its standard error (n,).

    A to E by state of health where the pack looks whole; one lower where its cells look uneven; M a bad module,
    X unsafe.
    """
    p, fault = world.parameters, seen.packs.fault
    floors = np.array(list(p.pack_condition.grade_floor.values()))
    band = (soh[:, None] < floors).sum(axis=1) + (fault == UNEVEN)
    names = (*p.pack_condition.grade_floor, "M", "X")
    grade = np.where(fault > UNEVEN, len(floors) + fault - UNEVEN - 1, np.minimum(band, len(floors) - 1))
    return Grades(names, grade, _pack_belief(p, world, fault, soh, soh_sd))


def _pack_belief(p: Parameters, world: World, seen_fault: Ints, soh: Floats, soh_sd: Floats) -> Floats:
    """Return (n, conditions): normal around the estimate over the classes, times the faults by Bayes."""
    middles = soh_classes()
    health = class_beliefs(soh, soh_sd, middles[1:] - STEP / 2)
    dealer = np.array([s.kind == "dealer" for s in p.sites.rows])[world.packs.site]
    c = p.pack_condition
    shares = np.where(dealer[:, None], np.array(c.dealer_faults), np.array(c.collector_faults))
    fault = _bayes(shares, np.array(c.fault_confusion)[:, seen_fault].T)
    _, _, fault_of = conditions(p)
    belief = fault[:, fault_of]
    belief[:, :-1] *= np.tile(health, CRITICAL)
    scaled: Floats = belief / belief.sum(axis=1, keepdims=True)
    return scaled


def _bayes(prior: Floats, likelihood: Floats) -> Floats:
    joint = prior * likelihood
    posterior: Floats = joint / joint.sum(axis=1, keepdims=True)
    return posterior
