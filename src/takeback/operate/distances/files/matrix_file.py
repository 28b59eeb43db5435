"""A file of distances as a provider."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from takeback.core.message import msg
from takeback.core.places import haversine_matrix_m
from takeback.core.problem import Problem
from takeback.operate.distances.files.known import Known, bad_file
from takeback.operate.distances.files.read_csv import read_csv
from takeback.operate.distances.files.read_json import read_json
from takeback.operate.distances.files.read_npz import read_npz
from takeback.operate.distances.travel import Somewhere, Travel, identity, key, told, whole

NEAR_M = 50.0  # a place without an id of the file is the file's place that is so near: the same gate
READERS: dict[str, Callable[[Path], Known]] = {".csv": read_csv, ".json": read_json, ".npz": read_npz}
MOST_TOLD = 20


class MatrixFile:
    """Travel as a file gives it. A file knows one way of travelling: the profile is its name, or "".

    Places are found by their id, else by their coordinates, where the file has some, at most 50 m away. The file is
    read when it is first needed.
    """

    def __init__(self, path: Path, *, profile: str = "") -> None:
        self.path, self.profile = path, profile

    @cached_property
    def known(self) -> Known:
        """What the file says. Raises ``distances.bad-file``, ``distances.no-file``."""
        reader = READERS.get(self.path.suffix.lower())
        if reader is None:
            raise bad_file(self.path.name, "", self.path.suffix, msg("one of {kinds}", kinds=", ".join(READERS)))
        try:
            return reader(self.path)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise Problem(
                "distances.no-file",
                msg("The file of distances cannot be read."),
                where=str(self.path),
                found=str(error),
                remedy=msg("Look at the setting TAKEBACK_DISTANCES."),
            ) from error

    @cached_property
    def digest(self) -> str:
        """The first sixteen digits of the file's SHA-256: which edition of it a plan rests on."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()[:16]

    def matrix(self, places: Sequence[Somewhere], *, profile: str = "", depart_s: int | None = None) -> Travel:
        """Return the file's figures for `places`; see `DistanceProvider`. The hour makes no difference.

        Raises
        ------
        Problem
            ``distances.unknown-places``, ``distances.holes``, ``distances.unknown-profile``, ``distances.bad-file``.
        """
        if profile not in ("", self.profile):
            raise self._other_profile(profile)
        rows = self._rows(places)
        chosen = np.ix_(rows, rows)
        self._reject_holes(rows)
        provenance = told(f"file {self.path.name}", f"sha256 of it {self.digest}", key(places, profile, depart_s))
        return Travel(whole(self.known.distance_m[chosen]), whole(self.known.duration_s[chosen]), provenance)

    def _rows(self, places: Sequence[Somewhere]) -> list[int]:
        rows = [self._row(place) for place in places]
        lost = [k for k, row in enumerate(rows) if row is None]
        if lost:
            names = [identity(places[k]) or f"{places[k].lat}, {places[k].lon}" for k in lost]
            raise Problem(
                "distances.unknown-places",
                msg("The file of distances does not know these places."),
                where=f"{self.path.name}: {'; '.join(names[:MOST_TOLD])}",
                found=len(lost),
                expected=msg("ids of the file, for example {ids}", ids=", ".join(self.known.ids[:5])),
                remedy=msg("Add their rows to the file, or use another provider."),
            )
        return [row for row in rows if row is not None]

    def _row(self, place: Somewhere) -> int | None:
        """Return where a place stands in the file, None where it does not."""
        found = self.known.index.get(identity(place))
        if found is not None or self.known.places is None or place.lat is None or place.lon is None:
            return found
        away = haversine_matrix_m([place.lat], [place.lon], self.known.places[:, 0], self.known.places[:, 1])[0]
        away = np.where(np.isnan(away), np.inf, away)
        return int(away.argmin()) if away.size and away.min() <= NEAR_M else None

    def _reject_holes(self, rows: list[int]) -> None:
        """Raise with every hole among the asked rows, by field and place in the file."""
        asked = sorted(set(rows))
        holes = [hole for name in ("distance_m", "duration_s") for hole in self._holes(name, asked)]
        if holes:
            raise Problem(
                "distances.holes",
                msg("The file of distances has holes between places that are asked for."),
                where=f"{self.path.name}: {'; '.join(holes[:MOST_TOLD])}",
                found=len(holes),
                expected=msg("metres and seconds for every pair, both ways"),
                remedy=msg("Fill them in, or leave the places out that nobody can drive between."),
            )

    def _holes(self, name: str, asked: list[int]) -> list[str]:
        values: npt.NDArray[np.float64] = getattr(self.known, name)[np.ix_(asked, asked)]
        np.fill_diagonal(values, 0)
        return [self.known.where(name, asked[i], asked[j]) for i, j in np.argwhere(np.isnan(values)).tolist()]

    def _other_profile(self, profile: str) -> Problem:
        return Problem(
            "distances.unknown-profile",
            msg("This travel profile is not known."),
            where=self.path.name,
            found=profile,
            expected=msg("no profile, or {name}", name=self.profile) if self.profile else msg("no profile"),
            remedy=msg("Distances for another kind of vehicle need a file of their own."),
        )
