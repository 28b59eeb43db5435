"""The rules of trace quality, as data."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import msgspec

Part = Literal["gaps", "matches", "lateness", "claims", "findings"]
PARTS: tuple[Part, ...] = get_args(Part)


class Rules(msgspec.Struct, frozen=True):
    """See rules.toml, where each stands with its meaning."""

    weights: dict[Part, float]
    dispatch: frozenset[str]
    receipt: frozenset[str]
    good_hours: float
    bad_hours: float
    clock_minutes: float
    open_days: float
    verdicts: frozenset[str]
    evidence: frozenset[str]
    measured: frozenset[str]
    error: float
    warning: float


@cache
def rules() -> Rules:
    """Return the rules of rules.toml."""
    said = tomllib.loads(files("takeback.prove.quality").joinpath("rules.toml").read_text(encoding="utf-8"))
    parts = (said["steps"], said["lateness"], said["matches"], said["claims"], said["findings"])
    flat = {name: value for part in parts for name, value in part.items()}
    return msgspec.convert({"weights": said["weights"], **flat}, Rules)
