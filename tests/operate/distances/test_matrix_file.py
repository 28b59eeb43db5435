"""Distances out of a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from takeback.core.places import Place
from takeback.core.problem import Problem
from takeback.operate.distances.files import MatrixFile
from takeback.plan.collection import Location

IDS = ["depot", "a", "b"]
METRES = [[0, 1000, 2500], [1100, 0, 700], [2600, 800, 0]]
SECONDS = [[0, 90, 200], [95, 0, 60], [210, 66, 0]]
LAT, LON = [31.0, 31.01, 31.02], [121.0, 121.01, 121.02]
SAID = {"ids": IDS, "distance_m": METRES, "duration_s": SECONDS, "lat": LAT, "lon": LON}


def _csv(folder: Path, rows: list[list[object]] | None = None) -> Path:
    pairs = [[IDS[i], IDS[j], METRES[i][j], SECONDS[i][j]] for i in range(3) for j in range(3) if i != j]
    path = folder / "matrix.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["from", "to", "distance_m", "duration_s"], *(rows or pairs)])
    return path


def _json(folder: Path, **changed: object) -> Path:
    path = folder / "matrix.json"
    path.write_text(json.dumps({**SAID, **changed}))
    return path


def _npz(folder: Path) -> Path:
    path = folder / "matrix.npz"
    np.savez(path, **{name: np.array(values) for name, values in SAID.items()})
    return path


@pytest.mark.parametrize("write", [_csv, _json, _npz])
def test_the_three_forms_say_the_same(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    """Metres and seconds come by id, in the order asked for, as whole numbers."""
    way = MatrixFile(write(tmp_path)).matrix([Location("b"), Location("depot")])
    assert way.distance_m.tolist() == [[0, 2600], [2500, 0]]
    assert way.duration_s.tolist() == [[0, 210], [200, 0]]
    assert way.distance_m.dtype == np.int64


def test_the_provenance_names_the_file_and_its_edition(tmp_path: Path) -> None:
    """A file with other contents has another hash in the provenance, whatever its name."""
    asked = [Location("a"), Location("b")]
    first = MatrixFile(_json(tmp_path)).matrix(asked).provenance
    second = MatrixFile(_json(tmp_path, duration_s=[[0, 91, 200], *SECONDS[1:]])).matrix(asked).provenance
    assert first.startswith("file matrix.json; sha256 of it ")
    assert first != second


def test_a_place_is_also_found_by_where_it_is(tmp_path: Path) -> None:
    """A place without an id of the file is the file's place at most 50 m away; farther off it is unknown."""
    provider = MatrixFile(_npz(tmp_path))
    way = provider.matrix([Place(31.0103, 121.01), Location("order 7", 31.02, 121.0203)])
    assert way.distance_m.tolist() == [[0, 700], [800, 0]]
    with pytest.raises(Problem) as caught:
        provider.matrix([Location("a"), Place(31.0110, 121.01)])
    assert caught.value.where == "matrix.npz: 31.011, 121.01"


def test_unknown_ids_are_all_named(tmp_path: Path) -> None:
    """The problem names the file, every id that it does not know, and some that it does."""
    with pytest.raises(Problem) as caught:
        MatrixFile(_csv(tmp_path)).matrix([Location("a"), Location("x"), Location("y")])
    assert caught.value.kind == "distances.unknown-places"
    assert caught.value.where == "matrix.csv: x; y"
    assert "depot, a, b" in str(caught.value.expected)


def test_holes_are_told_with_row_and_field(tmp_path: Path) -> None:
    """An empty field has a row and a column, an absent pair has no row; holes that nobody asks for do no harm."""
    rows: list[list[object]] = [["a", "b", 700, ""], ["b", "a", "", 66], ["a", "depot", 5, 5], ["depot", "a", 5, 5]]
    provider = MatrixFile(_csv(tmp_path, rows))
    assert provider.matrix([Location("a"), Location("depot")]).distance_m.tolist() == [[0, 5], [5, 0]]
    with pytest.raises(Problem) as caught:
        provider.matrix([Location("a"), Location("b"), Location("depot")])
    assert caught.value.kind == "distances.holes"
    assert caught.value.found == 6
    assert "row 3, column distance_m" in str(caught.value.where)
    assert "row 2, column duration_s" in str(caught.value.where)
    assert "no row from b to depot, column distance_m" in str(caught.value.where)


