"""The centre of the demo world as a job, behind the one that fills the world."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from takeback import store
from takeback.core.message import msg
from takeback.demo.centre.story import tell
from takeback.store.jobs import JobContext, enqueue, handles

KIND = "demo.centre"
TITLE = msg("Filling the demo's innovation centre")


def ask_for_centre(org: UUID, home: Path, seed: int) -> UUID:
    """Ask for the job in an organisation of the demo world."""
    with store.transaction(org) as connection:
        return enqueue(connection, org, KIND, TITLE, {"home": str(home), "seed": seed})


@handles(KIND)
def run(job: JobContext) -> dict[str, Any]:
    """Run the job; after a crash it goes on with the chapter that was not finished."""
    told = tell(Path(job.arguments["home"]), job.progress, seed=int(job.arguments.get("seed", 0)))
    return {"figures": msgspec.to_builtins(told)}
