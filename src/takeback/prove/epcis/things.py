"""From an identifier as an event writes it to the thing: its canonical URI and its key."""

from __future__ import annotations

from functools import lru_cache

from takeback.core.items import item_key
from takeback.prove.epcis.canonical import canonical_uri

REMEMBERED = 200_000  # things whose names come again: in the next event, at the next place; some 60 MB


@lru_cache(maxsize=REMEMBERED)
def thing(text: str) -> tuple[int, str]:
    """Return key and canonical URI of what an EPC, a class or a place in any spelling names."""
    uri = canonical_uri(text)
    return item_key(uri), uri


def key_of(text: str) -> int:
    """Return the item key of what is named."""
    return thing(text)[0]
