"""The files under docs/examples are what their tool writes, and README's commands work on them."""

from __future__ import annotations

import csv
import re
import runpy
import shlex
import tomllib
from pathlib import Path

import pytest

from takeback.cli import run

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs" / "examples"


def _commands() -> list[list[str]]:
    """Return README's commands of `takeback plan`, without the path of the program."""
    lines = re.findall(r"^ {4}\.venv/bin/takeback (plan .+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    return [shlex.split(line) for line in lines]


def test_the_examples_are_those_that_the_tool_writes() -> None:
    """Whoever changes a format writes the examples anew: `python tools/examples.py`."""
    made = runpy.run_path(str(ROOT / "tools" / "examples.py"))["examples"]()
    assert {path.name: path.read_text("utf-8") for path in EXAMPLES.glob("*.json")} == made


def test_the_pick_ups_are_of_the_demo_s_world() -> None:
    """Partners and products of the file that brings the demo a day to plan are those of its world."""
    world = tomllib.loads((ROOT / "src/takeback/demo/worlds/yangtze.toml").read_text("utf-8"))
    partners = {f"{row['organisation']}-{row['reference']}" for row in world["sites"]["rows"]}
    products = {row["name"] for row in world["battery_models"]["rows"]}
    with (EXAMPLES / "collections.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["partner"] for row in rows} <= partners
    assert {row["product"] for row in rows} <= products
    assert len({row["order"] for row in rows}) == 24


def test_readme_s_commands_name_files_that_are_there() -> None:
    """Each of the two engines has its command, on a file that came with the clone."""
    commands = _commands()
    assert {command[1] for command in commands} == {"collection", "disposition"}
    assert all((ROOT / command[2]).is_file() for command in commands)


@pytest.mark.parametrize("command", _commands(), ids=lambda command: command[1])
def test_readme_s_command_ends_well(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typed as it stands, it answers with a checked solution and a bound; what it writes is there."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    assert run(command) == 0
    printed = capsys.readouterr().out
    assert "Checked" in printed
    assert "gap" in printed
    if "--output" in command:
        assert (tmp_path / command[command.index("--output") + 1]).stat().st_size > 0
