"""The ledger under load: a server of its own, asked as a stranger asks it.

    python -m bench.ledger [--quick] [--seed N] [--seconds N] [--events N] [--edges N]

- `capture_eps`: events a second of documents of 500, posted by two connections for `--seconds`: read, validated (stages
  1 and 2 before the answer, stage 3 in the transaction), hashed, indexed, logged and durable when they are answered.
- `provable_p95_ms`: from the answer of a capture until the event is found by its id and has an inclusion proof under
  a signed checkpoint; one small capture after the other.
- `bulk_eps`: `prove.bulk.load` of an NDJSON file, from opening it to its last commit.
- `bytes_per_event`: all tables of the ledger with their indexes, for what was captured and loaded.
- `hash_ratio`: events hashed in a CPU-second by us and by the public reference (epcis-event-hash-generator).
- `trace_p95_ms`, `recall_p95_ms`: see `bench.genealogy`, on a world of its own in the same database.

The client runs on the same machine and its share of the processor is in the figures. Every body is different.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import numpy as np

from bench.events import NAMESPACE, document, documents, events
from bench.line import print_line

A_DOCUMENT = 500
CONNECTIONS = 2
ITEMS = 20_000
PROVEN = {True: 30, False: 100}  # captures that are followed to their proof
HASHED, BY_REFERENCE = 20_000, 200
TABLES = (
    "entry", "entry_item", "number_run", "identifier", "term", "entry_mark", "transformation_part", "voided",
    "item_end", "containment", "finding", "personal", "leaf", "log_node", "checkpoint", "completeness_map",
    "completeness_frontier",
)  # fmt: skip


def main() -> None:
    """Measure and print the line."""
    asked = _arguments()
    started = time.perf_counter()
    parent = Path(tempfile.mkdtemp(prefix="takeback-bench-"))
    parent.chmod(0o711)
    os.environ["TAKEBACK_HOME"] = str(parent / "home")
    try:
        print_line("ledger", seed=asked.seed, quick=asked.quick, figures=_measured(asked, parent, started))
    finally:
        from takeback.store import embedded

        embedded.destroy(parent / "home")
        shutil.rmtree(parent, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.ledger")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--events", type=int, help="of the bulk load")
    parser.add_argument("--edges", type=int)
    asked = parser.parse_args()
    asked.seconds = asked.seconds or (6.0 if asked.quick else 60.0)
    asked.events = asked.events or (30_000 if asked.quick else 300_000)
    asked.edges = asked.edges or (600_000 if asked.quick else 10_000_000)
    return asked


def _measured(asked: argparse.Namespace, parent: Path, started: float) -> dict[str, object]:
    from takeback.cli.session import database

    with database(upgrade=True):
        org, key = _registered()
        with _served(parent / "home") as port:
            cold = time.perf_counter() - started
            captured, capture = _capture(asked, port, key)
            provable = _provable(asked, port, key)
        bulk = _bulk(asked, parent, org)
        store = _bytes(org, captured + asked.events + PROVEN[asked.quick])
        ratio = _hash_ratio(asked.seed)
        paths = _paths(asked)
    figures = {**capture, **bulk, **provable, **paths, **ratio, **store, "cold_s": round(cold, 1)}
    quick = f"{asked.seconds:.0f} s of capture, {asked.events:,} events of bulk load, {asked.edges:,} edges"
    return {**figures, "left_out": f"all but {quick}" if asked.quick else None}


def _registered() -> tuple[UUID, str]:
    """Return an organisation and the text of a key that may capture and read."""
    from takeback import store
    from takeback.operate import identity
    from takeback.operate.identity.organisations import OrganisationFields

    org = uuid4()
    with store.admin() as connection:
        owner = identity.create_user(
            connection, email="bench@bench.example", display_name="Bench", password="a long pass phrase of the bench"
        ).id
    fields = OrganisationFields(
        slug="bench", kind="enterprise", name="Bench", name_zh="Bench", company_prefix="6901234"
    )
    with store.transaction(org) as connection:
        identity.create_organisation(connection, org, fields, owner_id=owner)
    actor = identity.actor_of(owner, org)
    with store.transaction(org) as connection:
        _, text = identity.create_key(
            connection, actor, name="bench", scopes=["epcis.capture", "epcis.read", "ledger.read"]
        )
    return org, text


@contextmanager
def _served(home: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "takeback", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, "TAKEBACK_HOME": str(home)}, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if _answers(port):
                break
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=60)


def _answers(port: int) -> bool:
    try:
        return _Client(port, "").ask("GET", "/health/ready")[0] == http.client.OK
    except OSError:
        return False


class _Client:
    """One connection that stays open."""

    def __init__(self, port: int, key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._head = {"Authorization": f"Bearer {key}", "Content-Type": "application/ld+json"}

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        self._connection.request(method, path, body=body, headers=self._head)
        answer = self._connection.getresponse()
        return answer.status, answer.read()


def _capture(asked: argparse.Namespace, port: int, key: str) -> tuple[int, dict[str, object]]:
    """Post documents that were written before the clock; return the events taken, warm-up included, and the figures."""
    warm, rest = 8, int(asked.seconds * 18) + 8  # more than two cores take
    ready = documents((warm + rest) * A_DOCUMENT, A_DOCUMENT, seed=asked.seed, items=ITEMS)
    clients = [_Client(port, key) for _ in range(CONNECTIONS)]
    for number, one in enumerate(ready[:warm]):
        _taken(clients[number % CONNECTIONS], one)
    waiting, lock, times = iter(ready[warm:]), threading.Lock(), list[float]()
    end = time.perf_counter() + asked.seconds

    def post(client: _Client) -> None:
        while time.perf_counter() < end:
            with lock:
                one = next(waiting, None)
            if one is None:
                return
            clock = time.perf_counter()
            _taken(client, one)
            times.append(time.perf_counter() - clock)

    clock = time.perf_counter()
    threads = [threading.Thread(target=post, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - clock
    taken = len(times) * A_DOCUMENT
    return taken + warm * A_DOCUMENT, {
        "capture_eps": round(taken / seconds),
        "capture_s": round(seconds, 1),
        "document_p95_ms": round(1000 * float(np.quantile(times, 0.95)), 1),
    }


def _taken(client: _Client, body: bytes) -> None:
    status, answer = client.ask("POST", "/epcis/capture", body)
    if status != http.client.ACCEPTED:
        raise RuntimeError(f"a capture was answered {status}: {answer[:500]!r}")


def _provable(asked: argparse.Namespace, port: int, key: str) -> dict[str, object]:
    from takeback.prove.epcis.hashing import event_hash, hash_uri

    client, times = _Client(port, key), []
    for event in events(PROVEN[asked.quick], seed=asked.seed + 1, items=500):
        _taken(client, document([event]))
        clock = time.perf_counter()
        name = quote(hash_uri(event_hash({"@context": {"rl": NAMESPACE}, **event})), safe="")
        _until(lambda name=name: client.ask("GET", f"/epcis/events/{name}")[0] == http.client.OK)  # type: ignore[misc]
        _until(lambda name=name: client.ask("GET", f"/api/v1/ledger/proof?event={name}")[0] == http.client.OK)  # type: ignore[misc]
        times.append(1000 * (time.perf_counter() - clock))
        time.sleep(0.15)  # a key has 50 requests a second
    return {"provable_p95_ms": round(float(np.quantile(times, 0.95)), 1)}


def _until(asked: Callable[[], bool]) -> None:
    for _ in range(2000):
        if asked():
            return
        time.sleep(0.004)
    raise RuntimeError("an event did not become provable within eight seconds")


def _bulk(asked: argparse.Namespace, parent: Path, org: UUID) -> dict[str, object]:
    from takeback.prove.bulk.load import load
    from takeback.prove.bulk.source import source

    path = parent / "events.ndjson"
    with path.open("wb") as file:
        for event in events(asked.events, seed=asked.seed + 2, items=ITEMS):
            file.write(json.dumps({"@context": {"rl": NAMESPACE}, **event}, separators=(",", ":")).encode() + b"\n")
    clock = time.perf_counter()
    loaded = load(source(path), org, actor="bench")
    seconds = time.perf_counter() - clock
    if loaded.captured != asked.events:
        raise RuntimeError(f"of {asked.events} events {loaded.captured} were loaded: {loaded.refusals[:1]}")
    return {"bulk_eps": round(asked.events / seconds), "bulk_events": asked.events}


def _bytes(org: UUID, count: int) -> dict[str, object]:
    import sqlalchemy as sa

    from takeback import store
    from takeback.prove.checkpoint import LogKey
    from takeback.prove.sequencer import sequence_all
    from takeback.store.settings import Settings

    sequence_all(LogKey.kept_in(Settings.from_environment().home))
    sizes = sa.text("select sum(pg_total_relation_size(to_regclass(name))) from unnest(cast(:names as text[])) name")
    with store.transaction(org) as connection:
        total = connection.scalar(sizes.bindparams(names=list(TABLES))) or 0
    return {"bytes_per_event": round(int(total) / count), "events": count}


def _hash_ratio(seed: int) -> dict[str, object]:
    from takeback.prove.epcis.hashing import event_hash, hash_uri

    batch = [{"@context": {"rl": NAMESPACE}, **event} for event in events(HASHED, seed=seed + 3, items=ITEMS)]
    event_hash(batch[0])
    clock = time.process_time()
    ours = [event_hash(event) for event in batch]
    rate = HASHED / (time.process_time() - clock)
    clock = time.process_time()
    theirs = _reference(batch[:BY_REFERENCE])
    reference = BY_REFERENCE / (time.process_time() - clock)
    if [hash_uri(one) for one in ours[:BY_REFERENCE]] != theirs:
        raise RuntimeError("our hashes are not those of the reference")
    return {"hash_ratio": round(rate / reference), "hashes_per_cpu_s": round(rate)}


def _reference(batch: list[dict[str, Any]]) -> list[str]:
    from epcis_event_hash_generator import json_to_py
    from epcis_event_hash_generator.hash_generator import epcis_hashes_from_events

    bare = [{name: value for name, value in event.items() if name != "@context"} for event in batch]
    read = json_to_py.event_list_from_epcis_document_json(json.loads(document(bare)))
    return list(epcis_hashes_from_events(read, "sha256"))


def _paths(asked: argparse.Namespace) -> dict[str, object]:
    from sqlalchemy.engine import make_url

    from bench.genealogy import build, measure, settle
    from takeback import store
    from takeback.store.embedded.postmaster import administrator_url

    database, org = store.database(), uuid4()
    host = make_url(database.application_url).query["host"]
    administrator = store.Database(administrator_url(Path(str(host)), "takeback"), database.owner_url)
    with administrator.transaction({}) as connection:
        world = build(connection, org, asked.edges, asked.seed)
    settle(administrator)
    administrator.close()
    found = measure(org, world, asked.seed)
    return {name: found[name] for name in ("trace_p95_ms", "recall_p95_ms", "edges", "trace_depth")}


if __name__ == "__main__":
    main()
