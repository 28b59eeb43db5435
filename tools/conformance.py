"""Write docs/reference/conformance.md: public suites run against the validator, the event hash and the Merkle proofs.

    python tools/conformance.py            rewrite the page
    python tools/conformance.py --check    exit with 1 if it is not what the suites say

The suites lie in the folder of reference data (TAKEBACK_DATA, else `shared/data` beside the checkout).
"""

# ruff: noqa: T201 -- a command speaks by printing
from __future__ import annotations

import argparse
import base64
import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "conformance.md"
MADE = "<!-- Made by `python tools/conformance.py` from the public suites; do not edit. -->"
NOW = datetime(2026, 11, 25, tzinfo=UTC)  # a fixed clock: a page that is made again is the same page
MUTATIONS = 3000


@dataclass(slots=True)
class Suite:
    """What one suite gave: cases, those that came out as they say, and the others with the clause that explains."""

    name: str
    source: str
    cases: int = 0
    passed: int = 0
    exceptions: dict[str, str] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    def count(self, passed: bool, case: str, clauses: dict[str, str]) -> None:
        """Count a case; one that did not pass is explained by a clause, or it is not."""
        self.cases += 1
        self.passed += passed
        if not passed and case in clauses:
            self.exceptions[case] = clauses[case]
        elif not passed:
            self.unexplained.append(case)


DOCUMENTS = {
    "JSON-simple-context/Example-TransactionEvents-2020_07_03y.jsonld": "EPCIS 2.0, 14.7: sourceList and "
    "destinationList are arrays; here they are objects. GS1's own schema refuses the file, too.",
    "JSON-simple-context/PersistentDisposition-example.jsonld": "EPCIS 2.0, 14.7: an event is named by eventID, not by "
    "id. GS1's own schema refuses the file, too.",
    "XML/WithEventHashID/event_with_identical_hash_id_7.json": "EPCIS 2.0, 10.2: in JSON the words of the CBV are "
    "bare; the file has the URNs of the XML binding. GS1's own schema refuses it, too. It is read and hashed all the "
    "same.",
}
TWINS = {
    "PersistentDisposition-example.jsonld": "Two different documents under one name: an ObjectEvent in one folder, an "
    "AggregationEvent in the other.",
}
DAMAGED = {
    f"{name}, line {line + 1}": "CBV 2.0, 8.9: the hash is the SHA-256 of the pre-hash string, but the published line "
    "does not hash to the published value."
    for name, line in (
        ("epcisDocWithAllGS1Keys", 0),
        ("epcisDocWithCustomSchemaInContext", 1),
        ("epcisDocWithDefaultSchemaInContext", 1),
    )
}
DIFFERENCES = (
    (("sensorReport", "required"), '"type" is a required', "a sensor report with an exception and without a type",
     "EPCIS 2.0, 7.3.7.1.2: an exception is required if there is no type, so type is optional beside one; the XML "
     "schema and the SHACL shapes leave it optional as well."),
    (("propertyNames", "anyOf"), '"persistentDisposition"', "persistentDisposition in an AggregationEvent, "
     "AssociationEvent or TransactionEvent", "CBV 2.0, 7.2.3 names it for an AggregationEvent (completeness_inferred, "
     "completeness_verified), JSON Schema 2.0.1, the ratified one, has it in the other two, and the XML schema in all; "
     "the draft in the repository has not."),
    (("id", "format"), '"_:', "a document with a blank node as its id",
     "JSON-LD 1.1, 3.3: a node is named by an IRI or by a blank node identifier; GS1's examples of the simple context "
     "do so."),
)  # fmt: skip


def data() -> Path:
    """Return the folder of reference data."""
    return Path(os.environ.get("TAKEBACK_DATA") or ROOT.parent / "shared" / "data") / "prove"


def page() -> str:
    """Return the page."""
    suites = [*documents(), twins(), *round_trips(), *hashes(), equality(), merkle()]
    suites += [json_mutations(), *xml_mutations()]
    rows = [f"| {s.name} | {s.source} | {s.cases:,} | {s.passed:,} | {_others(s)} |" for s in suites]
    parts = [
        f"# Conformance\n\n{MADE}\n\n{INTRODUCTION}\n",
        "| Suite | Source | Cases | As they say | Otherwise |\n|---|---|---:|---:|---|\n" + "\n".join(rows),
        "\n## Exceptions\n",
        *[f"- **{s.name}**, `{case}`: {why}" for s in suites for case, why in s.exceptions.items()],
        "\n## Where GS1's JSON Schema and the standard differ\n",
        "GS1's schema refuses these, Takeback takes them; nothing is refused that GS1's schema takes.\n",
        *[f"- {what}. {why}" for _, _, what, why in DIFFERENCES],
        f"\n{STRICTER}\n",
        rules(),
    ]
    unexplained = [f"- {s.name}: {case}" for s in suites for case in s.unexplained]
    return "\n".join([*parts, *(["\n## Not explained\n", *unexplained] if unexplained else [])]).rstrip() + "\n"


