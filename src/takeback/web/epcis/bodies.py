"""Bodies that are not documents of events: JSON objects of queries and subscriptions."""

from __future__ import annotations

from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis import reading
from takeback.web.preferences import AnyRequest

LARGEST = 1_000_000  # bytes


def json_of(request: AnyRequest, body: bytes) -> Any:
    """Return what a JSON body says. Raises ``epcis.media-type`` (415), ``epcis.json`` (400) with the place."""
    media_type = request.headers.get("content-type", "")
    if reading.form(media_type) != "json":
        raise Problem(
            "epcis.media-type",
            msg("Queries and subscriptions come as JSON."),
            where="Content-Type",
            found=media_type,
            expected=", ".join(sorted(reading.JSON_TYPES)),
            status=415,
        )
    return reading.decode(body, media_type)
