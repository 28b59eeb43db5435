"""The measurement on sets: folders and tables as they lie about, with solutions beside and columns of any name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.collection import best_known, files_of, reading_of
from takeback.core.problem import Problem
from tests.plan.collection.formats.samples import VRPTW


def test_solutions_and_hidden_files_beside_an_instance_are_no_instances(tmp_path: Path) -> None:
    """Of the files of one name the one that is an instance is read; endings may be in capitals."""
    for name in ("a.dat", "a.txt"):
        (tmp_path / name).write_text("Route #1: 1 2\nCost 5\n")
    (tmp_path / "a.VRP").write_text(VRPTW)
    (tmp_path / "._a.vrp").write_bytes(b"\0\1")
    (tmp_path / "b.sol").write_text("Route #1: 1\nCost 5\n")
    (tmp_path / "c.vrp").mkdir()
    (tmp_path / "d.txt").write_text("Solution: 2 976.04\n0, 4, 7, 0\n")
    (tmp_path / "a.json").write_text("{}")
    files = files_of(tmp_path)
    assert files.keys() == {"a"}
    assert len(reading_of(files["a"]).problem.tasks) == 3
    with pytest.raises(Problem):
        reading_of([tmp_path / "a.txt"])


@pytest.mark.parametrize(
    "table",
    [
        "instance,customers,bks\na,3,21.2\nb,3,\n",
        "\ufeffName;Best;NV\na.vrp;21.2;2.0\n b ;n/a;\n",
        "file\tnv\tcost\na\t2\t21.2\n\n",
        "problem,nv,distance\na.VRPSPD,-,21.2\nb,1,nan\nc,1,0\n",
    ],
)
def test_best_known_values_are_found_in_any_table(tmp_path: Path, table: str) -> None:
    """Whatever separates the columns and whatever they are called; rows without a value say nothing."""
    path = tmp_path / "bks.csv"
    path.write_text(table, encoding="utf-8")
    known = best_known(path)
    assert {name: one.cost for name, one in known.items()} == {"a": 21.2}
    assert known["a"].vehicles in {None, 2}
