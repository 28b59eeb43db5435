"""Documents of any size, event by event: for captures beyond some megabytes and for bulk load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from takeback.prove.epcis.contexts import Context
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.json_event import standard_event
from takeback.prove.epcis.json_reading import document_of, whole
from takeback.prove.epcis.json_stream import JsonStream
from takeback.prove.epcis.media import form
from takeback.prove.epcis.xml_event import event_of
from takeback.prove.epcis.xml_stream import XmlStream

Event = dict[str, Any]


def stream(file: BinaryIO, media_type: str) -> tuple[Document, Iterator[Any]]:
    """Return what stands around the events of a document, and its events as they came, one by one.

    A JSON event comes as an object, an XML event as an element that lives until the next is asked for; `standard`
    brings either to standard form. Memory stays within some megabytes. A JSON document whose `@context` stands behind
    its events is read twice: the file has to be seekable. Raises `Problem`, also while events are read.
    """
    return _xml(file) if form(media_type) == "xml" else _json(file)


def standard(header: Document) -> Callable[[Any], Event]:
    """Return what brings an event of this document's stream to standard form."""
    if header.media == "xml":
        return event_of
    context = Context().extended(header.raw.get("@context"))
    return lambda raw: standard_event(raw, context)


def _xml(file: BinaryIO) -> tuple[Document, Iterator[Any]]:
    walk = XmlStream(file)
    header = walk.begin()
    if header.kind == "event":
        header.events = []
        return header, iter([header.raw])
    return header, walk.events()


def _json(file: BinaryIO) -> tuple[Document, Iterator[Any]]:
    begin = file.tell() if file.seekable() else None
    walk = JsonStream(file)
    first = list(_some(walk, 1))
    if "@context" not in walk.head and first and begin is not None:
        file.seek(begin)
        head = _whole_head(file)
        file.seek(begin)
        walk = JsonStream(file)
        first = list(_some(walk, 1))
    else:
        head = walk.head
    if "epcisBody" not in head:
        document = document_of(head)
        document.events = []
        return document, iter([head])
    return _header(head), _rest(first, walk)


def _header(head: Event) -> Document:
    body = head.get("epcisBody") or {}
    results = body.get("queryResults") if isinstance(body, dict) else None
    return whole(head, Context().extended(head.get("@context")), [], results if isinstance(results, dict) else {})


def _some(walk: JsonStream, most: int) -> Iterator[Event]:
    for _, event in zip(range(most), walk.events(), strict=False):
        yield event


def _rest(first: list[Event], walk: JsonStream) -> Iterator[Event]:
    yield from first
    yield from walk.events()


def _whole_head(file: BinaryIO) -> Event:
    walk = JsonStream(file)
    for _ in walk.events():
        pass
    return walk.head
