"""The event hash of CBV 2.0 against the public reference implementation, in one process, by CPU time.

    python -m bench.hashes [--quick]

Prints one JSON line: events per CPU-second with URN identifiers that are all different, with canonical identifiers,
from decoded JSON documents (standard form and hash), and of the reference (`epcis-event-hash-generator`), which begins
with decoded documents too. `hash_ratio` is the first to the last, `hash_document_ratio` the third to the last. The
hashes must be the same, event for event. Decoding the JSON is outside the clock on both sides.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from typing import Any

from bench.events import document, documents, events
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.hashing import event_hash, hash_uri
from takeback.prove.epcis.json_reading import document_of
from takeback.prove.epcis.reading import decode, read
from takeback.prove.epcis.spelling import LINK, spelled

Event = dict[str, Any]


def figures(count: int = 40_000, compared: int = 400) -> dict[str, float]:
    """Return the rates; `compared` events go through the reference."""
    urns = _standard(list(events(count, seed=7, items=count)))
    links = [spelled(event, LINK) for event in _standard(list(events(count, seed=8, items=count)))]
    reference = _reference(urns[:compared])
    fast, linked, whole = _rate(urns), _rate(links), _document_rate(count)
    return {
        "hash_eps": round(fast),
        "hash_canonical_eps": round(linked),
        "hash_document_eps": round(whole),
        "reference_eps": round(reference, 1),
        "hash_ratio": round(fast / reference, 1),
        "hash_document_ratio": round(whole / reference, 1),
    }


def _standard(given: list[Event]) -> list[Event]:
    return read(document(given), "application/json").events


def _rate(given: list[Event]) -> float:
    """Return events hashed in a CPU-second: each once, with what earlier events left in the caches."""
    gc.collect()
    gc.freeze()
    begin = time.process_time()
    for event in given:
        event_hash(event)
    spent = time.process_time() - begin
    gc.unfreeze()
    return len(given) / spent


def _document_rate(count: int) -> float:
    """Return events of decoded documents of 500, brought to standard form and hashed in a CPU-second."""
    decoded = [decode(content, "application/json") for content in documents(count, 500, seed=9, items=count)]
    gc.collect()
    gc.freeze()
    begin = time.process_time()
    for value in decoded:
        for event in document_of(value).events:
            event_hash(event)
    spent = time.process_time() - begin
    gc.unfreeze()
    return count / spent


def _reference(given: list[Event]) -> float:
    """Return the reference's events in a CPU-second; it has to give the same hashes."""
    from epcis_event_hash_generator import hash_generator, json_to_py

    whole = json.loads(
        document([{name: item for name, item in event.items() if name != "@context"} for event in given])
    )
    begin = time.process_time()
    plain = json_to_py.event_list_from_epcis_document_json(whole)
    hashes = hash_generator.epcis_hashes_from_events(plain)
    spent = time.process_time() - begin
    if [hash_uri(event_hash(event)) for event in given] != hashes:
        raise SystemExit("the reference gives other hashes")
    return len(given) / spent


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the events")
    count = 4_000 if parser.parse_args().quick else 40_000
    canonical_uri("urn:epc:id:sgtin:4012345.011111.1")
    print(json.dumps(figures(count, compared=count // 100)))


if __name__ == "__main__":
    main()
