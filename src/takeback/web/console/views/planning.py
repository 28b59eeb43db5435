"""GET /plans/day : a day to plan. GET /plans/compare : plans of a day side by side. GET /plans/{id}/running."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from takeback.core.money import Money
from takeback.web.console.views.common import Action, Part, Progress, Text, View
from takeback.web.console.views.plan import Landmark, PlanState, Route


class Fleet(Part, frozen=True, kw_only=True):
    """Vehicles of one kind: how many the site has, and what one may carry."""

    code: str
    name: Text
    count: int
    capacity_kg: float
    shift: tuple[str, str]

    @property
    def carries_kg(self) -> float:
        return self.count * self.capacity_kg


class Waiting(Part, frozen=True, kw_only=True):
    """What waits for collection on a day; `last_day`: those whose window ends with it."""

    orders: int = 0
    items: int = 0
    mass_kg: float = 0.0
    last_day: int = 0
    placeless: int = 0


class CostPoint(Part, frozen=True, kw_only=True):
    """The best cost known after so many seconds."""

    seconds: float
    cost: Money


class Planning(Part, frozen=True, kw_only=True):
    """A plan that is being made: how far, how its best cost fell in `seconds`, what the nearest-first habit costs."""

    job: Progress
    falling: tuple[CostPoint, ...] = ()
    seconds: float = 0.0
    baseline: Money | None = None

    @property
    def fallen(self) -> float | None:
        """Return the share of the first cost that is saved by now; None before there are two."""
        if len(self.falling) < 2 or not self.falling[0].cost.minor:
            return None
        return 1 - self.falling[-1].cost.minor / self.falling[0].cost.minor


class DayPlan(Part, frozen=True, kw_only=True):
    """A plan of the day, as a row to choose from."""

    id: str
    made: datetime
    cost: Money | None
    km: float
    routes: int
    stops: int
    unserved: int
    gap: float | None
    state: PlanState
    note: str = ""


class PlanDayPage(View, frozen=True, kw_only=True):
    """A site and a day: what waits, with what to fetch it, what is being planned and what was."""

    template: ClassVar[str] = "plan-day.html"

    site_id: str
    site: Text
    day: date
    waiting: Waiting
    fleet: tuple[Fleet, ...] = ()
    planning: Planning | None = None
    plans: tuple[DayPlan, ...] = ()
    may_plan: bool = False
    note: str = ""
    problem: Text = ""
    remedy: Text = ""

    @property
    def cheapest(self) -> str:
        """Return the id of the cheapest plan among those that leave the fewest; empty without plans."""
        priced = [plan for plan in self.plans if plan.cost is not None and plan.state != "replaced"]
        least = min(priced, key=lambda plan: (plan.unserved, plan.cost.minor if plan.cost else 0), default=None)
        return least.id if least else ""


class PlanningPart(View, frozen=True, kw_only=True):
    """The progress of a plan being made, alone: what the page asks for every second."""

    template: ClassVar[str] = "fragments/planning.html"

    planning: Planning


class Compared(Part, frozen=True, kw_only=True):
    """One plan of a comparison."""

    id: str
    label: Text
    made: datetime
    state: PlanState
    cost: Money | None
    km: float
    hours: float
    routes: int
    stops: int
    unserved: int
    late: int
    co2_kg: float | None
    used: float | None
    gap: float | None
    actions: tuple[Action, ...] = ()

    @property
    def per_stop(self) -> Money | None:
        return Money(round(self.cost.minor / self.stops), self.cost.currency) if self.cost and self.stops else None


class Measure(Part, frozen=True, kw_only=True):
    """A line of the comparison: `name` of the field; whether less is better, None where neither is."""

    name: str
    label: Text
    unit: str
    less: bool | None = True


class Elsewhere(Part, frozen=True, kw_only=True):
    """An order that the plans treat differently: for each plan the vehicle and arrival, or that it is left."""

    order: str
    place: Text
    cells: tuple[tuple[Text, datetime | None], ...]


class ComparePage(View, frozen=True, kw_only=True):
    """Two or three plans of one day side by side."""

    template: ClassVar[str] = "compare.html"

    day: date
    site: Text
    plans: tuple[Compared, ...]
    measures: tuple[Measure, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    alike: int = 0
    day_href: str = ""

    @property
    def uneven(self) -> bool:
        """Return whether some plans leave more than others."""
        return len({plan.unserved for plan in self.plans}) > 1

    def best(self, measure: Measure) -> float | None:
        """Return the best value of a line; None where all are equal or nothing is better."""
        values = [value for plan in self.plans if (value := self.value(plan, measure)) is not None]
        if measure.less is None or len(set(values)) < 2:
            return None
        return min(values) if measure.less else max(values)

    def value(self, plan: Compared, measure: Measure) -> float | None:
        found = getattr(plan, measure.name)
        return float(found.minor) if isinstance(found, Money) else found

    def behind(self, plan: Compared, measure: Measure) -> float | None:
        """Return how far a plan is from the best of a line, as a share of it; None where that says nothing."""
        best, value = self.best(measure), self.value(plan, measure)
        return value / best - 1 if best and value is not None else None

    def differs(self, measure: Measure) -> bool:
        return len({self.value(plan, measure) for plan in self.plans}) > 1


class Link(Part, frozen=True, kw_only=True):
    """A dispatched route; `href`: the address of its driver's page, known only when it was just made.

    - `route`: its number in the plan, `key`: its id as a dispatched route.
    """

    route: int
    vehicle: Text
    key: str = ""
    href: str = ""
    driver: str = ""
    plate: str = ""
    until: datetime | None = None


class DriversPage(View, frozen=True, kw_only=True):
    """Routes and drivers: before they are dispatched a form, then their links, to be scanned or printed.

    `fresh`: the links were just made and can be seen; they are shown once.
    """

    template: ClassVar[str] = "drivers.html"

    id: str
    day: date
    site: Text
    routes: tuple[Route, ...]
    links: tuple[Link, ...] = ()
    fresh: bool = False
    may_dispatch: bool = False
    accepted: bool = False
    problem: Text = ""
    remedy: Text = ""

    @property
    def unsent(self) -> tuple[Route, ...]:
        """Return the routes that have no driver's link yet: all, or those of vehicles that came in later."""
        return tuple(route for route in self.routes if self.link(route.number) is None)

    def link(self, number: int) -> Link | None:
        return next((link for link in self.links if link.route == number), None)


