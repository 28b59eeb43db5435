"""Transformations told in several events: which events belong together (EPCIS 2.0, 7.4.6, transformationID)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.prepare import mark
from takeback.store import bulk
from takeback.store.arrays import Int8s

_PART = "insert into transformation_part (org_id, entry_id, mark) select %s, unnest(%s), unnest(%s)"


def remember(connection: sa.Connection, org: UUID, events: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Keep the parts among ``events`` (id of the entry, event in standard form); call it where entries are written.

    An event that declares an error is no part: it says that one did not happen.
    """
    found = [
        (entry, mark("transformation", canonical_uri(event["transformationID"])))
        for entry, event in events
        if event.get("transformationID") and "errorDeclaration" not in event
    ]
    if found:
        entries, marks = zip(*found, strict=True)
        bulk.driver(connection).execute(_PART, (org, Int8s(entries), Int8s(marks)))
