"""Values of closed vocabularies and URIs, in every spelling, brought to the one in which they are compared."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from takeback.core.message import Message, msg
from takeback.prove.epcis import vocabulary
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.query.fieldname import Context
from takeback.prove.epcis.query.pattern import URI
from takeback.prove.epcis.query.trouble import wrong
from takeback.prove.epcis.vocabulary import Kind, bare

WORDS: dict[Kind, frozenset[str]] = {
    "bizStep": vocabulary.BIZ_STEPS,
    "disposition": vocabulary.DISPOSITIONS,
    "bizTransaction": vocabulary.BIZ_TRANSACTION_TYPES,
    "sourceDest": vocabulary.SOURCE_DEST_TYPES,
    "error": vocabulary.ERROR_REASONS,
    "measurement": vocabulary.MEASUREMENT_TYPES,
}


def words(where: str, texts: Iterable[str], kind: Kind, context: Context) -> frozenset[str]:
    """Return CBV words bare and others as full URIs. Raises ``Problem`` for a bare word that CBV does not have."""
    return frozenset(word(where, text, kind, context) for text in texts)


def word(where: str, text: str, kind: Kind, context: Context) -> str:
    """Return one word as `words` does."""
    known = bare(kind, in_full(text, context))
    if known not in WORDS[kind] and not URI.fullmatch(known):
        raise wrong(where, text, closest(text, WORDS[kind], msg("a word of CBV 2.0 or a URI")))
    return known


def uris(where: str, texts: Iterable[str], context: Context) -> frozenset[str]:
    """Return URIs in canonical form. Raises ``Problem`` for what is none."""
    return frozenset(uri(where, text, context) for text in texts)


def uri(where: str, text: str, context: Context) -> str:
    """Return one URI as `uris` does."""
    if not URI.fullmatch(text):
        raise wrong(where, text, msg("a URI, such as urn:epc:id:sgln:4012345.00005.0 or a Digital Link"))
    return canonical_uri(in_full(text, context))


def in_full(text: str, context: Context) -> str:
    """Return the URI of `prefix:name` where the prefix is known; others as they are."""
    prefix, colon, local = text.partition(":")
    namespace = context.get(prefix) or STANDARD.get(prefix) if colon and not local.startswith("//") else None
    return namespace + local if isinstance(namespace, str) else text


def closest(text: str, known: Iterable[str], otherwise: Message | str) -> Message | str:
    """Return the known words that a mistyped one may have meant, or what else to say."""
    near = get_close_matches(text, list(known), n=3)
    return msg("perhaps {words}", words=", ".join(near)) if near else otherwise
