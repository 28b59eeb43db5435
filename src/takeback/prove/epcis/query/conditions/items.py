"""Conditions on the things that an event is about: the MATCH_ family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.query.pattern import Pattern
from takeback.prove.epcis.query.seen import Seen, listed, texts

# Where each parameter looks (EPCIS 2.0, 8.2.7.1).
PLACES = {
    "MATCH_epc": ("epcList", "childEPCs"),
    "MATCH_parentID": ("parentID",),
    "MATCH_inputEPC": ("inputEPCList",),
    "MATCH_outputEPC": ("outputEPCList",),
    "MATCH_anyEPC": ("epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"),
    "MATCH_epcClass": ("quantityList", "childQuantityList"),
    "MATCH_inputEPCClass": ("inputQuantityList",),
    "MATCH_outputEPCClass": ("outputQuantityList",),
    "MATCH_anyEPCClass": ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
}
QUANTITIES = PLACES["MATCH_anyEPCClass"]
EVERYWHERE = PLACES["MATCH_anyEPC"] + QUANTITIES


@dataclass(frozen=True, slots=True)
class ThingIs:
    """One of the things in one of the `places` fits one of the patterns."""

    places: tuple[str, ...]
    patterns: tuple[Pattern, ...]

    def holds(self, seen: Seen) -> bool:
        """Whether the event names such a thing in such a place."""
        return any(pattern.fits(uri) for uri in self._uris(seen.event) for pattern in self.patterns)

    def _uris(self, event: Mapping[str, Any]) -> Iterator[str]:
        for place in self.places:
            if place in QUANTITIES:
                yield from (canonical_uri(uri) for one in listed(event, place) for uri in texts(one.get("epcClass")))
            else:
                yield from map(canonical_uri, texts(event.get(place)))
