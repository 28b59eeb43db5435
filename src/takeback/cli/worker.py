"""`takeback worker`: runs jobs and keeps the ledger's log growing."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial
from typing import Annotated

from cyclopts import Parameter

from takeback import store
from takeback.cli.session import database
from takeback.operate import identity
from takeback.operate.epcis.housekeeping import forget_old, keep_delivering
from takeback.prove.checkpoint import LogKey
from takeback.prove.completeness.housekeeping import make_due
from takeback.prove.sequencer import keep_sequencing
from takeback.share.centre.notices.housekeeping import remind_all
from takeback.store.settings import Settings
from takeback.store.worker import work

JOBS = (
    "takeback.demo.centre.job",
    "takeback.demo.world_job",
    "takeback.operate.collection.planning_job",
    "takeback.operate.imports.jobs",
    "takeback.share.centre.reporting.jobs",
)
"""The modules whose jobs a worker can run."""


def worker(*, until_eof: Annotated[bool, Parameter(show=False)] = False) -> None:
    """Run the jobs that people have started, and sequence the ledger, until stopped.

    `takeback serve` starts one by itself. Start more, here or on other machines with the same database, where
    jobs wait for each other.
    """
    # Ctrl-C reaches all processes of a terminal at once: whoever is stopped so ends as if asked to.
    signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    if until_eof:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    with database() as settings:
        work(JOBS, partial(_beside, settings), _keep_house)


def _beside(settings: Settings, stop: threading.Event) -> None:
    """Sequence the log and serve subscriptions, each in a thread, until told to stop."""
    delivering = threading.Thread(
        target=keep_delivering, args=(settings.webhook_hosts, stop), name="deliver", daemon=True
    )
    delivering.start()
    keep_sequencing(LogKey.kept_in(settings.home), stop)
    delivering.join()


def _keep_house() -> None:
    with store.admin() as connection:
        identity.purge(connection)
        found = identity.organisations(connection)
    parties = [party.id for party in found]
    make_due(parties)
    forget_old(parties)
    remind_all(party.id for party in found if party.kind == "centre")


def _end_with_stdin() -> None:
    """Stop when whoever holds the other end of stdin is gone, however it went."""
    # Read without sys.stdin: its lock, held by a thread that waits, is fatal while the program ends.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
