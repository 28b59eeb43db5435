"""Files and folders: every form is read, all stages run, and verdicts are counted as names say."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from takeback.cli import run
from takeback.core.problem import Problem
from takeback.prove.epcis.validation.check import check_content
from takeback.prove.epcis.validation.conformance import run as run_folder
from takeback.prove.epcis.validation.conformance import says_valid
from takeback.prove.epcis.validation.files import check_file
from tests.prove.epcis.validation.documents import mutated, valid_documents
from tests.prove.epcis.validation.events import CELL, NOW, event
from tests.prove.epcis.validation.xml_documents import DOCUMENT, EVENT

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def document(*events: dict[str, Any], kind: str = "EPCISDocument") -> dict[str, Any]:
    made = {"@context": CONTEXT, "type": kind, "schemaVersion": "2.0", "creationDate": "2026-11-25T10:00:00Z"}
    if kind == "EPCISDocument":
        return {**made, "epcisBody": {"eventList": list(events)}}
    results = {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": list(events)}}
    return {**made, "epcisBody": {"queryResults": results}}


def single(**changes: object) -> dict[str, Any]:
    return {"@context": CONTEXT, **event(**changes)}


def found(content: Any, media_type: str = "application/json") -> list[tuple[int, str, str]]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return [(f.stage, f.rule, f.where) for f in check_content(body, media_type, now=NOW)]


BAD_EPC = ["urn:epc:id:sgtin:1.1.1"]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (document(event(), event(epcList=BAD_EPC)), "/epcisBody/eventList/1/epcList/0"),
        (
            document(event(epcList=BAD_EPC), kind="EPCISQueryDocument"),
            "/epcisBody/queryResults/resultsBody/eventList/0/epcList/0",
        ),
        (single(epcList=BAD_EPC), "/epcList/0"),
        ([event(), event(epcList=BAD_EPC)], "/1/epcList/0"),
        ([document(event()), single(epcList=BAD_EPC)], "/1/epcList/0"),
    ],
)
def test_a_place_is_told_in_every_form(content: Any, where: str) -> None:
    """Documents, query documents, single events and arrays: the pointer leads to the value."""
    assert found(content) == [(2, "what.epc", where)]


def test_stages_follow_each_other() -> None:
    """An event that fails stage 1 is not looked at further; its neighbours are; stage 3 waits for whole documents."""
    end, after = event(action="DELETE", bizStep="destroying"), event(eventTime="2026-04-03T21:00:00Z")
    assert [stage for stage, _, _ in found(document(event(), end, after))] == [3]
    wrong = found(document(event(action="x", epcList=BAD_EPC), event(epcList=BAD_EPC), end, after))
    assert [(stage, where) for stage, _, where in wrong] == [
        (1, "/epcisBody/eventList/0/action"),
        (2, "/epcisBody/eventList/1/epcList/0"),
    ]


def test_queries_are_checked_as_queries() -> None:
    """A named query is judged by the query language, not by the schema of events."""
    assert found({"name": "q", "query": {"eventType": ["ObjectEvent"], "perPage": 5}}) == []
    assert [rule for _, rule, _ in found({"query": {"EQ_nothing": ["x"]}})] == ["json.query"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b'{"a": 1,}', "application/json"),
        (b"", "application/json"),
        (b"<a>", "text/xml"),
        (b"\xff\xfe\x00", "text/xml"),
    ],
)
def test_what_cannot_be_decoded_is_a_finding(content: bytes, media_type: str) -> None:
    """Broken JSON and XML are told like everything else."""
    assert [rule for _, rule, _ in found(content, media_type)] == ["json.unreadable"]


def test_files_of_every_kind(tmp_path: Path) -> None:
    """JSON, XML, events one a line, packed or not, are told apart by name and content."""
    bad = single(epcList=BAD_EPC)
    (tmp_path / "a.jsonld").write_text(json.dumps(bad))
    (tmp_path / "b.xml").write_text(DOCUMENT.format(version=2, events=EVENT.replace("011111", "01111")))
    (tmp_path / "c.ndjson.gz").write_bytes(gzip.compress(f"{json.dumps(single())}\n\n{json.dumps(bad)}\n".encode()))
    (tmp_path / "d").write_text((tmp_path / "b.xml").read_text())
    places = {path.name: [f.where for f in check_file(path, now=NOW)] for path in sorted(tmp_path.iterdir())}
    assert places == {
        "a.jsonld": ["/epcList/0"],
        "b.xml": ["/epcisBody/eventList/0/epcList/0"],
        "c.ndjson.gz": ["line 3: /epcList/0"],
        "d": ["/epcisBody/eventList/0/epcList/0"],
    }


def test_lines_and_arrays_need_no_context_and_see_each_other(tmp_path: Path) -> None:
    """Events without a document are taken as events of one: life cycle included."""
    lived = [event(action="DELETE", bizStep="destroying"), event(eventTime="2026-04-03T21:00:00Z")]
    expected = ["lifecycle.unknown-item", "lifecycle.after-end"]
    assert [rule for _, rule, _ in found(lived)] == expected
    (tmp_path / "a.ndjson").write_text("".join(f"{json.dumps(one)}\n" for one in lived) + "{\n")
    told = [(f.rule, f.where) for f in check_file(tmp_path / "a.ndjson", now=NOW)]
    assert told == [
        ("json.unreadable", "line 3: line 2, column 1"),
        ("lifecycle.unknown-item", "line 1: /"),
        ("lifecycle.after-end", "line 2: /"),
    ]


def test_a_file_that_is_not_there_or_cut_off_is_a_problem(tmp_path: Path) -> None:
    """The name is told, and what to do."""
    (tmp_path / "cut.json.gz").write_bytes(gzip.compress(b"{}" * 1000)[:20])
    for name in ("absent.json", "cut.json.gz"):
        with pytest.raises(Problem) as caught:
            list(check_file(tmp_path / name, now=NOW))
        assert caught.value.where == str(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("json/valid/a.json", True),
        ("json/invalid/a.json", False),
        ("ObjectEventWrongAction.json", False),
        ("object_event-with-BAD_time.xml", False),
        ("WithErrorDeclaration/a.json", True),
        ("badge/failover.json", True),
        ("not-valid/x.json", False),
        ("fails.json", False),
    ],
)
def test_names_say_what_is_valid(name: str, valid: bool) -> None:
    """Words count, not letters: `invalid`, `fail`, `bad` and `wrong`, in folders, files and camel case."""
    assert says_valid(Path(name)) == valid


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A suite with a document of each verdict, rightly and wrongly named, and a file that is no document."""
    cases = {
        "valid/right.json": document(event()),
        "valid/refused.json": document(event(action="x")),
        "invalid/right.json": document(event(epcList=BAD_EPC)),
        "invalid/accepted.json": document(event()),
        "schema.json": {"$schema": "x", "type": "object"},
    }
    for name, content in cases.items():
        path = tmp_path / "suite" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    return tmp_path / "suite"


