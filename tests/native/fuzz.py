"""Throw odd events at a build of the fast paths: `python -m tests.native.fuzz BUILD COUNT`.

The build may be one that watches its own memory (`test_memory.test_sanitized`); answers are compared all the same.
"""

from __future__ import annotations

import random
import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from bench import events as everyday
from takeback.prove.epcis.contexts import Context
from tests.native.both import Tally, cases
from tests.native.odd import spoilt


def main(path: str, count: int) -> None:
    """Compare with Python as often as told, and say how much was answered."""
    quick, tally, chance = loaded(path), Tally(), random.Random("fuzz")
    context = Context().extended(everyday.CONTEXT)
    for event in everyday.events(count, seed=4):
        tally.compare(cases(quick, event, context))
        tally.compare(cases(quick, spoilt({"@context": {"rl": everyday.NAMESPACE}, **event}, chance), context))
    sys.stdout.write(f"{ {name: tally.answered[name] for name in tally.asked} }\n")


def loaded(path: str) -> ModuleType:
    """Return the build at a path."""
    spec = spec_from_file_location("_quick", path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
