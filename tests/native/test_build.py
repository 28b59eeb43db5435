"""Building the fast paths, doing without them, and not using what was built of another source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools import native

from takeback import native as used

NATIVE = Path(used.__file__).parent
_ASK = "from takeback.native import quick; print(quick is not None)"


def _ask(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _ASK], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_switched_off() -> None:
    """TAKEBACK_NATIVE=0 leaves all to Python."""
    assert _ask(TAKEBACK_NATIVE="0") == "False"
    assert _ask(TAKEBACK_NATIVE="1") == str(native.is_built(NATIVE / f"_quick{native.SUFFIX}"))


@pytest.mark.parametrize("changed", [False, True])
def test_only_the_build_of_this_source_is_used(tmp_path: Path, changed: bool) -> None:
    """A build that is older than its source is not used."""
    if used.quick is None:
        pytest.skip("the fast paths are not built (tools/native.py)")
    package = tmp_path / "probe"
    shutil.copytree(NATIVE, package, ignore=shutil.ignore_patterns("__pycache__"))
    if changed:
        with (package / "quick.c").open("a") as source:
            source.write("/* changed */\n")
    command = [sys.executable, "-c", "from probe import quick; print(quick is not None)"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "TAKEBACK_NATIVE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(not changed)


def test_without_compiler_a_notice_and_no_failure(tmp_path: Path) -> None:
    """Where there is no compiler, one line says so and the set-up goes on."""
    command = [sys.executable, native.__file__, "--folder", str(tmp_path)]
    environment = {**os.environ, "CC": "no-such-compiler"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr.count("\n") == 1 and "no-such-compiler" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_compile_leaves_nothing(tmp_path: Path) -> None:
    """A compiler that fails is told in one line, and what was built before stays."""
    if native.build(tmp_path / "probe.so", []):
        pytest.skip("nothing can be built here")
    trouble = native.build(tmp_path / "probe.so", ["-fno-such-flag-at-all"])
    assert trouble and "\n" not in trouble
    assert [path.name for path in tmp_path.iterdir()] == ["probe.so"]


def test_an_existing_build_is_kept(tmp_path: Path) -> None:
    """The second run does nothing."""
    command = [sys.executable, native.__file__, "--folder", str(tmp_path)]
    subprocess.run(command, check=True)
    built = tmp_path / f"_quick{native.SUFFIX}"
    if not built.exists():
        pytest.skip("nothing can be built here")
    before = built.stat().st_mtime_ns
    subprocess.run(command, check=True)
    assert built.stat().st_mtime_ns == before
