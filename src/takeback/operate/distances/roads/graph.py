"""A road graph as arrays: n junctions, m arcs, each arc one direction of a piece of road."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from takeback.operate.distances.profiles import TravelProfile, percent

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]

FASTEST = 1e-3  # seconds: no arc takes less, so that no way is free


@dataclass(frozen=True, eq=False, slots=True)
class RoadGraph:
    """Junctions by number, and the arcs between them.

    - `lat`, `lon` (n,) degrees; `tail`, `head` (m,) junctions; `length_m` (m,).
    - `road` (m,): class of road (OpenStreetMap's key `highway`); `limit_kmh` (m,): inf where unknown.
    - `no_lorries`, `no_dangerous_goods` (m,); `tunnel` (m,): ADR category, "" = no tunnel, or of no category.
    - `max_weight_t`, `max_height_m` (m,): inf where unknown.
    - `way` (m,): the id of the road in its source, for people.
    """

    lat: Floats
    lon: Floats
    tail: Ints
    head: Ints
    length_m: Floats
    road: Words
    limit_kmh: Floats
    no_lorries: Flags
    no_dangerous_goods: Flags
    tunnel: Words
    max_weight_t: Floats
    max_height_m: Floats
    way: Words

    @property
    def nodes(self) -> int:
        """The number of junctions."""
        return len(self.lat)

    @property
    def arcs(self) -> int:
        """The number of arcs."""
        return len(self.tail)

    def seconds(self, profile: TravelProfile, depart_s: int | None = None) -> Floats:
        """Return the seconds that each arc takes (m,), inf where it is closed to a vehicle of `profile`."""
        classes, which = np.unique(self.road, return_inverse=True)
        kmh = np.array([profile.road_kmh.get(str(road), 0.0) for road in classes])[which]
        slower = np.array([percent(profile, depart_s, str(road)) / 100 for road in classes])[which]
        kmh = np.minimum(kmh, self.limit_kmh * profile.limit_share)
        with np.errstate(divide="ignore"):
            seconds = np.maximum(self.length_m * 3.6 / kmh * slower, FASTEST)
        return np.where(self.closed(profile) | (kmh <= 0), np.inf, seconds)

    def closed(self, profile: TravelProfile) -> Flags:
        """Return which arcs (m,) are closed to a vehicle of `profile` by sign, weight, height or its goods."""
        closed = (profile.gross_t > self.max_weight_t) | (profile.height_m > self.max_height_m)
        if profile.lorry:
            closed |= self.no_lorries
        if profile.dangerous_goods:
            closed |= self.no_dangerous_goods
        return closed | np.isin(self.tunnel, list(profile.tunnels_closed))

    @property
    def digest(self) -> str:
        """The first sixteen digits of a hash over the whole graph: which edition of it a plan rests on."""
        made = hashlib.sha256()
        for field in fields(self):
            made.update(np.ascontiguousarray(getattr(self, field.name)).tobytes())
        return made.hexdigest()[:16]

    def save(self, path: Path) -> None:
        """Write the graph to an .npz file: an extract of a country need not be parsed again."""
        with path.open("wb") as stream:
            np.savez_compressed(stream, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> RoadGraph:
        """Return the graph that `save` wrote. Raises OSError, ValueError or KeyError where it is none."""
        with np.load(path, allow_pickle=False) as content:
            return cls(**{field.name: content[field.name] for field in fields(cls)})
