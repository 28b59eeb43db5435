"""GET /plans/{id} : the plan of a day, on a map and on paper. GET /plans : the list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Literal

from takeback.core.money import Money
from takeback.web.console.views.common import Action, Part, Progress, Text, View

PlanState = Literal["proposed", "accepted", "dispatched", "driving", "done", "replaced", "stored"]
"""Where a plan stands; `replaced`: another plan of the day was accepted, `stored`: kept for the record alone."""


class Stop(Part, frozen=True, kw_only=True):
    """One call of a vehicle.

    - `lat`, `lon`: WGS84 degrees. `kind`: what is done there; at a `site` the vehicle unloads on its way.
    - `arrive`, `begin` of service (None: on arrival), `leave`: end of service.
    - `mass_kg`: loaded (positive) or unloaded (negative); `load_kg`, `load_places` (of pallets): on board
      when it leaves.
    - `opens`, `closes`: the window promised; None: any time.
    - `orders`, `things`: numbers of the orders and keys of the items that are handed over.
    - `promised`: what the customer was told; `done`: when a driver confirmed it, `failed`: that it could not be done.
    """

    name: Text
    lat: float
    lon: float
    kind: Literal["depot", "pickup", "delivery", "site"]
    arrive: datetime
    leave: datetime
    begin: datetime | None = None
    mass_kg: float = 0.0
    load_kg: float = 0.0
    load_places: int | None = None
    items: int = 0
    opens: datetime | None = None
    closes: datetime | None = None
    orders: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    promised: bool = False
    done: datetime | None = None
    failed: bool = False

    @property
    def late(self) -> timedelta:
        return max(timedelta(), self.starts - self.closes) if self.closes else timedelta()

    @property
    def starts(self) -> datetime:
        """Return when service begins."""
        return self.begin or self.arrive

    @property
    def waits(self) -> timedelta:
        return self.starts - self.arrive


class Rest(Part, frozen=True, kw_only=True):
    """A break of the driver, where the vehicle stands."""

    begin: datetime
    end: datetime


class CostPart(Part, frozen=True, kw_only=True):
    """One part of what a route costs: the vehicle, its kilometres, its hours, overtime."""

    kind: str
    amount: Money


class Route(Part, frozen=True, kw_only=True):
    """One vehicle's day, from depot to depot; `number` from 1 chooses its colour.

    - `cost` with its `parts`; `co2_kg` of its kilometres; None where not known.
    - `rests`: the driver's breaks. `key`: its id once it is dispatched; `broken`: the vehicle broke down.
    """

    number: int
    vehicle: Text
    capacity_kg: float
    km: float
    stops: tuple[Stop, ...]
    capacity_places: int | None = None
    cost: Money | None = None
    parts: tuple[CostPart, ...] = ()
    co2_kg: float | None = None
    rests: tuple[Rest, ...] = ()
    key: str = ""
    broken: bool = False

    @property
    def start(self) -> datetime:
        return self.stops[0].leave

    @property
    def end(self) -> datetime:
        return self.stops[-1].arrive

    @property
    def hours(self) -> float:
        return (self.end - self.start) / timedelta(hours=1)

    @property
    def peak_kg(self) -> float:
        return max(stop.load_kg for stop in self.stops)

    @property
    def peak_places(self) -> int | None:
        """Return the most pallet places that are taken at once; None where they are not counted."""
        return max((stop.load_places or 0 for stop in self.stops), default=0) if self.capacity_places else None

    @property
    def used(self) -> float | None:
        """Return the fullest moment as a share of what it may carry, in kilograms or places, whichever is fuller."""
        shares = [self.peak_kg / self.capacity_kg] if self.capacity_kg else []
        if self.capacity_places and self.peak_places is not None:
            shares.append(self.peak_places / self.capacity_places)
        return max(shares, default=None)

    @property
    def calls(self) -> tuple[Stop, ...]:
        return tuple(stop for stop in self.stops if stop.kind != "depot")

    @property
    def late_calls(self) -> int:
        return sum(bool(stop.late) for stop in self.calls)

    @property
    def done_calls(self) -> int:
        return sum(stop.done is not None for stop in self.calls)


class Unserved(Part, frozen=True, kw_only=True):
    """A pick-up that is left: its order, where it is, why, and what would make it fit."""

    name: Text
    place: Text = ""
    reason: Text
    remedy: Text = ""


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
    - `provenance`: where its distances come from. `siblings`: other plans of the day, to compare with.
    - `exports`: whether files can be taken away.
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
    state: PlanState = "stored"
    provenance: Text = ""
    siblings: tuple[str, ...] = ()
    day_href: str = ""
    exports: bool = False

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

    @property
    def late_calls(self) -> int:
        return sum(route.late_calls for route in self.routes)

    @property
    def cost_kinds(self) -> tuple[str, ...]:
        """Return the kinds of cost that any route has, in the order of the first."""
        return tuple(dict.fromkeys(part.kind for route in self.routes for part in route.parts))

    def cost_of(self, route: Route, kind: str) -> Money | None:
        return next((part.amount for part in route.parts if part.kind == kind), None)


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
    state: PlanState = "done"


class SiteChoice(Part, frozen=True, kw_only=True):
    value: str
    label: Text


class PlansPage(View, frozen=True, kw_only=True):
    """The list, and what a day to plan is chosen by: `sites`, `next_day`."""

    template: ClassVar[str] = "plans.html"

    rows: tuple[PlanRow, ...]
    actions: tuple[Action, ...] = ()
    sites: tuple[SiteChoice, ...] = ()
    next_day: date | None = None

    def saved(self, name: str) -> float | None:
        """Return the share of kilometres saved over all rows against `name` (`km_same_stops`, `km_habit`)."""
        rows = [row for row in self.rows if getattr(row, name)]
        other = sum(getattr(row, name) for row in rows)
        return 1 - sum(row.km for row in rows) / other if other else None
