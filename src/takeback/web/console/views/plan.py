"""GET /plans/{id} : the plan of a day, on a map and on paper. GET /plans : the list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Literal

from takeback.core.money import Money
from takeback.web.console.views.common import Action, Part, Progress, Text, View


class Stop(Part, frozen=True, kw_only=True):
    """One call of a vehicle.

    - `lat`, `lon`: WGS84 degrees. `kind`: what is done there.
    - `mass_kg`: loaded (positive) or unloaded (negative); `load_kg`: on board when it leaves.
    - `opens`, `closes`: the window promised; None: any time.
    """

    name: Text
    lat: float
    lon: float
    kind: Literal["depot", "pickup", "delivery"]
    arrive: datetime
    leave: datetime
    mass_kg: float = 0.0
    load_kg: float = 0.0
    items: int = 0
    opens: datetime | None = None
    closes: datetime | None = None

    @property
    def late(self) -> timedelta:
        return max(timedelta(), self.arrive - self.closes) if self.closes else timedelta()


class Route(Part, frozen=True, kw_only=True):
    """One vehicle's day, from depot to depot; `number` from 1 chooses its colour."""

    number: int
    vehicle: Text
    capacity_kg: float
    km: float
    stops: tuple[Stop, ...]

    @property
    def start(self) -> datetime:
        return self.stops[0].leave

    @property
    def end(self) -> datetime:
        return self.stops[-1].arrive

    @property
    def peak_kg(self) -> float:
        return max(stop.load_kg for stop in self.stops)

    @property
    def calls(self) -> tuple[Stop, ...]:
        return tuple(stop for stop in self.stops if stop.kind != "depot")


class Unserved(Part, frozen=True, kw_only=True):
    """A pick-up that does not fit, and what would make it fit."""

    name: Text
    reason: Text


class Landmark(Part, frozen=True, kw_only=True):
    """A name on the map, to know where one is; WGS84 degrees."""

    name: Text
    lat: float
    lon: float


class PlanPage(View, frozen=True, kw_only=True):
    """A day's routes, beside what else could have been driven.

    - `km_same_stops`: the same stops by nearest-neighbour routes. `km_habit`: what the habit of fetching each order on
      its first day would have driven this day (other stops: only sums over many days compare with it).
    - `bound`: no plan of these orders can cost less, prizes of pick-ups left out included; `gap`: the largest share of
      its cost that could still be saved. `checked`: the check passed.
    """

    template: ClassVar[str] = "plan.html"

    id: str
    day: date
    site: Text
    routes: tuple[Route, ...]
    km: float
    km_same_stops: float | None = None
    km_habit: float | None = None
    bound: Money | None = None
    gap: float | None = None
    cost: Money | None = None
    co2_kg: float | None = None
    checked: bool = True
    seconds: float | None = None
    solver: Text = ""
    unserved: tuple[Unserved, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    actions: tuple[Action, ...] = ()
    job: Progress | None = None

    @property
    def saved(self) -> float | None:
        return None if not self.km_same_stops else 1 - self.km / self.km_same_stops

    @property
    def cost_per_tonne(self) -> Money | None:
        if self.cost is None or self.mass_kg <= 0:
            return None
        return Money(round(self.cost.minor / self.mass_kg * 1000), self.cost.currency)

    @property
    def items(self) -> int:
        return sum(stop.items for route in self.routes for stop in route.calls)

    @property
    def mass_kg(self) -> float:
        return sum(stop.mass_kg for route in self.routes for stop in route.stops if stop.kind == "pickup")


class PlanRow(Part, frozen=True, kw_only=True):
    """One plan of the list; the kilometres are named as in `PlanPage`."""

    id: str
    day: date
    site: Text
    routes: int
    stops: int
    km: float
    mass_kg: float
    km_same_stops: float = 0.0
    km_habit: float = 0.0
    checked: bool = True
    state: Literal["proposed", "driving", "done"] = "done"


class PlansPage(View, frozen=True, kw_only=True):
    template: ClassVar[str] = "plans.html"

    rows: tuple[PlanRow, ...]
    actions: tuple[Action, ...] = ()

    def saved(self, name: str) -> float | None:
        """Return the share of kilometres saved over all rows against `name` (`km_same_stops`, `km_habit`)."""
        other = sum(getattr(row, name) for row in self.rows)
        return 1 - sum(row.km for row in self.rows) / other if other else None
