"""Transformations told in several events: which events belong together (EPCIS 2.0, 7.4.6, transformationID)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.prepare import mark
from takeback.store import bulk


def remember(connection: sa.Connection, org: UUID, events: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Keep the parts among ``events`` (id of the entry, event in standard form); call it where entries are written.

    An event that declares an error is no part: it says that one did not happen.
    """
    rows = [
        (org, entry, mark("transformation", canonical_uri(event["transformationID"])))
        for entry, event in events
        if event.get("transformationID") and "errorDeclaration" not in event
    ]
    bulk.insert(connection, "transformation_part", ("org_id", "entry_id", "mark"), rows)
