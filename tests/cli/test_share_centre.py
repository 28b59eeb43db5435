"""`takeback share centre`: from an empty installation to a centre with records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from takeback.cli import run
from takeback.cli.session import database
from takeback.cli.share.whose import centre_of
from takeback.prove.checkpoint import LogKey
from takeback.share.centre.records import create
from takeback.share.centre.resources import Use
from takeback.store import embedded
from tests.store import servers


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home whose server runs during these tests."""
    folder = servers.new_home()
    with embedded.hold(folder):
        yield folder
    embedded.destroy(folder)


@pytest.fixture(autouse=True)
def _environment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TAKEBACK_DATABASE_URL", "TAKEBACK_OWNER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TAKEBACK_HOME", str(home))


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    assert run(["share", "centre", *arguments, "--json"]) == code
    printed = capsys.readouterr()
    return json.loads(printed.out or printed.err)


@pytest.fixture
def centre(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> str:
    """The short name of a new centre."""
    slug = request.node.name.strip("_").replace("_", "-")[:40].strip("-")
    owner = ("--owner", f"wei@{slug}.example", "--owner-name", "Wei Lan")
    assert _asked(capsys, "found", slug, "--name", "Centre", *owner)["password"]
    return slug


def test_a_record_is_put_moved_and_shown(centre: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a file says is recorded; each step has its entry of the ledger."""
    file = tmp_path / "member.json"
    file.write_text(json.dumps({"code": "E1", "name": "Voltray", "name_zh": "伏瑞", "sort": "enterprise"}))
    made = _asked(capsys, "records", "put", "member", str(file), "--centre", centre)
    _asked(capsys, "records", "move", made["id"], "left", "--reason", "sold", "--centre", centre)
    shown = _asked(capsys, "records", "show", made["id"], "--centre", centre)
    assert [(one["state"], one["why"]) for one in shown["history"]] == [("active", ""), ("left", "sold")]
    listed = _asked(capsys, "records", "list", "member", "--state", "left", "--centre", centre)
    assert [one["id"] for one in listed] == [made["id"]]
    assert [one["name"] for one in _asked(capsys, "people", "--centre", centre)] == ["Wei Lan"]


def test_a_use_and_an_adoption_are_led_to_a_result_and_what_leads_to_none_is_refused(
    centre: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link is a step of its history; a project is no result, and a member leads to none."""
    file = tmp_path / "facts.json"

    def put(kind: str, **facts: object) -> str:
        file.write_text(json.dumps(facts))
        made: str = _asked(capsys, "records", "put", kind, str(file), "--centre", centre)["id"]
        return made

    (wei,) = _asked(capsys, "people", "--centre", centre)
    member = put("member", code="E1", name="Voltray", name_zh="伏瑞", sort="enterprise")
    days = {"begins": "2026-03-01", "ends": "2027-02-28"}
    project = put("project", code="P-1", title="Grading", leader=wei["id"], member=member, budget=1, **days)
    due = put("deliverable", project=project, code="D1", title="Method", due="2026-09-01")
    used = put("adoption", project=project, title="Sorting line", user=member, since="2026-10-01", where="Line 2")
    opening = [{"weekday": 0, "opens": "08:00", "closes": "18:00"}]
    bench_id = put("resource", name="Bench", sort="equipment", member=member, opening=opening)
    bench = {"resource": bench_id, "booking": member, "project": project, "person": wei["id"], "minutes": 120}
    hours = {"begins": "2026-05-04T08:00:00Z", "ends": "2026-05-04T10:00:00Z"}
    with database(), centre_of(centre) as (connection, actor):  # a use follows from a booking alone
        facts = msgspec.convert({"title": "Bench", **bench, **hours}, Use, strict=False)
        use = str(create(connection, actor, "use", facts).id)
    for one in (used, use):
        linked = _asked(capsys, "records", "link", one, due, "--centre", centre)
        assert (linked["id"], linked["facts"]["result"], linked["version"]) == (one, due, 2)
    refused = _asked(capsys, "records", "link", used, project, "--centre", centre, code=1)
    assert refused["type"].endswith("no-result")
    assert _asked(capsys, "records", "link", member, due, "--centre", centre, code=1)["expected"]


def test_what_is_wrong_is_said_plainly(centre: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A kind that there is not, a field that is missing, a file that is not there, a state that cannot follow."""
    file = tmp_path / "member.json"
    file.write_text('{"code": "E1"}')
    assert _asked(capsys, "records", "list", "nothing", "--centre", centre, code=1)["type"].endswith("no-kind")
    bad = _asked(capsys, "records", "put", "member", str(file), "--centre", centre, code=1)
    assert (bad["where"], "name" in bad["found"]) == (str(file), True)
    _asked(capsys, "records", "put", "member", str(tmp_path / "none.json"), "--centre", centre, code=66)
    (record,) = _asked(capsys, "records", "list", "centre", "--centre", centre)
    assert _asked(capsys, "records", "move", record["id"], "cultivation", "--centre", centre, code=1)["remedy"]


def test_nothing_is_written_past_the_rules_of_the_other_doors(
    centre: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second university that leads, a value or a milestone without evidence: refused, and not recorded."""
    file = tmp_path / "facts.json"

    def put(kind: str, facts: dict[str, object], exits: int = 0) -> Any:
        file.write_text(json.dumps(facts))
        return _asked(capsys, "records", "put", kind, str(file), "--centre", centre, code=exits)

    lead = {"code": "U1", "name": "One", "name_zh": "大学", "sort": "university", "lead": True}
    member = put("member", lead)["id"]
    assert put("member", {**lead, "code": "U2"}, 1)["type"].endswith("other-leads")
    days = {"begins": "2026-03-01", "ends": "2027-12-31", "stage": "construction"}
    period = put("period", {**days, "code": "C", "name": "Stage", "name_zh": "建设期"})["id"]
    aim = {"period_id": period, "year": 2026, "due": "2026-09-30", "title": "Line", "title_zh": "线"}
    milestone = put("milestone", aim)["id"]
    assert put("milestone", {**aim, "year": 2031, "due": "2031-09-30"}, 1)["type"].endswith("bad-year")
    value = {"indicator_id": period, "code": "x", "year": 2026, "value": "1", "evidence": []}
    assert put("value", value, 1)["type"].endswith("written-elsewhere")
    for state, why in (("reached", "written-elsewhere"), ("missed", "no-reason")):
        refused = _asked(capsys, "records", "move", milestone, state, "--centre", centre, code=1)
        assert refused["type"].endswith(why)
    refused = _asked(capsys, "records", "move", member, "left", "--reason", "x", "--centre", centre, code=1)
    assert refused["type"].endswith("lead-stays")
    (told,) = _asked(capsys, "records", "list", "milestone", "--centre", centre)
    assert (told["state"], told["version"]) == ("planned", 1)


def test_a_list_goes_in_and_comes_out(centre: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list with a fault is refused whole and named; put right, it is entered once, and comes out as a file."""
    file = tmp_path / "members.csv"
    file.write_text("code,name,name_zh,Art\nE1,Voltray,伏瑞,enterprise\nE2,Quick,快篮,club\n", encoding="utf-8")
    command = ["import", "member", str(file), "--map", "Art=sort", "--centre", centre]
    refused = _asked(capsys, *command, code=1)
    assert (refused["entered"], refused["examined"]["good"], refused["examined"]["faults"][0]["row"]) == (0, 1, 3)
    file.write_text("code,name,name_zh,Art\nE1,Voltray,伏瑞,enterprise\nE2,Quick,快篮,institute\n", encoding="utf-8")
    assert _asked(capsys, *command, "--dry-run")["entered"] == 0
    assert _asked(capsys, *command)["entered"] == 2
    out = tmp_path / "out.json"
    _asked(capsys, "export", "member", str(out), "--as", "json", "--centre", centre)
    assert "Voltray" in out.read_text(encoding="utf-8")


def test_the_report_comes_in_both_languages(centre: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """PDF and Excel twice, and the data once."""
    made = _asked(capsys, "report", "--year", "2025", "--into", str(tmp_path / "r"), "--centre", centre)
    assert made["kind"] == "report"
    assert sorted(one.suffix for one in (tmp_path / "r").iterdir()) == [".json", ".pdf", ".pdf", ".xlsx", ".xlsx"]


def test_a_report_of_several_years_is_checked_without_a_database(
    centre: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of an evaluation names its years; its data hold under the log's key, and not once a figure is changed."""
    asked = ("report", "--sort", "evaluation", "--first", "2026", "--year", "2027", "--into", str(tmp_path))
    made = _asked(capsys, *asked, "--centre", centre)
    assert (made["facts"]["sort"], made["facts"]["year"]) == ("evaluation", 2027)
    (data,) = tmp_path.glob("*-evaluation-*.json")
    key = LogKey.kept_in(home).verifier
    monkeypatch.setenv("TAKEBACK_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    assert _asked(capsys, "check", str(data), "--key", key)["findings"] == []
    said = json.loads(data.read_text(encoding="utf-8"))
    said["figures"].append({"code": "results.papers", "value": 7, "evidence": []})
    data.write_text(json.dumps(said), encoding="utf-8")
    assert _asked(capsys, "check", str(data), "--key", key, code=1)["findings"] == ["results.papers: rests on nothing"]
    data.write_text("no report", encoding="utf-8")
    assert _asked(capsys, "check", str(data), "--key", key, code=1)["findings"]
    assert _asked(capsys, "check", str(data), "--key", "none", code=1)["type"].endswith("bad-verifier")


def test_centres_stand_side_by_side_in_a_file(centre: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As PDF and as data; one centre alone, or one that there is not, is refused."""
    other = f"{centre[:30]}-b"
    _asked(capsys, "found", other, "--name", "B", "--owner", "b@b.example", "--owner-name", "Bo Lan")
    both = ("--centre", centre, "--centre", other, "--year", "2026")
    assert _asked(capsys, "compare", str(tmp_path / "a.pdf"), *both, "--language", "zh_Hans")["figures"] > 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    _asked(capsys, "compare", str(tmp_path / "a.json"), "--as", "json", *both)
    (lines,) = json.loads((tmp_path / "a.json").read_text(encoding="utf-8")).values()
    assert {centre, other} <= {*lines[0]}
    alone = _asked(capsys, "compare", str(tmp_path / "b.pdf"), "--centre", centre, "--year", "2026", code=1)
    assert alone["type"].endswith("bad-comparison")
    assert not (tmp_path / "b.pdf").exists()


def test_a_credential_is_checked_without_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is none is told as such, with exit code 2; no server is asked."""
    monkeypatch.setenv("TAKEBACK_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    file = tmp_path / "credential.json"
    file.write_text("{}")
    assert _asked(capsys, "credential", str(file), "--key", "did:key:z6Mk", code=2)["problems"]
