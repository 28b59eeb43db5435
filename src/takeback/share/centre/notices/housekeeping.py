"""What a worker does in each centre in its rounds: it reminds people of what is due."""

from __future__ import annotations

import time
from collections.abc import Iterable
from uuid import UUID

from takeback import store
from takeback.share.centre import notices
from takeback.share.centre.acting import system

BETWEEN_S = 600.0  # between two looks at what is due, in days: more often would tell nobody more
_looked: dict[UUID, float] = {}


def remind_all(centres: Iterable[UUID]) -> None:
    """Remind the people of each centre of what is due, where nobody looked for a while."""
    for org in centres:
        last = _looked.get(org)
        if last is None or time.monotonic() - last >= BETWEEN_S:
            _looked[org] = time.monotonic()
            with store.transaction(org) as connection:
                notices.remind(connection, system(org))