INTRODUCTION = """Public test suites, run against this version. The suites are not part of Takeback; the page is made
again by `python tools/conformance.py` where they lie beside the checkout, and a test compares. Any folder of valid and
invalid documents is run by `takeback prove conformance DIR`, a file is checked by `takeback prove validate FILE`.

A document counts as accepted when stages 1 (schema) and 2 (semantics) of the validator find no error. Stage 3 (life
cycle) refuses nothing: its findings are stored with the event."""
STRICTER = """## Where Takeback is stricter than the schemas

Stage 2 refuses what the schemas cannot see: EPC URNs that their scheme does not allow and wrong check digits (EPC Tag
Data Standard, GS1 General Specifications 7.9), classes in place of things and things in place of classes (EPCIS 2.0,
7.3.3), an aggregation that is made or ended without a parent and an object event about nothing (7.4), units without
quantities and broken counts (7.3.3.3), events more than a day in the future (7.3.4), a disposition that is set and
unset at once (7.3.6), words that claim to be of the CBV and are not (CBV 2.0, 5.1). What the standard only advises is a
warning."""


def rules() -> str:
    """Return the table of all rules with stage, what breaking them means, and clause."""
    from takeback.prove.epcis.validation.rules import RULES, stage_of

    means = {"error": "refuses", "warning": "warns"}
    rows = [
        f"| `{name}` | {stage_of(name)} | {'stored' if stage_of(name) == 3 else means[rule.severity]} | {rule.clause} |"
        for name, rule in RULES.items()
    ]
    return "\n".join(["## Rules\n", "| Rule | Stage | Breaking it | Clause |\n|---|---:|---|---|", *rows])


def _others(suite: Suite) -> str:
    told = [f"{len(suite.exceptions)} explained below"] if suite.exceptions else []
    told += [f"{len(suite.unexplained)} not explained"] if suite.unexplained else []
    return ", ".join(told) or "-"


def documents() -> Iterator[Suite]:
    """Yield the documents of GS1's repository, by folder."""
    from takeback.prove.epcis.validation.conformance import run

    names = {"JSON": "full context", "JSON-simple-context": "simple context", "JSON-Schema": "of the schema", "XML": ""}
    for folder, words in names.items():
        suite = Suite(f"EPCIS 2.0 documents{', ' + words if words else ' in XML'}", f"gs1/EPCIS: {folder}")
        for case in run(data() / "gs1-epcis" / folder, now=NOW):
            if case is not None:
                suite.count(case.passed, f"{folder}/{case.suite}/{case.name}".replace("/./", "/"), DOCUMENTS)
        yield suite


def _read(path: Path) -> Any:
    from takeback.prove.epcis.reading import read

    return read(path.read_bytes(), "application/xml" if path.suffix == ".xml" else "application/ld+json")


def _digests(document: Any) -> list[bytes]:
    from takeback.prove.epcis.hashing import event_hash

    return [event_hash(event, document.ignored) for event in document.events]


def twins() -> Suite:
    """Return the documents that stand in both contexts: their events hash alike."""
    suite = Suite("Same hash in both contexts", "gs1/EPCIS: JSON, JSON-simple-context")
    simple = data() / "gs1-epcis" / "JSON-simple-context"
    for path in sorted(simple.rglob("*.jsonld")):
        twin = data() / "gs1-epcis" / "JSON" / path.relative_to(simple)
        suite.count(_digests(_read(path)) == _digests(_read(twin)), path.name, TWINS)
    return suite


def round_trips() -> Iterator[Suite]:
    """Yield what comes back after a document was read and written: valid, with the same hashes."""
    from takeback.prove.epcis import writing
    from takeback.prove.epcis.validation.check import check_content
    from takeback.prove.epcis.validation.finding import has_errors

    def as_json(document: Any) -> bytes:
        return msgspec.json.encode(writing.json_document(document.events, about=document))

    def as_xml(document: Any) -> bytes:
        return writing.xml_document(document.events, about=document)

    for name, write, kind in (("JSON", as_json, "application/json"), ("XML", as_xml, "application/xml")):
        suite = Suite(f"Round trip through {name}", "gs1/EPCIS: JSON")
        for path in sorted((data() / "gs1-epcis" / "JSON").rglob("*.jsonld")):
            content = write(_read(path))
            same = _same(path, content, kind) and not has_errors(check_content(content, kind, now=NOW))
            suite.count(same, path.name, {})
        yield suite


def _same(path: Path, content: bytes, kind: str) -> bool:
    from takeback.prove.epcis.reading import read

    return _digests(read(content, kind)) == _digests(_read(path))


