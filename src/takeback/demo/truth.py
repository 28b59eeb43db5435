"""The hidden truth of a world, in a file beside the database. Only demo and benchmarks read it; nothing that
decides does."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.demo.world import PackTruth, ParcelTruth, Truth

_PACKS = ("soh", "fault", "mass_g", "price_noise")
_PARCELS = ("grade", "empty", "mass_g", "price_noise")


def hide(truth: Truth, path: Path) -> None:
    """Write the truth to ``path``, readable by its owner only; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arrays = {f"packs_{name}": getattr(truth.packs, name) for name in _PACKS}
    arrays |= {f"parcels_{name}": getattr(truth.parcels, name) for name in _PARCELS}
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as handle:
        np.savez_compressed(handle, allow_pickle=False, **arrays)
    fresh.chmod(0o600)
    fresh.replace(path)


def reveal(path: Path) -> Truth:
    """Return the truth that :func:`hide` wrote; ``demo.no-truth`` when it is not there."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            packs = PackTruth(**{name: arrays[f"packs_{name}"] for name in _PACKS})
            parcels = ParcelTruth(**{name: arrays[f"parcels_{name}"] for name in _PARCELS})
    except FileNotFoundError:
        raise Problem(
            "demo.no-truth",
            msg("The hidden truth of this world is not here, so nothing can be realised or scored."),
            where=str(path),
            remedy=msg("Drive the world anew: `takeback demo`."),
        ) from None
    return Truth(packs, parcels)
