"""An XML document of any size read event by event, in memory that does not grow with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.xml_names import parted
from takeback.prove.epcis.xml_reading import begun, document_of
from takeback.prove.epcis.xml_text import SAFE, fault, require_no_dtd
from takeback.prove.epcis.xml_tree import Element, etree

CHUNK: Final = 1 << 16


class XmlStream:
    """Walks a document once: `head` is there when the list of events begins."""

    def __init__(self, file: BinaryIO) -> None:
        self.parser = etree.XMLPullParser(events=("start", "end"), remove_comments=True, remove_pis=True, **SAFE)
        self.file = file
        self.head: Document | None = None
        self.root: Element = None
        self.list: Element = None
        self.walk = self._walk()

    def begin(self) -> Document:
        """Return the document without its events. Raises `Problem`."""
        for _ in self.walk:
            break
        if self.head is None:
            self.head = document_of(self.root)  # a single event, or nothing of EPCIS: that is told
        return self.head

    def events(self) -> Iterator[Element]:
        """Yield each event's element; it is emptied when the next is asked for."""
        for element in self.walk:
            yield element
            element.clear()
            if (parent := element.getparent()) is not None:
                parent.remove(element)

    def _walk(self) -> Iterator[Element]:
        beginning = True
        while content := self.file.read(CHUNK):
            if beginning:
                require_no_dtd(content)
                beginning = False
            yield from self._fed(content)
        yield from self._fed(b"")

    def _fed(self, content: bytes) -> Iterator[Element]:
        try:
            self.parser.feed(content) if content else self.parser.close()
        except etree.XMLSyntaxError as error:
            raise fault(error) from None
        for event, element in self.parser.read_events():
            yield from self._met(event, element)

    def _met(self, event: str, element: Any) -> Iterator[Element]:
        if self.root is None:
            self._require_harmless(element)
        if event == "start" and self.head is None and parted(element) == ("", "EventList"):
            self.list, self.head = element, begun(self.root)
            yield element  # `begin` stops here
        elif event == "end" and self.list is not None and self._is_event(element):
            yield element

    def _require_harmless(self, root: Any) -> None:
        self.root = root
        dtd = root.getroottree().docinfo.internalDTD
        if dtd is not None and (dtd.system_url or dtd.external_id or list(dtd.iterentities())):
            raise Problem(
                "epcis.xml-dtd", msg("XML with a document type or entities is not read"), where="line 1", status=400
            )

    def _is_event(self, element: Any) -> bool:
        """Tell whether an element is an event: in the list, or in an `extension` of the list (EPCIS 1.x)."""
        parent = element.getparent()
        if element.tag == "extension" or parent is None:
            return False
        return parent is self.list or (parent.tag == "extension" and parent.getparent() is self.list)
