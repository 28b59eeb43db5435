"""Documents of any size: event by event the same as read whole, in little memory, faults told with their event."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings

from takeback.core.problem import Problem
from takeback.prove.epcis import json_stream, xml_stream
from takeback.prove.epcis.reading import read, standard, stream
from takeback.prove.epcis.writing import xml_document
from tests.prove.epcis.events import Event, documents
from tests.reference import reference_data

JSON, XML = "application/json", "application/xml"
KEPT = ("kind", "id", "sender", "header", "sbdh", "query_name", "creation_date", "prefixes", "ignored")


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a few bytes at a time, so that every boundary falls inside something."""
    monkeypatch.setattr(json_stream, "CHUNK", 7)
    monkeypatch.setattr(xml_stream, "CHUNK", 4096)


@pytest.mark.usefixtures("small_pieces")
def test_examples() -> None:
    """Every example comes out of the stream as it does when read whole, what stands around it too."""
    gs1, vectors = reference_data("prove/gs1-epcis"), reference_data("prove/epcis-event-hash-vectors/tests")
    paths = [*(gs1 / "JSON").rglob("*.jsonld"), *(gs1 / "XML" / "WithEventHashID").iterdir(), *vectors.rglob("*.xml")]
    for path in sorted(paths):
        content, media = path.read_bytes(), XML if path.suffix == ".xml" else JSON
        whole = read(content, media)
        header, raw = stream(io.BytesIO(content), media)
        assert list(map(standard(header), raw)) == whole.events, path.name
        for name in KEPT:
            assert getattr(header, name) == getattr(whole, name), (path.name, name)


@settings(max_examples=40, deadline=None)
@given(documents())
def test_random_documents(value: Event) -> None:
    """Random documents, with the context before or behind the events, are the same as read whole."""
    behind = {name: item for name, item in value.items() if name != "@context"} | {"@context": value["@context"]}
    expected = read(msgspec.json.encode(value), JSON).events
    for one in (value, behind):
        header, raw = stream(io.BytesIO(msgspec.json.encode(one)), JSON)
        assert list(map(standard(header), raw)) == expected
    header, raw = stream(io.BytesIO(xml_document(expected)), XML)
    assert list(map(standard(header), raw)) == expected


class _Long(io.RawIOBase):
    """A file that is made while it is read: a head, many times the same event, an end."""

    def __init__(self, head: bytes, event: bytes, between: bytes, end: bytes, count: int) -> None:
        self.pieces = self._all(head, event, between, end, count)
        self.rest = b""

    @staticmethod
    def _all(head: bytes, event: bytes, between: bytes, end: bytes, count: int) -> Iterator[bytes]:
        yield head
        for number in range(count):
            yield (between if number else b"") + event
        yield end

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (piece := next(self.pieces, b"")):
            self.rest += piece
        found, self.rest = self.rest[:size], self.rest[size:]
        return found

    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("media", "head", "event", "between", "end"),
    [
        (JSON, b'{"@context":[],"type":"EPCISDocument","epcisBody":{"eventList":[',
         b'{"type":"ObjectEvent","note":"' + b"x" * 2000 + b'"}', b",", b"]}}"),
        (XML, b"<EPCISDocument><EPCISBody><EventList>",
         b"<ObjectEvent><note>" + b"x" * 2000 + b"</note></ObjectEvent>", b"\n",
         b"</EventList></EPCISBody></EPCISDocument>"),
    ],
)  # fmt: skip
def test_memory(media: str, head: bytes, event: bytes, between: bytes, end: bytes) -> None:
    """Reading 40 MB takes less than 8 MB, whatever the number of events."""
    tracemalloc.start()
    try:
        _, raw = stream(_Long(head, event, between, end, 20_000), media)  # type: ignore[arg-type]
        assert sum(1 for _ in raw) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "kind", "where"),
    [
        (b'{"@context":[],"epcisBody":{"eventList":[{"a":1},{"b":2 "c"}]}}', "epcis.json",
         "/epcisBody/eventList/1, line 1, column 8"),
        (b'{"@context":[],"epcisBody":{"eventList":[{"a":1},{"b":{"c":1,"c":2}}]}}', "epcis.json-duplicate",
         "/epcisBody/eventList/1, line 1, column 13, /b/c"),
        (b'{"@context":[],"epcisBody":{"eventList":[{"a":1},', "epcis.json",
         "/epcisBody/eventList/1, line 1, column 1"),
        (b'{"@context":[],"@context":[],"epcisBody":{"eventList":[]}}', "epcis.json-duplicate", "/@context"),
        (b'{"@context":[],"epcisBody":{"eventList":[{},]}}', "epcis.json", "/epcisBody/eventList/1, line 1, column 1"),
        (b'{"@context":[],"epcisBody":{"eventList":[1]}}', "epcis.document", "/epcisBody/eventList/0"),
    ],
)  # fmt: skip
def test_faults(content: bytes, kind: str, where: str) -> None:
    """A fault names the event that it stands in; the events before it have been given."""
    with pytest.raises(Problem) as caught:
        list(stream(io.BytesIO(content), JSON)[1])
    assert (caught.value.kind, caught.value.where) == (kind, where)


def test_fault_in_xml() -> None:
    """A fault in XML comes with its line, a DTD is refused, and what is not EPCIS at all."""
    begun = b"<EPCISDocument><EPCISBody><EventList><ObjectEvent/>\n<ObjectEvent></b>"
    for content, kind in (
        (begun, "epcis.xml"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]>' + begun, "epcis.xml-dtd"),
        (b"<a/>", "epcis.document"),
        (b"", "epcis.xml"),
    ):
        with pytest.raises(Problem) as caught:
            list(stream(io.BytesIO(content), XML)[1])
        assert caught.value.kind == kind
