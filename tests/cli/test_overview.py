"""The first thing that a newcomer types."""

from __future__ import annotations

import subprocess
import sys

import pytest

from takeback import __version__
from takeback.cli import overview, run


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_overview_names_every_group(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command, every group is listed with its summary."""
    assert run(arguments) == 0
    printed = capsys.readouterr().out
    for group in overview.GROUPS:
        assert f"  {group.name}" in printed
        assert group.summary in printed


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the version and nothing else."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_overview_imports_no_heavy_library() -> None:
    """The overview needs neither the parser nor a table printer nor numbers: that is why it answers at once."""
    heavy = ("cyclopts", "rich", "attrs", "numpy", "sqlalchemy", "msgspec", "litestar")
    probe = f"import sys; from takeback.cli import run; run([]); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