class SheetsPage(View, frozen=True, kw_only=True):
    """A sheet of paper for each driver."""

    template: ClassVar[str] = "driver-sheets.html"

    id: str
    day: date
    site: Text
    routes: tuple[Route, ...]

    def link(self, number: int) -> Link | None:
        """Return nothing: links are on the sheets that are printed when they are made."""
        return None


class Insertion(Part, frozen=True, kw_only=True):
    """The cheapest place of a pick-up in the running plan, before anybody confirms it."""

    order: str
    name: Text
    vehicle: Text
    behind: Text
    arrive: datetime
    extra_km: float
    extra_cost: Money | None = None
    extra_minutes: float | None = None
    broken: int = 0


class Candidate(Part, frozen=True, kw_only=True):
    """An order that waits and is in no route."""

    order: str
    name: Text
    mass_kg: float
    items: int
    closes: datetime | None = None


class RunningPage(View, frozen=True, kw_only=True):
    """The day as it runs: who is where, what is late, what can still be changed."""

    template: ClassVar[str] = "running.html"

    id: str
    day: date
    site: Text
    routes: tuple[Route, ...]
    now: datetime
    landmarks: tuple[Landmark, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    insertion: Insertion | None = None
    problem: Text = ""
    remedy: Text = ""
    may_change: bool = False
    undo: Action | None = None
    said: Text = ""

    @property
    def calls(self) -> int:
        return sum(len(route.calls) for route in self.routes)

    @property
    def done(self) -> int:
        return sum(route.done_calls for route in self.routes)

    @property
    def failed(self) -> int:
        return sum(stop.failed for route in self.routes for stop in route.calls)

    @property
    def late(self) -> int:
        return sum(route.late_calls for route in self.routes)

    def delay(self, route: Route) -> timedelta:
        """Return by how much the latest stop of a route misses its promise."""
        return max((stop.late for stop in route.calls), default=timedelta())
