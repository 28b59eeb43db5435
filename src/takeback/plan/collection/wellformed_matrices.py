"""The tables of travel: whole numbers for every pair of places, neither symmetric nor metric by need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

if TYPE_CHECKING:
    from takeback.plan.collection.parts import Matrix, Profile

LARGEST = 2**31  # metres or seconds of one leg: sums of a whole day's costs stay within 64 bits


def matrix(name: str, given: npt.ArrayLike, n: int, errors: list[Problem]) -> Matrix:
    """Return `given` as a read-only (n, n) integer matrix; what is wrong with it goes into `errors`.

    A matrix that is one already is not copied, so that problems can be made from each other cheaply.
    """
    if isinstance(given, np.ndarray) and _is_table(given, n):
        return given if _is_sealed(given) else _sealed(given)
    values = _numbers(name, given, n, errors)
    return _sealed(values) if values is not None and _is_whole(name, values, errors) else np.zeros((n, n), np.int64)


def profile_matrices(profile: Profile, where: str, n: int, errors: list[Problem]) -> Profile:
    """Return the profile with read-only matrices.

    A hole (no number, or infinity) in either of them is a leg that is closed to its vehicles: both become `LARGEST`,
    which no shift allows.
    """
    names, given = (f"{where}.distance_m", f"{where}.duration_s"), (profile.distance_m, profile.duration_s)
    if all(isinstance(one, np.ndarray) and _is_table(one, n) for one in given):
        metres_m, seconds_s = (one if _is_sealed(one) else _sealed(one) for one in given)
        return replace(profile, distance_m=metres_m, duration_s=seconds_s)
    metres, seconds = (_numbers(name, one, n, errors) for name, one in zip(names, given, strict=True))
    if metres is None or seconds is None:
        return replace(profile, distance_m=np.zeros((n, n), np.int64), duration_s=np.zeros((n, n), np.int64))
    closed = ~(_is_number(metres) & _is_number(seconds)) & ~np.eye(n, dtype=bool)
    metres[closed] = seconds[closed] = LARGEST
    whole = [_is_whole(name, values, errors) for name, values in zip(names, (metres, seconds), strict=True)]
    return replace(profile, distance_m=_sealed(metres), duration_s=_sealed(seconds)) if all(whole) else profile


def _is_table(given: npt.NDArray[np.generic], n: int) -> bool:
    """Return whether `given` is a faultless table of integers, without a copy of it."""
    if given.dtype.kind not in "iu" or given.shape != (n, n):
        return False
    numbers: npt.NDArray[np.int64] = given  # type: ignore[assignment]
    return not n or (numbers.min() >= 0 and numbers.max() <= LARGEST and not np.diagonal(numbers).any())


def _is_sealed(given: npt.NDArray[np.generic]) -> bool:
    """Return whether nobody can change `given` any more."""
    return given.dtype == np.int64 and given.base is None and not given.flags.writeable and given.flags.c_contiguous


def _numbers(name: str, given: npt.ArrayLike, n: int, errors: list[Problem]) -> npt.NDArray[np.float64] | None:
    try:
        values = np.array(given, dtype=np.float64)  # exact up to 2^53; None becomes nan
    except (TypeError, ValueError):
        errors.append(_flaw(name, "ragged", name, None, msg("rows of equal length, numbers only")))
        return None
    if values.shape != (n, n):
        shape = " x ".join(map(str, values.shape))
        errors.append(_flaw(name, "shape", name, shape, msg("{n} x {n}, one row a location", n=n)))
        return None
    return values


def _is_number(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    return ~(np.isnan(values) | np.isposinf(values))


def _is_whole(name: str, values: npt.NDArray[np.float64], errors: list[Problem]) -> bool:
    for kind, wrong, expected in (
        ("hole", ~np.isfinite(values), msg("a number for every pair of locations")),
        ("negative", values < 0, msg("0 or more")),
        ("fraction", np.rint(values) != values, msg("a whole number")),
        ("too-large", values > LARGEST, msg("at most {largest}", largest=LARGEST)),
        ("diagonal", (np.eye(len(values)) > 0) & (values > 0), msg("0 from a location to itself")),
    ):
        if wrong.any():
            i, j = (int(k[0]) for k in np.nonzero(wrong))
            remedy = _remedies(int(wrong.sum())).get(kind)
            errors.append(_flaw(name, kind, f"{name}[{i}, {j}]", float(values[i, j]), expected, remedy))
            return False
    return True


def _remedies(count: int) -> dict[str, Message]:
    return {
        "hole": msg(
            "{count} pairs have no number. Where only some vehicles have no road, leave the hole in a travel profile "
            "of theirs; where there is none at all, give the way round or leave the place out.",
            count=count,
        ),
        "fraction": msg("Round to whole metres and seconds."),
    }


def _sealed(values: npt.NDArray[np.generic]) -> Matrix:
    whole = np.ascontiguousarray(values).astype(np.int64)
    whole.flags.writeable = False
    return whole


def _flaw(name: str, kind: str, where: str, found: object, expected: Message, remedy: Message | None = None) -> Problem:
    return Problem(
        f"collection.matrix-{kind}",
        msg("The matrix {name} is not a complete table of travel between the locations", name=name),
        where=where,
        found=found,
        expected=expected,
        remedy=remedy,
    )
