"""Traces and recalls over the genealogy of batteries: `python -m bench.genealogy [--quick] [--seed N] [--edges N]`.

A world of packs (8 modules, 96 cells, trays of cells out of cell lots, 8 levels of material lots: 11 steps deep) stands
in the ledger's tables, with four events more a pack; keys are random, as hashes are. `trace_p95_ms`: one pack back to
all its inputs by SQL, a transaction of its own, distinct packs; `recall_p95_ms`: 1,000 random cells forward to the
packs in memory, with the look whether something new was recorded. Writing the world, loading the graph and compiling
stand outside the clock and in the line. `--quick`: a tenth of the 10 million edges.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from bench.line import print_line
from bench.rows import copy_entries, copy_items

EDGES, QUICK = 10_000_000, 1_000_000
EDGES_A_PACK = 200  # 8 + 96 of assembly, 96 out of cell lots
MODULES, CELLS, TRAY = 8, 96, 12
MIXED, LOT = 1_200, 1_008  # cells that are mixed before assembly; cells out of a lot: whole trays
LEVELS, INPUTS, NEAR = 8, 4, 6
TRACES, RECALLS, RECALLED = 300, 100, 1_000
DAY = 86_400_000_000

Keys = NDArray[np.int64]


class World(NamedTuple):
    """What was written: keys of packs and cells, how many entries and edges."""

    packs: Keys
    cells: Keys
    entries: int
    edges: int


def main() -> None:
    """Measure and print the line."""
    parser = argparse.ArgumentParser(prog="bench.genealogy")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--edges", type=int)
    asked = parser.parse_args()
    started = time.perf_counter()
    parent = Path(tempfile.mkdtemp(prefix="takeback-bench-"))
    parent.chmod(0o711)
    os.environ["TAKEBACK_HOME"] = str(parent / "home")
    try:
        edges = asked.edges or (QUICK if asked.quick else EDGES)
        figures = _measured(edges, asked.seed, started)
        left_out = f"all but {edges:,} of {EDGES:,} edges" if edges < EDGES else None
        print_line("genealogy", seed=asked.seed, quick=asked.quick, figures={**figures, "left_out": left_out})
    finally:
        from takeback.store import embedded

        embedded.destroy(parent / "home")
        shutil.rmtree(parent, ignore_errors=True)


def _measured(edges: int, seed: int, started: float) -> dict[str, object]:
    from sqlalchemy.engine import make_url

    from takeback import store
    from takeback.store import migrate
    from takeback.store.embedded.postmaster import administrator_url
    from takeback.store.settings import Settings

    with Settings.from_environment().held() as urls:
        migrate.upgrade(urls.owner)
        store.open_database(urls.application, urls.owner)
        host = make_url(urls.application).query["host"]
        administrator = store.Database(administrator_url(Path(str(host)), "takeback"), urls.owner)
        cold_s = time.perf_counter() - started
        org, clock = uuid4(), time.perf_counter()
        with administrator.transaction({}) as connection:
            world = build(connection, org, edges, seed)
        settle(administrator)
        build_s = time.perf_counter() - clock
        figures = measure(org, world, seed)
        administrator.close()
        store.close()
    return {**figures, "build_s": round(build_s, 1), "cold_s": round(cold_s, 2)}


def build(connection: sa.Connection, org: UUID, edges: int, seed: int) -> World:
    """Write the world of about ``edges`` edges; ``connection`` is of a role that row-level security does not bind.

    The indexes of `entry_item` are dropped and made anew: ten million random keys go in sorted.
    """
    rng = np.random.default_rng(seed)
    packs = max(16, edges // EDGES_A_PACK)
    cells, modules = packs * CELLS, packs * MODULES
    lots = [max(2 * NEAR + 1, round(-(-cells // LOT) * 0.7**level)) for level in range(LEVELS + 1)]
    count = packs + modules + cells + sum(lots)
    keys = rng.integers(0, 2**63 - 1, count, dtype=np.int64)
    pack, module, cell, *lot = np.split(keys, np.cumsum([packs, modules, cells, *lots])[:-1])
    first = int(connection.scalar(sa.text("select coalesce(max(id), 0) + 1 from entry")) or 1)
    _indexes(connection, "drop")
    writer = _Writer(connection, org, first, rng)
    for level in range(LEVELS, 0, -1):
        writer.transform(_inputs(lot[level], len(lot[level - 1]), rng), lot[level - 1][:, None], day=LEVELS - level)
    trays = cells // TRAY
    from_lot = np.minimum(np.arange(trays) * TRAY // LOT, lots[0] - 1)
    writer.transform(lot[0][from_lot][:, None], cell.reshape(trays, TRAY), day=10)
    mixed = _mixed(cell, rng)
    writer.assemble(mixed.reshape(modules, CELLS // MODULES), module, day=20)
    writer.assemble(module.reshape(packs, MODULES), pack, day=30)
    for day in (40, 50, 60, 70):
        writer.observe(pack, day=day)
    _indexes(connection, "create")
    connection.execute(sa.text("select setval('entry_id_seq', :last)"), {"last": writer.next})
    return World(pack, cell, writer.next - first, writer.edges)


def settle(database: object) -> None:
    """Let the planner know the tables and mark their pages as visible to all, as a server at rest has done."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:  # type: ignore[attr-defined]
        for table in ("entry", "entry_item", "voided", "transformation_part"):
            connection.execute(sa.text(f"vacuum (analyze) {table}"))


