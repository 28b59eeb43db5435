"""The event hash of CBV 2.0: the published vectors, twins, and rules that the vectors do not reach."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import events as everyday
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.hashing import event_hash, hash_uri, prehash
from takeback.prove.epcis.reading import read
from tests.prove.epcis.events import Event, events
from tests.reference import reference_data

VECTORS = "prove/epcis-event-hash-vectors/tests"
EXAMPLES = "prove/gs1-epcis"
# Lines of the pre-hash files whose own SHA-256 is not the hash beside them: they are damaged or of another event.
DAMAGED = {
    ("epcisDocWithAllGS1Keys", 0),
    ("epcisDocWithCustomSchemaInContext", 1),
    ("epcisDocWithDefaultSchemaInContext", 1),
}


def _read(path: Path) -> Document:
    return read(path.read_bytes(), "application/xml" if path.suffix == ".xml" else "application/ld+json")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().split("\n") if line] if path.exists() else []


def _vectors() -> Iterator[tuple[str, Document, list[str], list[str]]]:
    """Yield name, document, hashes and pre-hash strings of each example in JSON and in XML."""
    folder = reference_data(VECTORS) / "examples"
    for path in sorted([*folder.glob("*.jsonld"), *folder.glob("*.xml")]):
        yield path.stem, _read(path), _lines(path.with_suffix(".hashes")), _lines(path.with_suffix(".prehashes"))


def test_vectors_hash() -> None:
    """Every event of the examples has the published hash, in JSON and in XML; all 63 hashes are met."""
    met = set()
    for name, document, hashes, _ in _vectors():
        found = [hash_uri(event_hash(event, document.ignored)) for event in document.events]
        assert found == hashes, name
        met |= {(name, number) for number in range(len(hashes))}
    assert len(met) == 63


def test_vectors_pre_hash() -> None:
    """Every intact pre-hash string comes out character by character; the damaged ones are those that are listed."""
    damaged, met = set(), set()
    for name, document, hashes, texts in _vectors():
        for number, (event, published, text) in enumerate(zip(document.events, hashes, texts, strict=False)):
            if sha256(text.encode()).hexdigest() not in published:
                damaged.add((name, number))
                continue
            assert prehash(event, document.ignored) == text, name
            met.add((name, number))
    assert damaged == DAMAGED
    assert len(met) == 59  # 63 lines: 3 damaged, 1 without a document


def test_expected_equal() -> None:
    """All events of one equality file have one hash: order, precision, time zones and empty lists do not matter."""
    paths = sorted((reference_data(VECTORS) / "expected_equal").iterdir())
    assert len(paths) >= 10
    for path in paths:
        assert len({event_hash(event) for event in _read(path).events}) == 1, path.name


def test_same_event_in_both_formats() -> None:
    """GS1's files with one event hash alike in XML and JSON.

    Only number 2 differs: it gives another eventTimeZoneOffset, which is the third element of the hash (CBV 2.0, 8.9).
    """
    folder = reference_data(EXAMPLES) / "XML" / "WithEventHashID"
    hashes = {path.stem[-1]: event_hash(_read(path).events[0]) for path in sorted(folder.iterdir())}
    assert len(hashes) == 7
    assert len({found for number, found in hashes.items() if number != "2"}) == 1
    assert hashes["2"] != hashes["1"]


def test_twins_of_both_contexts() -> None:
    """A document with the full context and its twin with the simple one give the same hashes.

    PersistentDisposition-example is two different documents: an ObjectEvent in one, an AggregationEvent in the other.
    """
    folder = reference_data(EXAMPLES)
    count = 0
    for path in sorted((folder / "JSON-simple-context").rglob("*.jsonld")):
        twin = folder / "JSON" / path.relative_to(folder / "JSON-simple-context")
        if path.name != "PersistentDisposition-example.jsonld":
            ours, others = _read(path).events, _read(twin).events
            assert [event_hash(event) for event in ours] == [event_hash(event) for event in others], path.name
            count += 1
    assert count >= 16


BASE: Event = {
    "type": "ObjectEvent",
    "eventTime": "2020-03-04T11:00:30+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sscc:4012345.0000000333"],
}


@pytest.mark.parametrize(
    ("given_time", "hashed"),
    [
        ("2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"),
        ("2023-02-02T11:04:03.9996Z", "2023-02-02T11:04:04.000Z"),
        ("2023-12-31T23:59:59.9999-01:00", "2024-01-01T01:00:00.000Z"),
        ("2023-02-02T11:04:03+05:45", "2023-02-02T05:19:03.000Z"),
        ("2023-02-02T11:04:03.14+00:00", "2023-02-02T11:04:03.140Z"),
        ("2023-02-02T11:04:03.1234567890Z", "2023-02-02T11:04:03.123Z"),
        (" 2023-02-02T11:04:03Z ", "2023-02-02T11:04:03.000Z"),
    ],
)
def test_moments(given_time: str, hashed: str) -> None:
    """Moments are written in UTC with milliseconds, rounded, over the end of the year too."""
    assert f"eventTime={hashed}eventTimeZone" in prehash({**BASE, "eventTime": given_time})


@pytest.mark.parametrize(
    ("value", "hashed"),
    [
        (26.0, "26"),
        ("26.0", "26"),
        ("0.180000000000", "0.18"),
        ("+5", "5"),
        (True, "true"),
        ("true", "true"),
        (None, ""),
        ("", ""),
        (" x ", "x"),
        ("1_0", "1_0"),
        ("nan", "nan"),
        ("1e999", "1e999"),
        ("2020-01-02", "2020-01-02"),
        ("urn:epcglobal:cbv:bizstep:mine", "https://ref.gs1.org/cbv/BizStep-mine"),
        ("urn:epc:id:giai:4000001.111", "https://id.gs1.org/8004/4000001111"),
        ("gs1:Angle", "https://gs1.org/voc/Angle"),
    ],
)
def test_values(value: object, hashed: str) -> None:
    """Values of extension fields are canonical: numbers, booleans, words and identifiers; empty ones leave the name."""
    event = {**BASE, "ext:a": value, "@context": {"ext": "https://e.example/"}}
    assert prehash(event).endswith("{https://e.example/}a" + ("=" + hashed if hashed else ""))


def test_what_takes_no_part() -> None:
    """Identity, record time, error declaration, comments and fields to ignore do not change the hash."""
    further = {
        "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
        "recordTime": "2024-01-01T00:00:00Z",
        "errorDeclaration": {"declarationTime": "2024-01-01T00:00:00Z"},
        "rdfs:comment": "no matter",
        "ext:a": 1,
        "@context": {"ext": "https://e.example/"},
    }
    assert event_hash({**BASE, **further}, {"{https://e.example/}a"}) == event_hash(BASE)
    assert event_hash({**BASE, **further}) != event_hash(BASE)


@pytest.mark.parametrize("space", ["https://ref.gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/"])
def test_the_web_vocabulary_is_one_wherever_it_is_said_to_stand(space: str) -> None:
    """Its address changed with the artefacts of 2.0.1: words and fields of both hash alike, in both formats."""
    fields = {"gs1:lot": {"gs1:note": "x"}, "sensorElementList": [{"sensorReport": [{"type": "Speed", "value": 1}]}]}
    event = {**BASE, **fields}
    given_words = {"sensorElementList": [{"sensorReport": [{"type": f"{space}Speed", "value": 1}]}]}
    moved = {**event, **given_words, "@context": {"gs1": space}}
    full = {**BASE, **given_words, f"{space}lot": {f"{space}note": "x"}}
    xml = (
        f'<ObjectEvent xmlns:v="{space}"><eventTime>{BASE["eventTime"]}</eventTime><eventTimeZoneOffset>+01:00'
        f"</eventTimeZoneOffset><epcList><epc>{BASE['epcList'][0]}</epc></epcList><action>OBSERVE</action>"
        f'<sensorElementList><sensorElement><sensorReport type="{space}Speed" value="1"/></sensorElement>'
        "</sensorElementList><v:lot><v:note>x</v:note></v:lot></ObjectEvent>"
    )
    contents = [(json.dumps(one).encode(), "application/json") for one in (event, moved, full)]
    contents.append((xml.encode(), "application/xml"))
    assert len({event_hash(read(*content).events[0]) for content in contents}) == 1
    assert read(*contents[1]).events[0] == read(*contents[2]).events[0]


def test_prefixes_are_only_names() -> None:
    """Two prefixes of one namespace hash alike; one prefix with two namespaces does not."""

    def of(prefix: str, space: str) -> bytes:
        return event_hash({**BASE, f"{prefix}:a": {f"{prefix}:b": [1, "2"]}, "@context": {prefix: space}})

    assert of("one", "https://e.example/") == of("two", "https://e.example/")
    assert of("one", "https://e.example/") != of("one", "https://f.example/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"epcList": "urn:epc:id:sscc:4012345.0000000333"},
        {"epcList": [1, None]},
        {"readPoint": "urn:epc:id:sgln:4012345.00001.0"},
        {"bizTransactionList": [1]},
        {"quantityList": {"epcClass": 1}},
        {"sensorElementList": [{"sensorReport": "x"}]},
        {"bizStep": 5},
        {"eventTime": None},
        {"certificationInfo": ["b", "a"]},
        {"@context": {}},
    ],
)
def test_wrong_shapes_are_hashed(wrong: Event) -> None:
    """What is not valid has a hash all the same: the validator refuses, not the hash."""
    assert len(event_hash({**BASE, **wrong})) == 32


@settings(max_examples=60)
@given(events(), st.randoms(use_true_random=False))
def test_order_does_not_matter(event: Event, chance: object) -> None:
    """Fields and unordered lists in another order give the same hash."""
    assert prehash(_shuffled(event, chance)) == prehash(event)


def _shuffled(value: object, chance: object) -> object:
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)  # type: ignore[attr-defined]
        return {name: _shuffled(value[name], chance) for name in names}
    if isinstance(value, list):
        items = [_shuffled(item, chance) for item in value]
        chance.shuffle(items)  # type: ignore[attr-defined]
        return items
    return value


def test_reference_implementation() -> None:
    """The public reference implementation gives the same hashes for events of everyday."""
    generator = pytest.importorskip("epcis_event_hash_generator.hash_generator")
    json_to_py = pytest.importorskip("epcis_event_hash_generator.json_to_py")
    content = everyday.document(list(everyday.events(60, seed=5)))
    ours = [hash_uri(event_hash(event)) for event in read(content, "application/json").events]
    theirs = generator.epcis_hashes_from_events(json_to_py.event_list_from_epcis_document_json(json.loads(content)))
    assert ours == theirs
