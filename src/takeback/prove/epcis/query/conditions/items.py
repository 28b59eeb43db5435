"""Conditions on the things that an event is about: the MATCH_ family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.query.pattern import MOST_PATTERNS, Pattern, read_pattern
from takeback.prove.epcis.query.seen import Seen, listed, texts
from takeback.prove.epcis.query.trouble import wrong

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
    """One of the things in one of the `places` is one of `uris` (canonical), or fits one of the patterns."""

    places: tuple[str, ...]
    uris: frozenset[str]
    patterns: tuple[Pattern, ...]

    @classmethod
    def of(cls, places: tuple[str, ...], texts: Iterable[str], *, where: str) -> ThingIs:
        """Read the values of a MATCH_ parameter. Raises ``Problem``."""
        read = [read_pattern(text, where=where) for text in texts]
        patterns = tuple(pattern for pattern in read if pattern.form is not None)
        if len(patterns) > MOST_PATTERNS:
            raise wrong(where, len(patterns), msg("at most {most} patterns", most=MOST_PATTERNS))
        return cls(places, frozenset(pattern.uri for pattern in read if pattern.form is None), patterns)

    def holds(self, seen: Seen) -> bool:
        """Whether the event names such a thing in such a place."""
        return any(
            uri in self.uris or any(pattern.fits(uri) for pattern in self.patterns) for uri in self._named(seen.event)
        )

    def _named(self, event: Mapping[str, Any]) -> Iterator[str]:
        for place in self.places:
            if place in QUANTITIES:
                yield from (canonical_uri(uri) for one in listed(event, place) for uri in texts(one.get("epcClass")))
            else:
                yield from map(canonical_uri, texts(event.get(place)))
