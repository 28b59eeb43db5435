"""How the interpreter works where many messages are taken apart, in threads or in processes of their own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from multiprocessing.process import BaseProcess

SWITCH_S = 0.0005  # a thread that waits for the database gets the interpreter back after this, not after 5 ms
YOUNG = 200_000  # new containers until the collector looks: a document of 500 events makes 30,000, all freed by count


def for_throughput() -> None:
    """Let threads give way to each other sooner, and the collector of cycles look less often.

    Measured with documents of events: 20 of 190 microseconds an event went into looking for cycles that are not there.
    """
    sys.setswitchinterval(SWITCH_S)
    gc.freeze()  # what was imported stays
    gc.set_threshold(YOUNG, 20, 20)


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however it went: nobody else would."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_ended_with, args=(parent,), name="end-with-parent", daemon=True).start()


def _ended_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
