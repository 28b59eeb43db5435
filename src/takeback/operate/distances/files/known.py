"""What a matrix file says, whatever its form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.distances.travel import MOST, Floats


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """Metres and seconds between the places of a file (n, n), not a number where the file is silent.

    `where(field, i, j)`: the place in the file of one figure, in words. `places`: latitudes and longitudes (n, 2) where
    the file has them.
    """

    file: str
    ids: tuple[str, ...]
    distance_m: Floats
    duration_s: Floats
    where: Callable[[str, int, int], str]
    places: Floats | None = None
    index: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {name: k for k, name in enumerate(self.ids)})
        if len(self.index) != len(self.ids):
            twice = next(name for k, name in enumerate(self.ids) if self.index[name] != k)
            raise bad_file(self.file, "ids", twice, msg("each place once"))
        n = len(self.ids)
        for name in ("distance_m", "duration_s"):
            self._reject_nonsense(name, getattr(self, name), (n, n))
            np.fill_diagonal(getattr(self, name), 0)  # whatever a file says of staying where one is
        if self.places is not None and self.places.shape != (n, 2):
            raise bad_file(self.file, "lat, lon", len(self.places), msg("{n} of each, one a place", n=n))

    def _reject_nonsense(self, name: str, values: Floats, shape: tuple[int, int]) -> None:
        if values.shape != shape:
            raise bad_file(self.file, name, _shape(values), msg("{n} x {n}, one row a place", n=shape[0]))
        wrong = (values < 0) | (values > MOST) | np.isinf(values)
        if wrong.any():
            i, j = (int(k[0]) for k in np.nonzero(wrong))
            expected = msg("0 to {largest}", largest=MOST)
            raise bad_file(self.file, self.where(name, i, j), float(values[i, j]), expected)


def bad_file(file: str, where: str, found: object, expected: Message) -> Problem:
    """Return the problem of a figure, or a shape, that cannot be used."""
    return Problem(
        "distances.bad-file",
        msg("The file of distances cannot be used as it is."),
        where=f"{file}: {where}",
        found=found,
        expected=expected,
    )


def as_floats(file: str, name: str, values: object) -> Floats:
    """Return rows of numbers as an array, None as not a number. Raises ``distances.bad-file``."""
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise bad_file(file, name, str(error), msg("rows of equal length, numbers only")) from error


def places_of(file: str, lat: object, lon: object) -> Floats | None:
    """Return latitudes and longitudes (n, 2), None where the file has none. Raises ``distances.bad-file``."""
    if lat is None or lon is None:
        return None
    north, east = as_floats(file, "lat", lat), as_floats(file, "lon", lon)
    if north.ndim != 1 or north.shape != east.shape:
        raise bad_file(file, "lat, lon", f"{north.size} and {east.size}", msg("as many of one as of the other"))
    return np.stack([north, east], axis=-1)


def _shape(values: Floats) -> str:
    return " x ".join(map(str, values.shape))
