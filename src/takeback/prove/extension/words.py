"""Words that claim to be of our namespace: are they, and of which kind?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from takeback.prove.extension.terms import PREFIX, TermKind, table, term_uri
from takeback.prove.personal import NAMESPACE


@cache
def words(kind: TermKind) -> Mapping[str, str]:
    """Return the URIs of the terms of a kind, by name."""
    return {name: term_uri(kind, name) for name in table().of(kind)}


@cache
def uris(kind: TermKind) -> frozenset[str]:
    """Return the URIs of the terms of a kind."""
    return frozenset(words(kind).values())


def prefix_in(declared: object) -> str:
    """Return the prefix that an event's `@context` gives our namespace; ours where it gives none."""
    if isinstance(declared, Mapping):
        for prefix, space in declared.items():
            if space == NAMESPACE:
                return str(prefix)
    return PREFIX
