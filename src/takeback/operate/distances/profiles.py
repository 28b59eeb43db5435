"""How vehicles travel: speeds, what is closed to them, how the hours of the day slow them; read from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from takeback.core.message import msg
from takeback.core.problem import Problem

BUILT_IN = Path(__file__).with_name("profiles.toml")
DAY_S = 86_400
USUAL = "lorry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rush:
    """From `start` to `end` ("07:00", the end is not in it) travel on roads of `roads` takes `percent` of its time.

    `roads`: classes of OpenStreetMap's key `highway`; empty = all.
    """

    start: str
    end: str
    percent: int
    roads: tuple[str, ...] = ()

    def holds(self, depart_s: int) -> bool:
        """Whether a moment, in seconds since midnight of any day, lies in these hours."""
        return _seconds(self.start) <= depart_s % DAY_S < _seconds(self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelProfile:
    """How one kind of vehicle travels.

    - `kmh`: speed over all, where only the straight line is known.
    - `road_kmh`: speed by class of road (OpenStreetMap's key `highway`); classes that are not named are closed.
    - `limit_share`: share of the legal limit that is driven where a limit is known and lower than `road_kmh`.
    - `lorry`: kept off roads closed to heavy goods vehicles. `gross_t`, `height_m`: 0 = no limit of a road matters.
    - `dangerous_goods`: kept off roads closed to them; `tunnels_closed`: ADR tunnel categories it may not use.
    - `rush`: hours that slow it.
    """

    kmh: float
    road_kmh: dict[str, float] = field(default_factory=dict)
    limit_share: float = 1.0
    lorry: bool = False
    gross_t: float = 0.0
    height_m: float = 0.0
    dangerous_goods: bool = False
    tunnels_closed: tuple[str, ...] = ()
    rush: tuple[Rush, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A box of the map (degrees) with its own circuity factor, where `speed_percent` of a profile's speed is driven."""

    name: str
    south: float
    west: float
    north: float
    east: float
    circuity: float
    speed_percent: int = 100

    @property
    def size(self) -> float:
        """Square degrees: of several regions that hold both ends of a way, the smallest counts."""
        return (self.north - self.south) * (self.east - self.west)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelTable:
    """What a file of profiles says."""

    circuity: float = 1.3
    profiles: dict[str, TravelProfile] = field(default_factory=dict)
    regions: tuple[Region, ...] = ()

    def profile(self, name: str) -> TravelProfile:
        """Return a profile; "" is the usual one. Raises ``distances.unknown-profile``."""
        found = self.profiles.get(name or USUAL)
        if found is None:
            raise unknown_profile(name or USUAL, self.profiles)
        return found


def read_table(path: Path = BUILT_IN) -> TravelTable:
    """Return the profiles and regions of a file; profiles that it does not name are the built-in ones.

    Raises
    ------
    Problem
        ``distances.bad-profiles`` with the place in the file.
    """
    try:
        table = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), TravelTable)
        _reject_nonsense(table)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise Problem(
            "distances.bad-profiles",
            msg("The file of travel profiles cannot be used."),
            where=str(path),
            found=str(error),
            expected=msg("a TOML file as docs/how-to/own-roads.md describes it"),
        ) from error
    if path == BUILT_IN:
        return table
    return TravelTable(
        circuity=table.circuity, profiles={**built_in().profiles, **table.profiles}, regions=table.regions
    )


@cache
def built_in() -> TravelTable:
    """Return the profiles that come with Takeback."""
    return read_table()


def percent(profile: TravelProfile, depart_s: int | None, road: str = "") -> int:
    """Return the percent of its normal time that travel takes at a moment on a class of road."""
    if depart_s is None:
        return 100
    return max(
        (rush.percent for rush in profile.rush if rush.holds(depart_s) and (not rush.roads or road in rush.roads)),
        default=100,
    )


def unknown_profile(name: str, known: Mapping[str, Any]) -> Problem:
    """Return the problem of a profile that nobody described."""
    return Problem(
        "distances.unknown-profile",
        msg("This travel profile is not known."),
        found=name,
        expected=msg("one of {known}", known=", ".join(sorted(known))),
        remedy=msg("Describe it in the file that TAKEBACK_DISTANCE_PROFILES names."),
    )


def _seconds(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    moment = int(hours) * 3600 + int(minutes or 0) * 60
    if not 0 <= moment <= DAY_S:
        raise ValueError(f"{clock} is not between 00:00 and 24:00")
    return moment


def _reject_nonsense(table: TravelTable) -> None:
    """Raise ValueError with the name of the field whose number makes no sense."""
    positive = {"circuity": table.circuity}
    for name, profile in table.profiles.items():
        positive |= {f"profiles.{name}.kmh": profile.kmh, f"profiles.{name}.limit_share": profile.limit_share}
        positive |= {f"profiles.{name}.road_kmh.{road}": kmh for road, kmh in profile.road_kmh.items()}
        for k, rush in enumerate(profile.rush):
            positive[f"profiles.{name}.rush[{k}].percent"] = rush.percent
            if _seconds(rush.start) >= _seconds(rush.end):
                raise ValueError(f"profiles.{name}.rush[{k}]: {rush.start} is not before {rush.end}")
    for region in table.regions:
        positive |= {f"regions.{region.name}.size": region.size, f"regions.{region.name}.circuity": region.circuity}
        positive[f"regions.{region.name}.speed_percent"] = region.speed_percent
        if region.south >= region.north:
            raise ValueError(f"regions.{region.name}: south {region.south} is not below north {region.north}")
    for field_name, value in positive.items():
        if not value > 0:
            raise ValueError(f"{field_name} is {value}, and must be above 0")
    if table.circuity < 1 or any(region.circuity < 1 for region in table.regions):
        raise ValueError("circuity must be 1 or more: no road is shorter than the straight line")