def measure(org: UUID, world: World, seed: int) -> dict[str, object]:
    """Return the figures of traces and recalls in the organisation of ``world``."""
    from takeback import store
    from takeback.prove.genealogy import walk
    from takeback.prove.genealogy.graph import Registry

    rng = np.random.default_rng(seed)
    chosen = rng.choice(world.packs, min(TRACES, len(world.packs)) + 20, replace=False).tolist()
    traces, nodes, depths = [], [], []
    for place, key in enumerate(chosen):
        clock = time.perf_counter()
        with store.transaction(org) as connection:
            found = walk(connection, org, [key], direction="back")
        if place >= 20:  # the first ones plan the statement and warm the connection
            traces.append(time.perf_counter() - clock)
            nodes.append(len(found.nodes))
            depths.append(found.nodes[-1].depth)
    registry, clock = Registry(), time.perf_counter()
    with store.transaction(org) as connection:
        graph = registry.current(connection, org)
    load_s, clock = time.perf_counter() - clock, time.perf_counter()
    graph.reach([chosen[0]], "forward")
    compile_s = time.perf_counter() - clock
    recalls, reached = [], []
    for _ in range(RECALLS):
        items = rng.choice(world.cells, RECALLED, replace=False).tolist()
        clock = time.perf_counter()
        with store.transaction(org) as connection:
            answer = registry.current(connection, org).reach(items, "forward")
        recalls.append(time.perf_counter() - clock)
        reached.append(len(answer.keys))
    return {
        "edges": world.edges,
        "entries": world.entries,
        "trace_p50_ms": _ms(traces, 50),
        "trace_p95_ms": _ms(traces, 95),
        "trace_nodes": round(float(np.mean(nodes))),
        "trace_depth": min(depths),
        "recall_p50_ms": _ms(recalls, 50),
        "recall_p95_ms": _ms(recalls, 95),
        "recall_nodes": round(float(np.mean(reached))),
        "graph_mb": round(graph.nbytes / 1e6),
        "graph_load_s": round(load_s, 1),
        "graph_compile_s": round(compile_s, 1),
    }


def _ms(seconds: list[float], percent: float) -> float:
    return round(1000 * float(np.percentile(seconds, percent)), 2)


def _inputs(lots: Keys, outputs: int, rng: np.random.Generator) -> Keys:
    """Return for each output the lots it is made of: neighbours, so that families stay together."""
    middle = np.arange(outputs) * len(lots) // outputs
    near = rng.permuted(np.tile(np.arange(-NEAR, NEAR + 1), (outputs, 1)), axis=1)[:, :INPUTS]
    inputs: Keys = lots[(middle[:, None] + near) % len(lots)]
    return inputs


def _mixed(cells: Keys, rng: np.random.Generator) -> Keys:
    """Return the cells in the order of assembly: mixed within runs."""
    whole = len(cells) // MIXED * MIXED
    runs = rng.permuted(cells[:whole].reshape(-1, MIXED), axis=1).ravel()
    return np.concatenate([runs, cells[whole:]])


class _Writer:
    """Writes entries one after the other, and the rows of their things."""

    def __init__(self, connection: sa.Connection, org: UUID, first: int, rng: np.random.Generator) -> None:
        self.connection, self.org, self.next, self.edges, self.rng = connection, org, first, 0, rng

    def transform(self, inputs: Keys, outputs: Keys, *, day: int) -> None:
        """``inputs`` and ``outputs``: a row each a transformation."""
        from takeback.prove.epcis.roles import INPUT, OUTPUT

        self.edges += len(inputs) * inputs.shape[1] * outputs.shape[1]
        self._write("TransformationEvent", None, [(inputs, INPUT), (outputs, OUTPUT)], day)

    def assemble(self, children: Keys, parents: Keys, *, day: int) -> None:
        """``children``: a row each a parent."""
        from takeback.prove.epcis.roles import ADD, CHILD, PARENT

        self.edges += children.size
        self._write("AssociationEvent", 1, [(children, CHILD | ADD), (parents[:, None], PARENT | ADD)], day)

    def observe(self, items: Keys, *, day: int) -> None:
        """One event a thing that joins nothing."""
        from takeback.prove.epcis.roles import EPC

        self._write("ObjectEvent", 2, [(items[:, None], EPC)], day)

    def _write(self, kind: str, action: int | None, sides: list[tuple[Keys, int]], day: int) -> None:
        count = len(sides[0][0])
        ids = np.arange(self.next, self.next + count)
        times = day * DAY + self.rng.integers(0, DAY, count) + 9_497 * DAY  # days from 2000-01-01 to 2026-01-01
        copy_entries(self.connection, self.org, kind, action, ids, times, sides)
        for keys, role in sides:
            each = keys.shape[1]
            copy_items(self.connection, self.org, keys.ravel(), np.repeat(ids, each), np.repeat(times, each), role)
        self.next += count


def _indexes(connection: sa.Connection, what: str) -> None:
    statements = {
        "drop": ("alter table entry_item drop constraint entry_item_pkey",),
        "create": (
            "set local maintenance_work_mem = '1GB'",
            "alter table entry_item add primary key (org_id, item_key, entry_id) include (roles)",
        ),
    }
    for statement in statements[what]:
        connection.execute(sa.text(statement))


if __name__ == "__main__":
    main()