def test_a_hole_of_json_is_told_with_its_index(tmp_path: Path) -> None:
    """`null` is a hole."""
    with pytest.raises(Problem) as caught:
        MatrixFile(_json(tmp_path, distance_m=[[0, 1, None], [1, 0, 1], [1, 1, 0]])).matrix([*map(Location, IDS)])
    assert caught.value.where == "matrix.json: distance_m[0][2], from depot to b"


@pytest.mark.parametrize(
    ("changed", "where", "found"),
    [
        ({"distance_m": METRES[:2]}, "distance_m", "2 x 3"),
        ({"duration_s": [[0, 1], [1, 0]]}, "duration_s", "2 x 2"),
        ({"duration_s": [[0, 1], [1]]}, "duration_s", None),
        ({"distance_m": [[0, -5, 1], [1, 0, 1], [1, 1, 0]]}, "distance_m[0][1], from depot to a", -5.0),
        ({"ids": ["a", "b", "a"]}, "ids", "a"),
        ({"lat": [1.0]}, "", None),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, changed: dict[str, object], where: str, found: object) -> None:
    """Wrong shapes, ragged rows, negative figures and doubled ids name the file and the place in it."""
    with pytest.raises(Problem) as caught:
        MatrixFile(_json(tmp_path, **changed)).matrix([Location("a")])
    assert caught.value.kind == "distances.bad-file"
    assert str(caught.value.where).startswith(f"matrix.json: {where}")
    assert found is None or caught.value.found == found


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("from,to,metres\n", "row 1"),
        ("", "row 1"),
        ("from,to,distance_m,duration_s\na,b,far,3\n", "row 2, column distance_m"),
        ("from,to,distance_m,duration_s\na,b,1,2\na,b,1,3\n", "row 3"),
        ("from,to,distance_m,duration_s\na,,1,2\n", "row 2, column to"),
        ("from,to,distance_m,duration_s\na,b,1\n", "row 2"),
        ("from,to,distance_m,duration_s\na,b,1,-2\n", "row 2, column duration_s"),
        ("from,to,distance_m,duration_s\na,b,1,inf\n", "row 2, column duration_s"),
    ],
)
def test_a_mistake_in_csv_is_told_with_its_row(tmp_path: Path, text: str, where: str) -> None:
    """Absent columns, no numbers, pairs given twice: file, row and column are told."""
    path = tmp_path / "own.csv"
    path.write_text(text)
    with pytest.raises(Problem) as caught:
        MatrixFile(path).matrix([Location("a")])
    assert caught.value.kind == "distances.bad-file"
    assert caught.value.where == f"own.csv: {where}"


def test_what_is_no_file_of_distances_is_refused(tmp_path: Path) -> None:
    """An absent file, an unknown kind, and an .npz that would run code when read."""
    with pytest.raises(Problem) as absent:
        MatrixFile(tmp_path / "gone.csv").matrix([Location("a")])
    assert absent.value.kind == "distances.no-file"
    with pytest.raises(Problem) as kind:
        MatrixFile(tmp_path / "matrix.xml").matrix([Location("a")])
    assert ".csv, .json, .npz" in str(kind.value.expected)
    np.savez(tmp_path / "bad.npz", ids=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(Problem) as pickled:
        MatrixFile(tmp_path / "bad.npz").matrix([Location("a")])
    assert pickled.value.kind == "distances.bad-file"


def test_a_file_knows_one_way_of_travelling(tmp_path: Path) -> None:
    """Another profile than the file's own is refused rather than answered with the wrong vehicle's distances."""
    provider = MatrixFile(_csv(tmp_path), profile="van")
    assert provider.matrix([Location("a")], profile="van").distance_m.shape == (1, 1)
    with pytest.raises(Problem, match="profile is not known"):
        provider.matrix([Location("a")], profile="dangerous-goods")
