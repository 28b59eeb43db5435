"""Words and fields of our own namespace, the open extension for reverse logistics: docs/reference/cbv-extension.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.validation.explain_value import named_closely
from takeback.prove.epcis.validation.sink import Sink
from takeback.prove.epcis.vocabulary import words as cbv_words
from takeback.prove.extension.needs import unmet
from takeback.prove.extension.sentences import SENTENCES
from takeback.prove.extension.terms import CBV_KIND, TermKind
from takeback.prove.extension.words import uris, words
from takeback.prove.personal import NAMESPACE

Event = Mapping[str, Any]
Place = tuple[object, ...]
KIND_OF: dict[str, TermKind] = {
    "bizStep": "step",
    "disposition": "disposition",
    "persistentDisposition": "disposition",
    "bizTransactionList": "transaction",
    "sensorElementList": "measurement",
}
"""Where words of each of our kinds stand: the field of the event."""


def check_own_word(word: str, where: Place, sink: Sink) -> None:
    """Check that a URI of our namespace is a word of the extension that may stand at this place."""
    kind = KIND_OF.get(str(where[0]))
    if kind is None or word not in uris(kind):
        _unknown_word(word, kind, where, sink)


def check_own_field(name: str, where: Place, sink: Sink) -> None:
    """Check that a field whose prefix is bound to our namespace is one of the extension's."""
    prefix, _, local = name.partition(":")
    if local in words("field"):
        return
    close = named_closely(local, words("field"))
    sink.add(
        "own.unknown-field",
        where,
        name,
        msg('"{found}" claims to be of the extension for reverse logistics, which does not have it', found=name),
        msg('Did you mean "{name}"?', name=f"{prefix}:{close}") if close else _OWN_NAMESPACE,
    )


def check_needs(event: Event, sink: Sink) -> None:
    """Check that an event with a business step of ours carries what the step needs."""
    for need in unmet(event):
        what = msg("an event of type {types}", types=" / ".join(need.types)) if need.types else SENTENCES[need.en]
        title = msg("The business step needs {what}", what=what)
        mend = msg("Add it; where it is not known, write the broader step of the CBV.")
        sink.add("own.step-needs", ("bizStep",), event["bizStep"], title, mend)


def _unknown_word(word: str, kind: TermKind | None, where: Place, sink: Sink) -> None:
    title = msg('"{found}" claims to be of the extension for reverse logistics, which does not have it', found=word)
    mend = _OWN_NAMESPACE
    if (other := next((field for field, of in KIND_OF.items() if word in uris(of)), None)) is not None:
        mend = msg("It is a word of {field}: write it there.", field=other)
    elif kind is not None:
        plain = word.removeprefix(NAMESPACE).rpartition("-")[2]
        if plain in cbv_words(CBV_KIND[kind]):
            mend = msg('Write "{name}": the Core Business Vocabulary has this word.', name=plain)
        elif close := named_closely(word, words(kind)):
            mend = msg('Did you mean "{name}"?', name=words(kind)[close])
    sink.add("own.unknown-word", where, word, title, mend)


_OWN_NAMESPACE = msg("Use a URI in a namespace of your own.")
