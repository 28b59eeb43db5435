"""A day with every feature of the model, and a plan of it worked out by hand.

Every leg takes 600 s for 5 000 m, but 4 999 m from the yard to a, and 900 s for 8 000 m from a to the tip; trucks take
700 s for 6 000 m everywhere. From 8:00 to 10:00 vans take half as long again.

    van 1: 7:30 yard, 7:40 a (waits until 8:00), 8:32:30 tip (waits until 8:40), break 8:50-8:55, 9:10 b (closed until
           10:00), 10:30 c1, break 10:41:40-10:56:40, 11:06:40 yard
    truck 1: 8:20 garage, 8:31:40 e, 8:53:20 yard
"""

from __future__ import annotations

import numpy as np

from takeback.core.message import msg
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

YARD, A, B, C1, C2, D, TIP, GARAGE, HUB = range(9)


def rich_day() -> CollectionProblem:
    """Return the day."""
    names = ("yard", "at a", "at b", "at c1", "at c2", "at d", "tip", "garage", "hub")
    everywhere = 1 - np.eye(len(names), dtype=np.int64)
    distance_m, duration_s = 5_000 * everywhere, 600 * everywhere
    distance_m[YARD, A], distance_m[A, TIP], duration_s[A, TIP] = 4_999, 8_000, 900
    return CollectionProblem(
        locations=tuple(Location(name, 31.2 + k / 100, 121.4) for k, name in enumerate(names)),
        distance_m=distance_m,
        duration_s=duration_s,
        tasks=(
            Task("a", A, (100, 1), (300, 2), (Window(28_800, 32_400),), 600, goods="clean"),
            Task("b", B, (), (400, 3), (), 1_200, goods="damaged"),
            Task("c1", C1, (50, 1), (200, 1), (), 600, prize=5_000, group="either", goods="paper"),
            Task("c2", C2, (50, 1), (200, 1), (), 600, prize=5_000, group="either", goods="paper"),
            Task("d", D, (), (10, 1), (), 60, prize=700),
            Task("e", C2, (), (1_500, 8), (), 600, only=("truck",), never=("van",), goods="clean"),
        ),
        depots=(
            Depot("yard", YARD, Window(18_000, 79_200), intake=(2_500, 20)),
            Depot("garage", GARAGE, takes_load=False),
        ),
        vehicle_types=(
            VehicleType(
                "van", 2, (1_000, 10), shift=Window(25_200, 61_200), max_duration_s=12_000, max_distance_m=60_000,
                cost_fixed=10_000, cost_per_km=100, cost_per_hour=3_600, max_overtime_s=1_800,
                cost_per_overtime_hour=1_800, breaks=(Pause(38_500, 39_900, 900), Pause(31_000, 33_000, 300)),
                compartments=2, compartment_unit=100, most_reloads=1, sites=("tip",), co2_g_per_km=200,
            ),
            VehicleType(
                "truck", 1, (2_000, 12), start_depot=1, end_depot=0, shift=Window(21_600, 64_800),
                max_distance_m=20_000, cost_fixed=20_000, cost_per_km=200, cost_per_hour=3_600, profile="heavy",
                carries=("clean",), co2_g_per_km=700,
            ),
        ),
        load_dimensions=("kg", "pallet places"),
        currency="CNY",
        slices=(Slice(0, 100), Slice(28_800, 150), Slice(36_000, 100)),
        profiles=(Profile("heavy", 6_000 * everywhere, 700 * everywhere),),
        sites=(Site("tip", TIP, Window(31_200, 61_200), 600, supplies=True, intake=(500, 9)), Site("hub", HUB)),
        zones=(Zone("old town", (B, C2), (Window(30_000, 36_000),), ("truck",)),),
        apart=(("clean", "damaged"),),
        relations=(Relation("a", "c1"),),
        started=(Started("van", 1, ("a",), 27_000, ("b",)),),
    )  # fmt: skip


def rich_plan() -> Plan:
    """Return the plan: 26 300 for the van, 24 400 for the truck, 700 for leaving d."""
    van = Route(
        "van", 1, 27_000, 40_000, (100, 1),
        (
            Stop("a", 27_600, 28_800, 29_400, (300, 2)),
            Stop("", 30_750, 31_200, 31_800, (50, 1), "tip"),
            Stop("b", 33_000, 36_000, 37_200, (450, 4)),
            Stop("c1", 37_800, 37_800, 38_400, (600, 4)),
        ),
        27_999, 13_000, 26_300,
        (BreakTaken(2, 31_800, 32_100), BreakTaken(4, 38_500, 39_400)),
    )  # fmt: skip
    truck = Route(
        "truck", 1, 30_000, 32_000, (0, 0), (Stop("e", 30_700, 30_700, 31_300, (1_500, 8)),), 12_000, 2_000, 24_400
    )
    left = (Unserved("c2", "alternative", msg("c1 is served")), Unserved("d", "not-worth", msg("Too far")))
    return Plan((van, truck), left, 39_999, 15_000, 51_400)


def rich_solution() -> CollectionSolution:
    """Return the plan as its own baseline, with the trivial bound."""
    return CollectionSolution(rich_plan(), rich_plan(), 0, 10, 0, "by hand", 0.5)
