"""Canonical URIs: the fast way gives what the identifiers' own rules give; words in all spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.identifiers import parse
from takeback.core.problem import Problem
from takeback.prove.epcis import vocabulary
from takeback.prove.epcis.canonical import canonical_uri, canonical_uris
from tests.prove.epcis.events import classes, epcs, parties, places

KINDS = ("bizStep", "disposition", "bizTransaction", "sourceDest", "error", "component", "measurement", "alert")


def _by_rule(text: str) -> str:
    if not text.strip().lower().startswith(("urn:epc:", "http")):
        return text
    try:
        return parse(text, verify=False).uri
    except Problem:
        return text


@given(st.one_of(epcs, classes, places, parties))
def test_same_as_by_rule(text: str) -> None:
    """Every identifier has the URI that `takeback.core.identifiers` gives, which is its own canonical form."""
    assert canonical_uri(text) == _by_rule(text)
    assert canonical_uri(canonical_uri(text)) == canonical_uri(text)
    assert canonical_uris([text, text]) == [canonical_uri(text)] * 2


@given(st.one_of(epcs, classes, places), st.integers(0, 80), st.text("0aZ.-_%/:*é \n９", max_size=3))
def test_same_as_by_rule_when_broken(text: str, place: int, piece: str) -> None:
    """A text that is nearly an identifier is read, or left alone, exactly as by the rules."""
    broken = text[:place] + piece + text[place + 1 :]
    assert canonical_uri(broken) == _by_rule(broken)


@pytest.mark.parametrize(
    "text", ["", "urn:epc:id:sgtin:", "https://id.gs1.org/", "geo:1,2", "urn:uuid:1", "09506000134352"]
)
def test_others_are_left(text: str) -> None:
    """What is no identifier is left as it is; a bare number is not taken for a GTIN."""
    assert canonical_uri(text) == text


@pytest.mark.parametrize("kind", KINDS)
def test_words_in_all_spellings(kind: vocabulary.Kind) -> None:
    """Bare, URI, URN and CURIE of every word are one; words of others are left."""
    for word in vocabulary.words(kind):
        uri, urn = vocabulary.uri(kind, word), vocabulary.urn(kind, word)
        assert uri.endswith(word)
        assert {vocabulary.bare(kind, text) for text in (word, uri, urn)} == {word}
        curie = uri.replace(vocabulary.CBV, "cbv:").replace(vocabulary.GS1_VOCABULARY, "gs1:")
        assert vocabulary.bare(kind, curie) == word
        assert urn.startswith("urn:epcglobal:cbv:") or urn == uri
    assert vocabulary.bare(kind, "https://example.com/words/mine") == "https://example.com/words/mine"
    assert vocabulary.uri(kind, "https://example.com/x") == vocabulary.urn(kind, "https://example.com/x")


def test_counts_of_words() -> None:
    """CBV 2.0 has 41 steps, 33 dispositions, 13 transaction types, 14 components and 72 measurements in the schema."""
    assert [len(vocabulary.words(kind)) for kind in KINDS] == [41, 33, 13, 3, 2, 14, 72, 2]
