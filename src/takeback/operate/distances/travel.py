"""What a provider hands back: metres and seconds, and where they come from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback import __version__
from takeback.core.message import Message, msg
from takeback.core.places import Place
from takeback.core.problem import Problem
from takeback.plan.collection.parts import Location

Somewhere = Place | Location
"""A place by its coordinates, or a location of a collection problem, which has an id, too."""

Floats = npt.NDArray[np.float64]
MOST = 2**31  # metres or seconds of one leg that a collection problem takes


@dataclass(frozen=True, slots=True)
class Travel:
    """Integer metres and seconds between n places (n, n), and their provenance.

    `provenance`: provider, version, factors or speeds, and `key`, in words; kept with each plan. `warnings`: what
    people must know of these figures, such as that another provider stood in.
    """

    distance_m: npt.NDArray[np.int64]
    duration_s: npt.NDArray[np.int64]
    provenance: str
    warnings: tuple[Message, ...] = ()


def key(places: Sequence[Somewhere], profile: str, depart_s: int | None) -> str:
    """Return the hash (SHA-256, hexadecimal) of coordinates in their order, ids, profile and hour."""
    rows = [(place.lat, place.lon, identity(place)) for place in places]
    return hashlib.sha256(json.dumps([rows, profile, depart_s]).encode()).hexdigest()


def identity(place: Somewhere) -> str:
    """Return the id of a location, "" of a place that has none."""
    return place.id if isinstance(place, Location) else ""


def told(provider: str, detail: str, digest: str) -> str:
    """Return the provenance in words: `digest` is that of `key`, of which sixteen digits are enough."""
    return "; ".join(filter(None, (provider, detail, f"takeback {__version__}", f"sha256:{digest[:16]}")))


def coordinates(places: Sequence[Somewhere]) -> Floats:
    """Return latitudes and longitudes in degrees, shape (n, 2).

    Raises
    ------
    Problem
        ``distances.no-coordinates`` with every location that has none, ``place.outside``.
    """
    lost = [f"{place.id} ({k})" for k, place in enumerate(places) if place.lat is None or place.lon is None]
    if lost:
        raise Problem(
            "distances.no-coordinates",
            msg("These places have no coordinates, and the distances come from where places are."),
            where=", ".join(lost[:20]),
            found=len(lost),
            expected=msg("a latitude and a longitude for each place"),
            remedy=msg("Enter where they are, or give the distances in a file."),
        )
    checked = [Place(float(place.lat or 0.0), float(place.lon or 0.0)) for place in places]
    return np.array([(place.lat, place.lon) for place in checked], dtype=np.float64).reshape(len(checked), 2)


def whole(values: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return metres or seconds rounded to whole ones, 0 from a place to itself."""
    made = np.rint(np.asarray(values, dtype=np.float64)).astype(np.int64)
    np.fill_diagonal(made, 0)
    return made
