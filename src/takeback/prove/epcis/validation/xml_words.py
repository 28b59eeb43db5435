"""Words of the CBV in XML: written as URN or URI, never bare as in JSON (EPCIS 2.0, 6.4; CBV 2.0, 7)."""

from __future__ import annotations

from collections.abc import Iterator

from takeback.core.message import msg
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at
from takeback.prove.epcis.vocabulary import Kind, uri, urn
from takeback.prove.epcis.xml_names import children, parted, text
from takeback.prove.epcis.xml_tree import Element

_OF_TEXT: dict[str, Kind] = {
    "bizStep": "bizStep",
    "disposition": "disposition",
    "set": "disposition",
    "unset": "disposition",
    "reason": "error",
}
_OF_TYPE: dict[str, Kind] = {"bizTransaction": "bizTransaction", "source": "sourceDest", "destination": "sourceDest"}


def check_words(event: Element, index: int, base: str) -> Iterator[Finding]:
    """Yield each word that stands bare in the element of an event; ``base`` is the pointer of the event."""
    for element in _standard(event):
        name = parted(element)[1]
        kind, given = _OF_TEXT.get(name), text(element)
        if kind is None:
            kind, given = _OF_TYPE.get(name), element.get("type") or ""
        if kind is not None and given and ":" not in given:
            yield _bare(kind, given, index, f"{base}/{name}")


def _standard(element: Element) -> Iterator[Element]:
    """Yield the elements of the standard in an element; what stands in extension fields is not looked at."""
    for child in children(element):
        namespace, name = parted(child)
        if not namespace:
            yield child
            yield from _standard(child) if name != "ilmd" else ()


def _bare(kind: Kind, given: str, index: int, where: str) -> Finding:
    return found_at(
        "xml.vocabulary",
        where,
        index,
        given,
        msg('"{found}" is not the form of XML', found=given),
        msg("In XML write {urn} or {uri}; the bare word belongs to JSON.", urn=urn(kind, given), uri=uri(kind, given)),
    )
