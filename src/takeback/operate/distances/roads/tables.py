"""Roads out of two tables of one's own: `nodes.csv` (id, lat, lon) and `edges.csv` (from, to, and what is known)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.places import Place, haversine_m
from takeback.core.problem import Problem
from takeback.operate.distances.roads.graph import RoadGraph

NODES, EDGES = "nodes.csv", "edges.csv"
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
TUNNELS = ("", "A", "B", "C", "D", "E")


def read_tables(folder: Path) -> RoadGraph:
    """Return the graph of a folder.

    Columns of edges.csv: `from`, `to`; and, each may be absent or empty: `length_m` (else the straight line), `class`
    (of OpenStreetMap's key highway, else `unclassified`), `limit_kmh`, `oneway`, `no_lorries`, `no_dangerous_goods`
    (yes or no), `tunnel` (A to E), `max_weight_t`, `max_height_m`, `id`.

    Raises
    ------
    Problem
        ``distances.bad-roads`` with file, row and column.
    """
    nodes = {row["id"]: (k, place) for k, (row, place) in enumerate(_places(folder / NODES))}
    arcs: list[dict[str, Any]] = []
    for line, row in _rows(folder / EDGES, ("from", "to")):
        there = _Edge(line, row).arc(nodes)
        back = {**there, "tail": there["head"], "head": there["tail"]}
        arcs += [there] if _Edge(line, row).yes("oneway") else [there, back]
    lat, lon = (np.array([getattr(place, name) for _, place in nodes.values()], dtype=np.float64) for name in _LATLON)
    kinds = {"tail": np.int64, "head": np.int64, "no_lorries": np.bool_, "no_dangerous_goods": np.bool_}
    kinds |= dict.fromkeys(("road", "tunnel", "way"), np.str_)
    columns: dict[str, Any] = {
        name: np.array([arc[name] for arc in arcs], dtype=kinds.get(name, np.float64)) for name in _COLUMNS
    }
    return RoadGraph(lat=lat, lon=lon, **columns)


_LATLON = ("lat", "lon")
_COLUMNS = (
    "tail", "head", "length_m", "road", "limit_kmh", "no_lorries", "no_dangerous_goods", "tunnel", "max_weight_t",
    "max_height_m", "way",
)  # fmt: skip


class _Edge:
    """One row of edges.csv."""

    def __init__(self, line: int, row: dict[str, str]) -> None:
        self.line, self.row = line, row

    def arc(self, nodes: dict[str, tuple[int, Place]]) -> dict[str, Any]:
        (tail, here), (head, there) = (self._node(nodes, end) for end in ("from", "to"))
        return {
            "tail": tail,
            "head": head,
            "length_m": self._number("length_m", haversine_m(here, there)),
            "road": self.row.get("class") or "unclassified",
            "limit_kmh": self._number("limit_kmh", np.inf),
            "no_lorries": self.yes("no_lorries"),
            "no_dangerous_goods": self.yes("no_dangerous_goods"),
            "tunnel": self._tunnel(),
            "max_weight_t": self._number("max_weight_t", np.inf),
            "max_height_m": self._number("max_height_m", np.inf),
            "way": self.row.get("id") or str(self.line),
        }

    def yes(self, column: str) -> bool:
        text = self.row.get(column, "").lower()
        if text not in _YES:
            raise bad_roads(EDGES, self.line, column, text, msg("yes or no"))
        return _YES[text]

    def _node(self, nodes: dict[str, tuple[int, Place]], column: str) -> tuple[int, Place]:
        name = self.row[column]
        if name not in nodes:
            raise bad_roads(EDGES, self.line, column, name, msg("the id of a row of {file}", file=NODES))
        return nodes[name]

    def _number(self, column: str, missing: float) -> float:
        text = self.row.get(column, "")
        return _number(EDGES, self.line, column, text, above=0) if text else missing

    def _tunnel(self) -> str:
        text = self.row.get("tunnel", "").upper()
        if text not in TUNNELS:
            raise bad_roads(EDGES, self.line, "tunnel", text, msg("a category from A to E, or nothing"))
        return text


def _places(path: Path) -> list[tuple[dict[str, str], Place]]:
    found, seen = [], set()
    for line, row in _rows(path, ("id", "lat", "lon")):
        if row["id"] in seen or not row["id"]:
            raise bad_roads(NODES, line, "id", row["id"], msg("an id that no other row has"))
        seen.add(row["id"])
        lat, lon = (_number(NODES, line, name, row[name]) for name in _LATLON)
        try:
            found.append((row, Place(lat, lon)))
        except Problem as error:
            raise bad_roads(NODES, line, "lat, lon", error.found, error.expected) from error
    return found


def _rows(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        header = list(reader.fieldnames or ())
        missing = [name for name in needed if name not in header]
        if missing:
            told = msg("the columns {columns}", columns=", ".join(needed))
            raise bad_roads(path.name, 1, ", ".join(missing), ", ".join(header), told)
        strip: Callable[[str | None], str] = lambda text: (text or "").strip()  # noqa: E731
        return [(line, {name: strip(row[name]) for name in header}) for line, row in enumerate(reader, start=2)]


def _number(file: str, line: int, column: str, text: str, *, above: float | None = None) -> float:
    try:
        value = float(text)
        if not np.isfinite(value) or (above is not None and value <= above):
            raise ValueError(text)
    except ValueError as error:
        expected = msg("a number") if above is None else msg("a number above {above}", above=above)
        raise bad_roads(file, line, column, text, expected) from error
    return value


def bad_roads(file: str, row: int, column: str, found: object, expected: Message | str | None) -> Problem:
    """Return the problem of a field of the tables."""
    return Problem(
        "distances.bad-roads",
        msg("A table of roads cannot be used as it is."),
        where=f"{file}, row {row}, column {column}",
        found=found,
        expected=expected,
    )
