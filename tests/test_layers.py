"""Imports point one way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_import_rules_hold() -> None:
    """The contracts of pyproject.toml hold: layers, pure engines, one web framework in one part."""
    linter = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_engine_is_usable_without_a_database_or_server() -> None:
    """Loading all of planning loads neither database nor web framework."""
    probe = (
        "import importlib, pkgutil, sys, takeback.plan as plan\n"
        "for m in pkgutil.walk_packages(plan.__path__, 'takeback.plan.'): importlib.import_module(m.name)\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'sqlalchemy', 'psycopg', 'litestar', 'procrastinate'}))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "[]"
