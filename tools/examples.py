"""Rewrite docs/examples: a day of pick-ups and a batch of items, small enough to read, as the engines' own files.

    python tools/examples.py

All figures are made up. The same files come out every time; a test compares them and runs README's commands on them.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

from takeback.core.message import msg
from takeback.plan.collection import CollectionProblem, Depot, Location, Task, VehicleType, Window
from takeback.plan.collection import formats as collection
from takeback.plan.disposition import formats as disposition
from takeback.plan.disposition.problem import DispositionProblem, Option, Resource, Terms

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "examples"
HOUR = 3600
CIRCUITY, METRES_PER_SECOND = 1.3, 12.0
# name, degrees north and east, kilograms to pick up, hours in which somebody is there
PLACES = (
    ("Test centre", 31.49, 120.31, 0, None),
    ("Dealer north", 31.57, 120.30, 420, (8, 12)),
    ("Dealer lake", 31.43, 120.25, 380, (8, 17)),
    ("Garage canal", 31.51, 120.36, 95, None),
    ("Collector east", 31.50, 120.47, 760, (9, 15)),
    ("Garage bridge", 31.54, 120.22, 140, (13, 17)),
    ("Dealer south", 31.38, 120.33, 405, (8, 17)),
    ("Collector port", 31.60, 120.41, 690, (10, 16)),
    ("Garage hill", 31.45, 120.39, 60, None),
)


def day() -> bytes:
    """Return a day of eight pick-ups for two lorries and a van."""
    metres = np.array([[_metres(a, b) for b in PLACES] for a in PLACES])
    return collection.problem_to_json(
        CollectionProblem(
            locations=tuple(Location(name, lat=lat, lon=lon) for name, lat, lon, *_ in PLACES),
            distance_m=metres,
            duration_s=np.rint(metres / METRES_PER_SECOND),
            tasks=tuple(
                Task(
                    name,
                    k,
                    pickup=(kg,),
                    service_s=20 * 60,
                    windows=() if hours is None else (Window(hours[0] * HOUR, hours[1] * HOUR),),
                )
                for k, (name, _, _, kg, hours) in enumerate(PLACES)
                if k
            ),
            depots=(Depot("Test centre", 0),),
            vehicle_types=(
                VehicleType("lorry", 2, (2000,), shift=Window(7 * HOUR, 18 * HOUR), cost_fixed=30_000, cost_per_km=260),
                VehicleType("van", 1, (800,), shift=Window(7 * HOUR, 18 * HOUR), cost_fixed=15_000, cost_per_km=140),
            ),
            load_dimensions=("kg",),
            currency="CNY",
            name="a day around Taihu",
        )
    )


def _metres(a: tuple[object, ...], b: tuple[object, ...]) -> int:
    """Return about the metres by road between two places."""
    (lat, lon), (other_lat, other_lon) = (tuple(float(str(x)) for x in place[1:3]) for place in (a, b))
    north, east = (other_lat - lat) * 111_200, (other_lon - lon) * 111_200 * math.cos(math.radians(31.5))
    return round(CIRCUITY * math.hypot(north, east))


def items() -> bytes:
    """Return a dozen returned laptops and telephones, for a workshop with few hours."""
    price = np.array([[0.90, 0.80, 0.30, 0.01], [0.55, 0.72, 0.26, 0.01], [0.0, 0.45, 0.12, 0.01]])
    belief = np.array([[0.8, 0.15, 0.05], [0.3, 0.6, 0.1], [0.05, 0.35, 0.6]])
    n = 12
    return disposition.problem_to_json(
        DispositionProblem.of(
            categories=("laptop", "telephone"),
            conditions=("A", "B", "C"),
            options=(Option("restock"), Option("repair", "bench"), Option("liquidate"), Option("recycle")),
            resources=(Resource("bench", 5.0, "hours"),),
            terms=Terms.of(
                np.stack([price, price * 0.9]),
                decay_per_day=np.array([0.004, 0.007])[:, None, None],
                days=[6.0, 12.0, 3.0, 2.0],
                cost=[800.0, 4500.0, 300.0, 200.0],
                price_sd=[0.05, 0.08, 0.15, 0.1],
            ),
            category=[k % 2 for k in range(n)],
            belief=belief[[k % 3 for k in range(n)]],
            size=[310_000 - 15_000 * k for k in range(n)],
            load=[[0.0, 1.0 + 0.25 * (k % 3), 0.0, 0.0] for k in range(n)],
            bar=[[0 if k == 4 else -1, -1, -1, -1] for k in range(n)],
            bar_reasons=(msg("hygiene seal broken"),),
            keys=range(1, n + 1),
            currency="CNY",
        )
    )


def examples() -> dict[str, str]:
    """Return the files by name: one line a part, so that a person can read them and a diff is short."""
    made = {"day.json": day(), "items.json": items()}
    return {name: _by_line(content) for name, content in made.items()}


def _by_line(content: bytes) -> str:
    parts = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in json.loads(content).items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write the files."""
    EXAMPLES.mkdir(exist_ok=True)
    for name, text in examples().items():
        (EXAMPLES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
