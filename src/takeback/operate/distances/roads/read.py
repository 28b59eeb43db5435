"""Reads a road graph: an OpenStreetMap extract, a folder with two tables, or a graph saved before."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.distances.roads.graph import RoadGraph


def read_graph(path: Path) -> RoadGraph:
    """Return the road graph of `NAME.osm.pbf`, of `NAME.npz`, or of a folder with `nodes.csv` and `edges.csv`.

    Raises
    ------
    Problem
        ``distances.no-roads``, ``distances.bad-roads``, ``distances.needs-extra``.
    """
    try:
        graph = _read(path)
    except (OSError, ValueError, KeyError, csv.Error, zipfile.BadZipFile) as error:
        raise no_roads(path, f"{type(error).__name__}: {error}") from error
    if not graph.arcs:
        raise no_roads(path, "0")
    return graph


def _read(path: Path) -> RoadGraph:
    if path.is_dir():
        from takeback.operate.distances.roads.tables import read_tables  # noqa: PLC0415

        return read_tables(path)
    if path.suffix == ".npz":
        return RoadGraph.load(path)
    from takeback.operate.distances.roads.osm import read_osm  # noqa: PLC0415 -- needs an extra, and takes a second

    return read_osm(path)


def no_roads(path: Path, found: str) -> Problem:
    """Return the problem of a source that gives no roads."""
    return Problem(
        "distances.no-roads",
        msg("No roads could be read."),
        where=str(path),
        found=found,
        expected=msg(
            "an OpenStreetMap extract (.osm.pbf), a saved graph (.npz), or a folder with nodes.csv and edges.csv"
        ),
        remedy=msg("See docs/how-to/own-roads.md."),
    )
