"""The `@context` of a document: which namespaces its prefixes stand for, which fields its terms.

JSON-LD 1.1 as far as EPCIS documents use it: names of contexts, prefixes, terms with `@id`, `@vocab`. Contexts are
never fetched: those of EPCIS 2.0 (full and simple) and our own are known, and of others nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from takeback.prove.epcis.names import STANDARD, settled
from takeback.prove.personal import MARK, NAMESPACE

# Beginnings that are never prefixes, whatever a context says.
_SCHEMES = frozenset({"urn", "http", "https"})
_SIMPLE = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "vtype": "urn:epcglobal:epcis:vtype:"}
_OURS = {MARK.partition(":")[0]: NAMESPACE}
_LOCAL = re.compile(r"[^\W\d][\w.-]*")


class Context(msgspec.Struct, frozen=True):
    """What is declared at one place of a document.

    `prefixes` gives namespaces, `terms` the full names of fields without prefix, `vocab` the namespace of all others.
    `known` remembers what names of fields were found to be (`extension_names`).
    """

    prefixes: dict[str, str] = {}
    terms: dict[str, str] = {}
    vocab: str = ""
    known: dict[str, tuple[str, str, str, str]] = {}

    def extended(self, declared: Any) -> Context:
        """Return this context with what a further `@context` (text, object or array) declares."""
        context = self
        for part in declared if isinstance(declared, list) else [declared]:
            if isinstance(part, dict):
                context = context._with(part)
            elif isinstance(part, str) and part.endswith("epcis-context-simple.jsonld"):
                context = Context({**_SIMPLE, **context.prefixes}, context.terms, context.vocab)
            elif isinstance(part, str) and part.endswith("/takeback-context.jsonld"):
                context = Context({**context.prefixes, **_OURS}, context.terms, context.vocab)
        return context

    def namespace(self, prefix: str) -> str:
        """Return the namespace of a prefix, "" where it has none."""
        if prefix in _SCHEMES:
            return ""
        return self.prefixes.get(prefix) or STANDARD.get(prefix) or ""

    def iri(self, text: str) -> str:
        """Return the full URI of a CURIE with a known prefix; other texts as they are."""
        prefix, colon, local = text.partition(":")
        if not colon or local.startswith("//"):
            return text
        namespace = self.namespace(prefix)
        return namespace + local if namespace else text

    def _with(self, declared: dict[str, Any]) -> Context:
        names = dict(_names(declared))
        prefixes = self.prefixes | names
        known = Context(prefixes, {}, "")
        terms = {name: known.iri(value) for name, value in names.items()}
        vocab = declared.get("@vocab", self.vocab)
        return Context(prefixes | terms, self.terms | terms, vocab if isinstance(vocab, str) else "")


def split(iri: str, namespaces: Iterable[str]) -> tuple[str, str] | None:
    """Return (namespace, name) of a field's full URI, by a declared namespace if one fits; None without a name."""
    fitting = [space for space in namespaces if iri.startswith(space) and _LOCAL.fullmatch(iri, len(space))]
    end = len(max(fitting, key=len)) if fitting else max(map(iri.rfind, "/#:")) + 1
    return (iri[:end], iri[end:]) if _LOCAL.fullmatch(iri, end) else None


def _names(declared: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in declared.items():
        target = value.get("@id") if isinstance(value, dict) else value
        if not name.startswith("@") and isinstance(target, str):
            yield name, settled(target)
