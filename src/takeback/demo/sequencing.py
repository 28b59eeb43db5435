"""A sequencer beside the work of a command, so that what it writes is proven as it goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import keep_sequencing


@contextmanager
def sequencing(key: LogKey) -> Iterator[None]:
    """Keep sequencing during the block."""
    stop = threading.Event()
    thread = threading.Thread(target=keep_sequencing, args=(key, stop), name="sequencer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)
