"""Roads out of an OpenStreetMap extract, read by pyrosm. Turn restrictions and barriers are not taken into account."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.distances.roads.graph import Flags, Floats, RoadGraph, Words

_TAGS = ["highway", "oneway", "junction", "maxspeed"]
_MORE = ["hgv", "goods", "hazmat", "maxweight", "maxheight", "tunnel:category", "hazmat:adr_tunnel_code"]
_FORBIDDEN = ("no", "private")
_ONEWAY_CLASSES = ("motorway", "motorway_link")
_ROUND = ("roundabout", "circular")
MILE_KM, FOOT_M, INCH_M, SHORT_TON_T, POUND_T = 1.609344, 0.3048, 0.0254, 0.90718474, 0.00045359237


def read_osm(path: Path) -> RoadGraph:
    """Return the roads of an extract that motor vehicles may use, service roads (yards) included.

    Raises
    ------
    Problem
        ``distances.needs-extra`` where pyrosm is not installed.
    OSError, ValueError
        Where the file is none.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    nodes, edges = _parsed(path)
    number = {int(name): k for k, name in enumerate(nodes["id"].to_numpy())}
    tail, head = (np.array([number[int(name)] for name in edges[end].to_numpy()], dtype=np.int64) for end in "uv")
    forward, backward = _directions(edges)
    chosen = np.concatenate([np.nonzero(forward)[0], np.nonzero(backward)[0]])
    turned = np.arange(len(chosen)) >= forward.sum()
    return RoadGraph(
        lat=nodes["lat"].to_numpy(dtype=np.float64),
        lon=nodes["lon"].to_numpy(dtype=np.float64),
        tail=np.where(turned, head[chosen], tail[chosen]),
        head=np.where(turned, tail[chosen], head[chosen]),
        length_m=edges["length"].to_numpy(dtype=np.float64)[chosen],
        **{name: values[chosen] for name, values in _attributes(edges).items()},
    )


def _parsed(path: Path) -> tuple[Any, Any]:
    """Return junctions and pieces of road as pyrosm's tables."""
    try:
        from pyrosm import OSM  # noqa: PLC0415 -- an extra
        from pyrosm.exceptions import PBFException  # noqa: PLC0415
    except ImportError as error:
        raise needs_extra("pyrosm") from error
    wanted = {"network_type": "driving+service", "extra_attributes": _MORE, "tags_to_keep": _TAGS}
    try:
        found = OSM(str(path)).get_network(nodes=True, **wanted)
    except PBFException as error:
        raise ValueError(str(error)) from error
    if found is None:
        raise ValueError("no roads for motor vehicles")
    nodes, edges = found
    return nodes, edges


def _directions(edges: Any) -> tuple[Flags, Flags]:
    """Return which pieces are driven in their own direction, and which against it."""
    oneway, junction, road = (_column(edges, name) for name in ("oneway", "junction", "highway"))
    implied = np.isin(junction, _ROUND) | (np.isin(road, _ONEWAY_CLASSES) & (oneway != "no"))
    only_back = np.isin(oneway, ("-1", "reverse"))
    only_on = np.isin(oneway, ("yes", "true", "1")) | (implied & ~only_back)
    return ~only_back, ~only_on


def _attributes(edges: Any) -> dict[str, Any]:
    hazmat, hgv, goods = (_column(edges, name) for name in ("hazmat", "hgv", "goods"))
    return {
        "road": _column(edges, "highway"),
        "limit_kmh": _numbers(_column(edges, "maxspeed"), kmh),
        "no_lorries": np.isin(hgv, _FORBIDDEN) | np.isin(goods, _FORBIDDEN),
        "no_dangerous_goods": np.isin(hazmat, _FORBIDDEN),
        "tunnel": _tunnels(edges),
        "max_weight_t": _numbers(_column(edges, "maxweight"), tonnes),
        "max_height_m": _numbers(_column(edges, "maxheight"), metres),
        "way": edges["id"].to_numpy(dtype=np.int64).astype(np.str_),
    }


def _tunnels(edges: Any) -> Words:
    """Return the ADR category of tunnels, from the two keys that are in use for it."""
    first, second = (_column(edges, name) for name in ("hazmat:adr_tunnel_code", "tunnel:category"))
    either = np.char.upper(np.where(first != "", first, second))
    return np.where(np.isin(either, list("ABCDE")), either, "")


def _column(edges: Any, name: str) -> Words:
    """Return a column as text, "" where the table has none or a piece no value."""
    if name not in edges:
        return np.full(len(edges), "", dtype=np.str_)
    values: npt.NDArray[np.str_] = edges[name].fillna("").astype(str).to_numpy().astype(np.str_)
    return values


def _numbers(texts: Words, read: Any) -> Floats:
    """Return what `read` makes of each different text."""
    values, which = np.unique(texts, return_inverse=True)
    numbers: Floats = np.array([read(str(text)) for text in values], dtype=np.float64)[which]
    return numbers


def kmh(text: str) -> float:
    """Return a legal limit in km/h ("50", "30 mph"); inf for what is no number ("none", "signals", "FI:urban")."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh)?", text.strip())
    if match is None or float(match[1]) <= 0:
        return np.inf
    return float(match[1]) * (MILE_KM if match[2] == "mph" else 1)


def tonnes(text: str) -> float:
    """Return a limit of weight in tonnes ("7.5", "7.5 t", "3500 kg", "5 st", "6000 lbs"); inf for what is no number."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(t|kg|st|lbs)?", text.strip())
    if match is None:
        return np.inf
    return float(match[1]) * {"kg": 0.001, "st": SHORT_TON_T, "lbs": POUND_T}.get(match[2] or "t", 1.0)


def metres(text: str) -> float:
    """Return a limit of height in metres ("3.8", "3.8 m", 12'6"); inf for what is no number ("default", "none")."""
    feet = re.fullmatch(r"(\d+)'\s*(?:(\d+)\"?)?", text.strip())
    if feet:
        return int(feet[1]) * FOOT_M + int(feet[2] or 0) * INCH_M
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*m?", text.strip())
    return float(match[1]) if match else np.inf


def needs_extra(package: str) -> Problem:
    """Return the problem of a package that only installations with their own roads have."""
    return Problem(
        "distances.needs-extra",
        msg("An own road graph needs a package that is not installed."),
        found=package,
        remedy=msg("Install Takeback with its extra: takeback[roads]."),
    )
