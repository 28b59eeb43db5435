"""Loading a file: several processes read and check, and write one after the other in the order of the file.

While one writes, the others read ahead: the database and Python work at the same time. Each batch is one transaction
that also says how far the file has come, so a load that was cut off goes on where it ended.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.core.interpreter import end_with_parent, for_throughput
from takeback.prove.bulk.batch import Refusal, Sifted, sift
from takeback.prove.bulk.source import Batch, Source
from takeback.prove.bulk.turn import Turn
from takeback.prove.epcis.ahead import Ahead, write_ahead
from takeback.prove.epcis.capture import record
from takeback.prove.epcis.ready import Ready, make_ready

BATCH = 2000  # events in one transaction
AHEAD = 3  # batches that each process may have waiting
OnProgress = Callable[["Loaded"], None]
_START = "fork" if sys.platform == "linux" else "spawn"  # a copy has imported all it needs: a second less to wait

_BEGUN = sa.text("select done, events, captured, refused from load_run where org_id = :org and fingerprint = :file")
_SO_FAR = sa.text(
    """
    insert into load_run (org_id, fingerprint, path, done, events, captured, refused, updated_at)
    values (:org, :file, :path, :done, :events, :captured, :refused, now())
    on conflict (org_id, fingerprint) do update set done = :done, events = load_run.events + :events,
        captured = load_run.captured + :captured, refused = load_run.refused + :refused, updated_at = now()
    """
)


@dataclass(slots=True)
class Loaded:
    """How far a file has come, in events. ``captured`` are new ones; the others that passed were there before."""

    done: int = 0
    events: int = 0
    captured: int = 0
    refused: int = 0
    findings: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def load(
    file: Source,
    org: UUID,
    *,
    actor: str,
    processes: int = 2,
    batch: int = BATCH,
    on_progress: OnProgress | None = None,
) -> Loaded:
    """Load the events of a file; those that do not pass the gate are left out and told.

    Raises
    ------
    Problem
        of a file that cannot be read on; what was loaded before stays, and the next load goes on behind it.
    """
    so_far = _begun(file, org)
    context = multiprocessing.get_context(_START)
    turns = Turn(context), Turn(context)
    urls = (store.database().application_url, store.database().owner_url)
    with ProcessPoolExecutor(processes, context, _start, (*turns, *urls, org, actor, file)) as pool:
        for done in _in_order(pool, file.batches(batch, done=so_far.done, first=so_far.events), processes * AHEAD):
            _add(so_far, done)
            if on_progress:
                on_progress(so_far)
    return so_far


def _begun(file: Source, org: UUID) -> Loaded:
    with store.transaction(org) as connection:
        row = connection.execute(_BEGUN, {"org": org, "file": file.fingerprint}).one_or_none()
    return Loaded(row.done, row.events, row.captured, row.refused) if row else Loaded()


def _in_order(pool: ProcessPoolExecutor, batches: Iterator[Batch], most: int) -> Iterator[Loaded]:
    """Yield what became of each batch, in order, with at most ``most`` of them under way."""
    waiting: deque[Future[Loaded]] = deque()
    try:
        for batch in batches:
            waiting.append(pool.submit(_write, batch))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def _add(so_far: Loaded, done: Loaded) -> None:
    so_far.done = done.done
    so_far.events += done.events
    so_far.captured += done.captured
    so_far.refused += done.refused
    so_far.findings += done.findings
    so_far.refusals += done.refusals


_here: dict[str, Any] = {}


def _start(ids: Turn, turn: Turn, application_url: str, owner_url: str, org: UUID, actor: str, file: Source) -> None:
    end_with_parent()
    for_throughput()
    store.open_database(application_url, owner_url, pool_size=1)
    _here.update(ids=ids, turn=turn, org=org, actor=actor, file=file)


def _write(batch: Batch) -> Loaded:
    """Do a batch: its ids are taken in the order of the file, most rows are written beside other batches."""
    ids, turn = _here["ids"], _here["turn"]
    try:
        sifted = sift(batch, now=datetime.now(UTC))
        ready = make_ready(sifted.taken.events, personal=sifted.taken.personal)
        with store.transaction(_here["org"]) as connection:
            order = ids.of(batch.number)
            ahead = write_ahead(connection, _here["org"], ready, actor=_here["actor"], order=order)
            with turn.of(batch.number):
                done = _captured(connection, batch, sifted, ready, ahead)
                connection.commit()
    except BaseException:
        ids.stop()
        turn.stop()
        raise
    return done


def _captured(connection: sa.Connection, batch: Batch, sifted: Sifted, ready: Ready, ahead: Ahead) -> Loaded:
    org, file, taken = _here["org"], _here["file"], sifted.taken
    captured = record(connection, org, ready, actor=_here["actor"], findings=taken.warnings, ahead=ahead)
    refusals = list(sifted.refusals)
    refusals += [
        Refusal(batch.first + taken.numbers[n] + 1, [{"title": "Its eventID belongs to another event"}])
        for n in captured.conflicts
    ]
    done = Loaded(
        done=batch.done,
        events=len(batch.lines) or len(batch.events),
        captured=len(captured.appended),
        refused=len(refusals),
        findings=len(captured.findings),
        refusals=refusals,
    )
    values = {"done": done.done, "events": done.events, "captured": done.captured, "refused": done.refused}
    connection.execute(_SO_FAR, {"org": org, "file": file.fingerprint, "path": str(file.path), **values})
    return done
