"""A document of any size as small documents of some events each, and what stands around the events."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO

from takeback.prove.epcis import reading
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.json_reading import document_of
from takeback.prove.epcis.xml_tree import etree

PIECE = 1000  # events read, checked and appended at once
_QUERY = "urn:epcglobal:epcis-query:xsd:2"


class Pieces:
    """Reads a file once; `around` and `head` are whole when all `events` have been read."""

    def __init__(self, file: BinaryIO, media_type: str) -> None:
        """Begin to read. Raises `Problem`, as the other methods."""
        self._file, self._media_type = file, media_type
        self._head, self._events = reading.stream(file, media_type)
        self._root: Any = None
        self._single: Any = None

    def events(self) -> Iterator[Any]:
        """Yield documents of some events each, as `reading.decode` gives them."""
        if self._head.kind == "event":
            self._single = next(self._events)
            yield self._single
        elif self._head.media == "xml":
            yield from self._of_xml()
        else:
            while listed := list(islice(self._events, PIECE)):
                yield self._json_piece(listed)

    def around(self) -> Any:
        """Return the document without its events, for the check of what stands around them."""
        if self._single is not None:
            return self._single
        if self._head.media == "json":
            return self._head.raw
        if self._root is None:  # no event, so nothing was read in pieces
            self._file.seek(0)
            self._root = reading.decode(self._file.read(), self._media_type)
        return self._root

    def head(self) -> Document:
        """Return the document without its events, read."""
        whole = self._head.media == "json" and self._head.kind != "event"
        return document_of(self._head.raw) if whole else self._head

    def _json_piece(self, events: list[Any]) -> dict[str, Any]:
        return {
            "@context": self._head.raw.get("@context"),
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": datetime.now(UTC).isoformat(),
            "epcisBody": {"eventList": events},
        }

    def _of_xml(self) -> Iterator[Any]:
        kept = map(self._copied, self._events)
        while listed := list(islice(kept, PIECE)):
            yield self._xml_piece(listed)

    def _copied(self, event: Any) -> Any:
        """Return an event that stays when the stream goes on."""
        self._root = event.getroottree().getroot()
        return deepcopy(event)

    def _xml_piece(self, events: list[Any]) -> Any:
        copied = etree.Element(self._root.tag, dict(self._root.attrib), nsmap=self._root.nsmap)
        inner = etree.SubElement(copied, "EPCISBody")
        if self._head.kind == "query":
            results = etree.SubElement(inner, f"{{{_QUERY}}}QueryResults")
            etree.SubElement(results, "queryName").text = self._head.query_name or "capture"
            inner = etree.SubElement(results, "resultsBody")
        etree.SubElement(inner, "EventList").extend(events)
        return copied
