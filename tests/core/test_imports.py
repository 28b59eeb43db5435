"""What importing costs."""

from __future__ import annotations

import subprocess
import sys


def test_core_loads_no_arrays() -> None:
    """No module of the core loads numpy, so that a command starts at once."""
    code = (
        "import sys, pkgutil, importlib, takeback.core as core\n"
        "for module in pkgutil.walk_packages(core.__path__, 'takeback.core.'): importlib.import_module(module.name)\n"
        "print(sorted({'numpy', 'scipy', 'sqlalchemy', 'babel'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