def hashes() -> Iterator[Suite]:
    """Yield the published hashes and pre-hash strings."""
    from takeback.prove.epcis.hashing import hash_uri, prehash

    source = "RalphTro/epcis-event-hash-generator: tests/examples"
    met, texts = Suite("Event hashes", source), Suite("Pre-hash strings", source)
    done: set[tuple[str, int]] = set()
    folder = data() / "epcis-event-hash-vectors" / "tests" / "examples"
    for path in sorted([*folder.glob("*.jsonld"), *folder.glob("*.xml")]):
        document = _read(path)
        found = [hash_uri(digest) for digest in _digests(document)]
        published, lines = _lines(path.with_suffix(".hashes")), _lines(path.with_suffix(".prehashes"))
        for number, one in enumerate(published):
            if (path.stem, number) not in done:
                met.count(found[number : number + 1] == [one], f"{path.stem}, line {number + 1}", {})
            done.add((path.stem, number))
        if path.suffix == ".jsonld" or not path.with_suffix(".jsonld").exists():
            for number, (event, text) in enumerate(zip(document.events, lines, strict=False)):
                same = prehash(event, document.ignored) == text
                intact = sha256(text.encode()).hexdigest() in published[number]
                texts.count(same and intact, f"{path.stem}, line {number + 1}", DAMAGED)
    yield from (met, texts)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().split("\n") if line] if path.exists() else []


def equality() -> Suite:
    """Return the files whose events hash alike."""
    suite = Suite("Files of equal events", "RalphTro/epcis-event-hash-generator: tests/expected_equal")
    for path in sorted((data() / "epcis-event-hash-vectors" / "tests" / "expected_equal").iterdir()):
        suite.count(len(set(_digests(_read(path)))) == 1, path.name, {})
    return suite


def merkle() -> Suite:
    """Return the inclusion and consistency proofs of RFC 6962 trees, most of them to be refused."""
    from takeback.prove.merkle import consistent, root_from_inclusion

    suite = Suite("Merkle proofs", "transparency-dev/merkle: testdata")
    for path in sorted((data() / "merkle").rglob("*.json")):
        v = json.loads(path.read_text())
        proof = [base64.b64decode(step) for step in v["proof"] or []]
        if "leafIdx" in v:
            root = root_from_inclusion(
                int(v["leafIdx"]), int(v["treeSize"]), base64.b64decode(v["leafHash"] or ""), proof
            )
            holds = root == base64.b64decode(v["root"] or "")
        else:
            one, two = (base64.b64decode(v[name] or "") for name in ("root1", "root2"))
            holds = consistent(int(v["size1"]), int(v["size2"]), one, two, proof)
        suite.count(holds is not v["wantErr"], path.name, {})
    return suite


def json_mutations() -> Suite:
    """Return how changed documents are judged beside GS1's JSON Schema; explained differences count as the same."""
    import jsonschema_rs

    from takeback.prove.epcis.validation.schema import check_document
    from tests.prove.epcis.validation.documents import gs1_schema, mutated, valid_documents

    theirs = jsonschema_rs.Draft7Validator(gs1_schema(), validate_formats=True)
    choose = random.Random("conformance")  # noqa: S311 -- the same page again
    originals = [document for _, document in valid_documents()]
    suite = Suite("Changed documents, judged as by GS1's JSON Schema", "gs1/EPCIS: EPCIS-JSON-Schema.json")
    for number in range(MUTATIONS):
        document = mutated(choose.choice(originals), choose)
        accepted, refused = not check_document(document), list(theirs.iter_errors(document))
        explained = accepted and all(map(_is_explained, refused))
        suite.count(accepted == (not refused) or explained, f"change {number}", {})
    return suite


def _is_explained(error: Any) -> bool:
    path = tuple(str(step) for step in error.schema_path)
    return any(path[-len(end) :] == end and error.message.startswith(start) for end, start, _, _ in DIFFERENCES)


def xml_mutations() -> Iterator[Suite]:
    """Yield how changed documents are judged beside GS1's XML schemas."""
    from takeback.prove.epcis.validation.xml_check import xml_schema
    from takeback.prove.epcis.validation.xml_header import check_header
    from tests.prove.epcis.validation.xml_documents import changed, gs1_xml_schema, originals

    for name in ("epcis", "epcis-query"):
        theirs, ours = gs1_xml_schema(name), xml_schema(2, f"urn:epcglobal:{name}:xsd:2")
        choose, roots = random.Random(f"conformance {name}"), originals(name)  # noqa: S311
        suite = Suite("Changed documents, judged as by GS1's XML schema", f"gs1/EPCIS: XSD/EPCglobal-{name}-2_0.xsd")
        for number in range(MUTATIONS):
            root = changed(choose.choice(roots), choose)
            accepted = ours.validate(root) and not list(check_header(root))
            suite.count(accepted == theirs.validate(root), f"change {number}", {})
        yield suite


def main() -> int:
    """Write or check the page; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    checking = parser.parse_args().check
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if checking:
        print("docs/reference/conformance.md is not what the suites say: run `python tools/conformance.py`")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    print("docs/reference/conformance.md is rewritten")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
