"""What a collection problem is made of: places, tasks, vehicles, and what may not be.

Moments and lengths of time are whole seconds since the day's origin, usually midnight; a second day begins at 86 400.
So several days need no word of their own: windows and shifts lie on the days that they belong to, and a fleet that
drives every day has one vehicle type a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.int64]
Loads = tuple[int, ...]


class Window(NamedTuple):
    """From `start_s` to `end_s`, both included, in seconds since the day's origin (usually midnight)."""

    start_s: int
    end_s: int


ALL_DAY = Window(0, 86_400)


class Slice(NamedTuple):
    """From `start_s` on, until the next slice, travel takes `percent` of its normal time (100 = as the matrix says)."""

    start_s: int
    percent: int


class Pause(NamedTuple):
    """A break that a driver must take: it begins within the window (both ends included) and lasts `duration_s`."""

    start_s: int
    end_s: int
    duration_s: int


@dataclass(frozen=True, slots=True)
class Location:
    """A place of the matrices. Coordinates are WGS84 degrees, for maps only; None where unknown."""

    id: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One stop to make.

    - `location`: index into the problem's locations.
    - `delivery`, `pickup`: load brought to and taken from the stop, one integer for each load dimension, in
      its unit; empty = nothing. Deliveries come aboard where the trip begins, pickups leave where it ends.
    - `windows`: service must begin within one of them; empty = at any time. Early vehicles wait.
    - `service_s`: seconds of service.
    - `prize`: None = must be served; else optional, and leaving it costs this much (minor units).
    - `group`: tasks of one group are alternatives (places, days): at most one is served; exactly one where their
      prize is None. All of a group have the same prize, which is lost once, when none is served.
    - `only`: ids of the vehicle types that may serve it; empty = any. `never`: ids of those that may not.
    - `goods`: the class of what it brings or takes, for `CollectionProblem.apart`, `VehicleType.carries` and flexible
      compartments; "" = nothing special.
    """

    id: str
    location: int
    delivery: Loads = ()
    pickup: Loads = ()
    windows: tuple[Window, ...] = ()
    service_s: int = 0
    prize: int | None = None
    group: str = ""
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    goods: str = ""


@dataclass(frozen=True, slots=True)
class Depot:
    """Where vehicles start and end.

    - `window`: when they may leave and must be back; None = always.
    - `takes_load`: False where nothing may be unloaded (a vehicle yard): vehicles come back empty.
    - `intake`: what all routes together may unload here, one integer for each load dimension; empty = any amount.
    """

    id: str
    location: int
    window: Window | None = None
    takes_load: bool = True
    intake: Loads = ()


@dataclass(frozen=True, slots=True)
class Site:
    """Where a vehicle may unload on its way, as often as `VehicleType.most_reloads` says: a disposal site, a hub.

    All pickups aboard leave it here and a new trip begins. Service begins within `window` and takes `service_s`.

    - `supplies`: deliveries of the next trip come aboard here; else the next trip brings none.
    - `intake`: what all routes together may unload here, one integer for each load dimension; empty = any amount.
    """

    id: str
    location: int
    window: Window | None = None
    service_s: int = 0
    supplies: bool = False
    intake: Loads = ()


@dataclass(frozen=True, slots=True)
class VehicleType:
    """`count` equal vehicles, each with at most one route.

    - `capacity`: one integer for each load dimension; 0 keeps a load (damaged packs, dangerous goods) off it.
    - `start_depot`, `end_depot`: indices into the depots; `end_depot` None = back to the start.
    - `shift`: leaves no earlier than its start, is back by its end.
    - `max_duration_s` from leaving to return, waiting and breaks included; `max_distance_m`; None = unlimited.
    - costs in minor units: `cost_fixed` for a vehicle used, `cost_per_km`, `cost_per_hour` of duration.
    - `max_overtime_s` by which the duration may exceed `max_duration_s`; each hour of it costs `cost_per_overtime_hour`
      on top of `cost_per_hour`.
    - `breaks`: all are taken by a vehicle that is on its way, from leaving to return, when their window ends.
    - `profile`: id of the travel profile that it drives by; "" = the problem's own matrices.
    - `carries`: classes of goods that it may carry; None = all. Tasks without a class may always be carried.
    - `compartments`: 0 = none. Else, on each trip, the goods of each class stand in a compartment of their own, whose
      size in the first load dimension is a multiple of `compartment_unit`; there are at most so many compartments,
      and their sizes together are at most the capacity (flexible compartments: Henke, Speranza, Wäscher 2015). A
      compartment is as large as the most that is aboard of its class at any moment of the trip.
    - `most_reloads`: how often it may visit a site; `sites`: ids of those it may visit, empty = all.
    - `co2_g_per_km`: grams of CO2 equivalent a kilometre, for the record only.
    """

    id: str
    count: int
    capacity: Loads = ()
    start_depot: int = 0
    end_depot: int | None = None
    shift: Window = ALL_DAY
    max_duration_s: int | None = None
    max_distance_m: int | None = None
    cost_fixed: int = 0
    cost_per_km: int = 0
    cost_per_hour: int = 0
    max_overtime_s: int = 0
    cost_per_overtime_hour: int = 0
    breaks: tuple[Pause, ...] = ()
    profile: str = ""
    carries: tuple[str, ...] | None = None
    compartments: int = 0
    compartment_unit: int = 1
    most_reloads: int = 0
    sites: tuple[str, ...] = ()
    co2_g_per_km: int = 0

    @property
    def last_depot(self) -> int:
        """Return the index of the depot where its route ends."""
        return self.start_depot if self.end_depot is None else self.end_depot


@dataclass(frozen=True, eq=False, slots=True)
class Profile:
    """How some vehicles travel: their own matrices (roads and tunnels closed to them), and the hours of the day."""

    id: str
    distance_m: Matrix
    duration_s: Matrix
    slices: tuple[Slice, ...] = ()


@dataclass(frozen=True, slots=True)
class Zone:
    """Places that are closed at times: service at them may not be going on within a `closed` window.

    Vehicle types in `passes` (ids) are let in all the same. Between the ends of a window the zone is closed; at the
    very ends it is open. Waiting, for a window or for the zone to open, is no service.
    """

    id: str
    locations: tuple[int, ...]
    closed: tuple[Window, ...]
    passes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """`first` before `second` in one route: who serves the task `second` has served the task `first` earlier."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Started:
    """A vehicle under way or promised: its route begins with `stops` (ids of tasks and sites) in this order.

    `departure_s`: it has left at that moment; None = it may still leave at any. `keeps`: tasks that stay on this
    vehicle, in any place behind `stops` (their deliveries are aboard). A vehicle that is started drives, even if for
    nothing else.
    """

    vehicle_type: str
    vehicle: int
    stops: tuple[str, ...] = ()
    departure_s: int | None = None
    keeps: tuple[str, ...] = ()
