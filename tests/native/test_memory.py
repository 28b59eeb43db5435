"""The fast paths take no memory with them, give none away, and survive the lack of it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tools import native

from bench import events as everyday
from takeback.native import quick
from takeback.prove.epcis import hashing, json_event, prepare
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.validation import schema_event, semantics
from takeback.prove.personal import NAMESPACE
from tests.drill import count
from tests.native.both import CONTEXT, DIGEST, NOW, SALT, cases, level_heads, of_standard
from tests.native.odd import spoilt

pytestmark = pytest.mark.skipif(quick is None, reason="the fast paths are not built (tools/native.py)")
ROOT = Path(__file__).resolve().parents[2]


def _events() -> list[Any]:
    """Return everyday events and spoilt ones, each twice: as it is read, and with its context."""
    chance = random.Random("memory")
    plain = list(everyday.events(40, seed=5))
    own = [{"@context": {"rl": everyday.NAMESPACE}, **event} for event in plain]
    return [*own, *(spoilt(event, chance) for event in own), *plain]


def _run(pairs: list[Any], times: int) -> None:
    for _ in range(times):
        for fast, _ in pairs:
            with suppress(TypeError, KeyError, AttributeError):  # of what Python gives them of a spoilt event
                fast()


def test_no_leaks() -> None:
    """After many calls the memory is what it was, and every object is held as often as before."""
    events = _events()
    pairs = [pair for event in events for pair in cases(quick, event).values()]
    _run(pairs, 3)
    held = [value for event in events if type(event) is dict for value in (event, *event, *event.values())]
    tracemalloc.start()
    try:
        _run(pairs, 2)
        references = [sys.getrefcount(value) for value in held]
        before = tracemalloc.get_traced_memory()[0]
        _run(pairs, count(20, 1000))
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
        changes = [abs(sys.getrefcount(value) - number) for value, number in zip(held, references, strict=True)]
        assert max(changes) < 10  # names and None are held by others too; a leak would be one of every run
    finally:
        tracemalloc.stop()


def test_a_hundred_thousand_calls() -> None:
    """One event, again and again: nothing grows."""
    event = {"@context": {"rl": everyday.NAMESPACE}, **next(everyday.events(1))}
    pairs = [fast for fast, _ in of_standard(quick, event).values()]
    for fast in pairs:
        fast()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(100_000 // len(pairs)):
            for fast in pairs:
                fast()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()


def _calls(event: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Return a call of each function, with no Python code around it: that itself does not survive lack of memory."""
    for fast, definition in cases(quick, event).values():
        assert definition() is not None and fast() is not None  # Python learns names and beginnings
    own = json_event._extended(CONTEXT, event["@context"])
    rules = (semantics._latest_us(NOW), level_heads, STANDARD, NAMESPACE, semantics._ODD_UNITS)
    tables = hashing.quick_tables(event)
    return {
        "standard": partial(quick.standard, event, own.prefixes, own.known, STANDARD),
        "fine": partial(quick.fine, event, *rules),
        "formed": partial(quick.formed, event, schema_event._WORDS),
        "prehash": partial(quick.prehash, event, *tables),
        "prepared": partial(quick.prepared, event, *tables, prepare._known),
        "is_plain": partial(quick.is_plain, event),
        "opening": partial(quick.opening, SALT, b"{}", DIGEST, {3: 1, 2: 6}, NOW, "x"),
        "leaves": partial(quick.leaves, b"a", ["b", "c"], 1, b"d" * 5000),
        "uneventful": partial(quick.uneventful, *_a_life()),
        "moment": partial(quick.moment, "2026-03-01T10:00:00.125+02:00"),
        "numbers": partial(quick.numbers, [1, None, -1], 8),
        "times": partial(quick.times, [NOW, None]),
        "blobs": partial(quick.blobs, [b"a", None, "b\xe4"]),
    }


def _a_life() -> tuple[Any, ...]:
    event = {"type": "AggregationEvent", "action": "ADD", "parentID": "b", "childEPCs": ["a"]}
    event["eventTime"] = "2026-03-01T10:00:00Z"
    return [event], {"a": 1, "b": 2}, {}, {}, frozenset(), {2: [(3, 1)]}


def test_without_memory() -> None:
    """Where an allocation fails, the call ends with `MemoryError` or as ever; the next one is right again."""
    testing = pytest.importorskip("_testcapi")
    event = {"@context": {"rl": everyday.NAMESPACE}, **next(everyday.events(1, seed=6)), "rl:long": "x" * 5000}
    for name, call in _calls(event).items():
        expected, failures = call(), 0
        for allocation in range(60):
            testing.set_nomemory(allocation, allocation + 1)
            try:
                call()
            except MemoryError:
                failures += 1
            finally:
                testing.remove_mem_hooks()
            assert call() == expected, name
        assert failures or name in ("is_plain", "formed"), name


@pytest.mark.drill
def test_sanitized(tmp_path: Path) -> None:
    """A build that watches memory and undefined behaviour finds nothing in odd events (GCC and its libasan)."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("there is no GCC here")
    watcher = subprocess.run([compiler, "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
    if not Path(watcher.stdout.strip()).is_absolute():
        pytest.skip("GCC has no libasan here")
    target = tmp_path / f"_quick{native.SUFFIX}"
    assert native.build(target, ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]) == ""
    environment = {
        **os.environ,
        "LD_PRELOAD": watcher.stdout.strip(),
        "ASAN_OPTIONS": "detect_leaks=0",  # Python keeps much until its end
        "PYTHONMALLOC": "malloc",  # each object is a block of its own, so that reads behind it are seen
    }
    command = [sys.executable, "-m", "tests.native.fuzz", str(target), str(count(300, 20_000))]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "'prehash'" in done.stdout
