"""What of an entry the judgement needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.extension.words import in_cbv

_LOCATION = re.compile(r"https?://[^/]+/414/(\d{13})")


@dataclass(frozen=True, slots=True)
class Happening:
    """A physical event. ``place``: the site's canonical URI, None where the event does not say.

    Words are bare words of the CBV, for those of our extension the next broader ones.
    """

    entry: int
    at: datetime
    recorded: datetime
    step: str | None
    disposition: str | None
    place: str | None
    body: Mapping[str, Any]
    errors: int = 0
    warnings: int = 0


def place_of(body: Mapping[str, Any]) -> str | None:
    """Return the site where an event took place: its read point, else its business location, without the part of it.

    A GLN extension (GS1 AI 254) names a door or a shelf: within one site nothing is dispatched.
    """
    for name in ("readPoint", "bizLocation"):
        if place := (body.get(name) or {}).get("id"):
            uri = canonical_uri(place)
            found = _LOCATION.match(uri)
            return f"https://id.gs1.org/414/{found[1]}" if found else uri
    return None


def happening(
    entry: int, at: datetime, recorded: datetime, body: Mapping[str, Any], errors: int = 0, warnings: int = 0
) -> Happening:
    """Return the happening of an entry whose body is an event in standard form."""
    step, disposition = body.get("bizStep"), body.get("disposition")
    return Happening(
        entry,
        at,
        recorded,
        in_cbv("step", step) if step else None,
        in_cbv("disposition", disposition) if disposition else None,
        place_of(body),
        body,
        errors,
        warnings,
    )
