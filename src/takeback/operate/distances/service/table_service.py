"""A table service as a provider: asked block by block, so that no answer is too large for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.distances.profiles import unknown_profile
from takeback.operate.distances.service.client import Client, failed
from takeback.operate.distances.service.dialects import DIALECTS, Rows
from takeback.operate.distances.travel import MOST, Floats, Somewhere, Travel, coordinates, identity, key, told, whole

MOST_TOLD = 20
_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class TableService:
    """Travel as a service says, `kind` one of osrm, valhalla, ors. The hour makes no difference.

    Profiles are the service's own; `profiles` gives them the names that vehicles have here.
    """

    def __init__(self, kind: str, client: Client, profiles: dict[str, str] | None = None) -> None:
        self.kind, self.client, self.profiles = kind, client, profiles or {}
        self.dialect = DIALECTS[kind]()

    def matrix(self, places: Sequence[Somewhere], *, profile: str = "", depart_s: int | None = None) -> Travel:
        """Return the service's figures; see `DistanceProvider`.

        Raises
        ------
        Problem
            ``distances.service-failed``, ``distances.unreachable``, ``distances.unknown-profile``.
        """
        where = [(float(lat), float(lon)) for lat, lon in coordinates(places)]
        named = self.profiles.get(profile, profile) or self.dialect.usual
        if not _PROFILE.fullmatch(named):
            raise unknown_profile(named, {self.dialect.usual: None, **self.profiles})
        metres, seconds = np.zeros((2, len(places), len(places)))
        for rows, columns in _blocks(len(places), max(1, self.dialect.most // 2)):
            ends = [where[k] for k in rows], [where[k] for k in columns]
            metres[np.ix_(rows, columns)], seconds[np.ix_(rows, columns)] = self._block(named, *ends)
        _reject_holes(places, metres, seconds)
        detail = f"{self.client.host}, profile {named}"
        return Travel(whole(metres), whole(seconds), told(self.kind, detail, key(places, profile, depart_s)))

    def _block(
        self, profile: str, sources: list[tuple[float, float]], targets: list[tuple[float, float]]
    ) -> tuple[Floats, Floats]:
        try:
            metres, seconds = self.dialect.ask(self.client, profile, sources, targets)
            shape = len(sources), len(targets)
            return _table(metres, shape), _table(seconds, shape)
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise failed(self.client.host, f"an answer of another form: {type(error).__name__} {error}") from error


def _blocks(n: int, size: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield rows and columns of the blocks that n x n pairs are asked in."""
    parts = [list(range(start, min(start + size, n))) for start in range(0, n, size)]
    yield from ((rows, columns) for rows in parts for columns in parts)


def _table(rows: Rows, shape: tuple[int, int]) -> Floats:
    """Return an answer as an array, not a number where there is no way. Raises ValueError for a bad one."""
    table = np.array(rows, dtype=np.float64)
    if table.shape != shape:
        raise ValueError(f"{table.shape} figures instead of {shape}")
    if ((table < 0) | (table > MOST)).any():
        raise ValueError("figures below 0 or beyond all measure")
    return table


def _reject_holes(places: Sequence[Somewhere], metres: Floats, seconds: Floats) -> None:
    """Raise with the pairs between which the service knows no way."""
    holes = np.isnan(metres) | np.isnan(seconds)
    np.fill_diagonal(holes, False)
    if not holes.any():
        np.fill_diagonal(metres, 0)
        np.fill_diagonal(seconds, 0)
        return
    names = [identity(place) or f"{place.lat}, {place.lon}" for place in places]
    pairs = [f"{names[i]} - {names[j]}" for i, j in np.argwhere(holes)[:MOST_TOLD].tolist()]
    raise Problem(
        "distances.unreachable",
        msg("The table service knows no way between these places."),
        where="; ".join(pairs),
        found=int(holes.sum()),
        expected=msg("a way between every pair, both ways: 0 pairs without"),
        remedy=msg("Check their coordinates, leave them out, or give the distances in a file."),
    )
