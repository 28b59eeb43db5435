"""Words that claim to be of our namespace: are they, and of which kind?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from takeback.prove.epcis.vocabulary import bare
from takeback.prove.extension.terms import CBV_KIND, PREFIX, TermKind, table, term_uri
from takeback.prove.personal import NAMESPACE


@cache
def words(kind: TermKind) -> Mapping[str, str]:
    """Return the URIs of the terms of a kind, by name."""
    return {name: term_uri(kind, name) for name in table().of(kind)}


@cache
def uris(kind: TermKind) -> frozenset[str]:
    """Return the URIs of the terms of a kind."""
    return frozenset(words(kind).values())


def in_cbv(kind: TermKind, text: str) -> str:
    """Return the CBV's own word, bare: for a word of ours the next broader one, as a partner would read it."""
    return _broader(kind).get(text) or bare(CBV_KIND[kind], text)


@cache
def _broader(kind: TermKind) -> Mapping[str, str]:
    return {term_uri(kind, name): term.broader for name, term in table().of(kind).items()}


def prefix_in(declared: object) -> str:
    """Return the prefix that an event's `@context` gives our namespace; ours where it gives none."""
    if isinstance(declared, Mapping):
        for prefix, space in declared.items():
            if space == NAMESPACE:
                return str(prefix)
    return PREFIX
