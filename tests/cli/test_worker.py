"""`takeback worker` knows all jobs there are."""

from __future__ import annotations

import re
from pathlib import Path

import takeback
from takeback.cli.worker import JOBS


def test_every_job_has_a_worker_that_can_run_it() -> None:
    """Each module that registers a job is among those that a worker loads, and no other."""
    package = Path(takeback.__file__).parent
    registering = {
        ".".join(("takeback", *path.relative_to(package).with_suffix("").parts))
        for path in package.rglob("*.py")
        if re.search(r"^@(?:jobs\.)?handles\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert registering == set(JOBS)