def test_a_folder_is_a_suite(folder: Path) -> None:
    """Four cases, two of them judged as their names say; a schema is no case."""
    cases = list(run_folder(folder, now=NOW))
    judged = {f"{case.suite}/{case.name}": case.passed for case in cases if case}
    assert judged == {
        "valid/right.json": True,
        "valid/refused.json": False,
        "invalid/right.json": True,
        "invalid/accepted.json": False,
    }
    assert cases.count(None) == 1


def test_the_conformance_command_counts_and_gives_reasons(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People read counts, mismatches and reasons; programs the same as JSON; the exit code says that some differ."""
    assert run(["prove", "conformance", str(folder)]) == 1
    text = capsys.readouterr().out
    assert "2 of 4 documents are judged as their names say; 1 other files." in text
    assert "invalid/accepted.json: accepted, but said to be invalid" in text
    assert 'valid/refused.json: refused\n  /epcisBody/eventList/0/action: "x" is not an action' in text
    assert run(["prove", "conformance", str(folder), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["cases"], data["passed"], data["not_documents"]) == (4, 2, 1)
    assert {case["name"] for case in data["mismatches"]} == {"refused.json", "accepted.json"}
    assert data["suites"][0] == {"suite": "invalid", "cases": 2, "valid": 0, "accepted": 1, "passed": 1}


def test_the_validate_command_says_place_clause_and_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors end with exit code 1, warnings alone and right files with 0."""
    right, warned, wrong = (tmp_path / f"{name}.json" for name in ("right", "warned", "wrong"))
    right.write_text(json.dumps(document(event())))
    warned.write_text(json.dumps(document(event("AggregationEvent", childEPCs=[f"{CELL}1", f"{CELL}1"]))))
    wrong.write_text(json.dumps(document(event(bizStep="urn:epcglobal:cbv:bizstep:shipping"))))
    assert run(["prove", "validate", str(right), str(warned)]) == 0
    assert "2 files: 0 errors, 1 warnings." in capsys.readouterr().out
    assert run(["prove", "validate", str(wrong)]) == 1
    text = capsys.readouterr().out
    assert "/epcisBody/eventList/0/bizStep" in text and "CBV 2.0, 7.1" in text
    assert 'In JSON write bizStep: "shipping"' in text
    assert run(["prove", "validate", str(wrong), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["errors"] == 1 and data["findings"][0]["rule"] == "schema.biz-step"


def test_no_content_whatsoever_is_a_crash() -> None:
    """Thousands of changed documents, some with broken bytes: each gives findings that can be told, never an error."""
    choose = random.Random("contents")
    originals = [content for _, content in valid_documents()]
    for _ in range(1500):
        content = bytearray(json.dumps(mutated(choose.choice(originals), choose)).encode())
        if choose.random() < 0.2:
            content[choose.randrange(len(content))] = choose.randrange(256)
        for finding in check_content(bytes(content), "application/json", now=NOW):
            assert finding.to_dict()["message"] and finding.as_text()
