"""Imports over HTTP: the console's four steps, the interface for programs, and what neither lets through."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate import identity
from takeback.operate.imports import jobs as handlers
from takeback.operate.imports import uploads
from takeback.store import jobs
from tests.support.desk import furnish
from tests.support.people import MARK, People
from tests.web.conftest import Client, problem

GOOD = "order,product,serial,mass (kg),date,site\nR-1,LAMP,A1,0.41,2026-11-20T10:00:00+08:00,WH-1\n"
BAD = GOOD + "R-2,LAMP,A2,-1,2026-11-20T10:00:00+08:00,WH-1\n"


@pytest.fixture(autouse=True)
def home(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder for the uploads, and a catalogue in Alice's organisation."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    furnish(people.alice.actor)
    return tmp_path


def _send(client: Client, text: str = GOOD, name: str = "returns.csv", **fields: str) -> Any:
    data = {"subject": "returns", **fields}
    return client.post("/api/v1/imports", data=data, files={"file": (name, text.encode(), "text/csv")})


def _orders(people: People) -> int:
    with store.transaction(people.alice.org_id) as connection:
        return int(connection.scalar(sa.text("select count(*) from takeback_order")) or 0)


def _files(home: Path) -> list[Path]:
    return sorted(uploads.folder(home).iterdir())


def test_a_program_uploads_looks_and_commits(alice: Client, people: People, home: Path) -> None:
    """An upload is examined at once and changes nothing; the commit writes it and removes the file."""
    sent = _send(alice)
    assert sent.status_code == 201, sent.text
    found = sent.json()
    assert (found["state"], found["rows"], found["report"]["good"], found["encoding"]) == ("examined", 1, 1, "UTF-8")
    assert found["guesses"] == {
        "order": "order", "product": "product", "serial": "serial", "mass (kg)": "mass", "date": "ordered_at",
        "site": "site",
    }  # fmt: skip
    assert _orders(people) == 0
    (kept,) = _files(home)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    done = alice.post(f"/api/v1/imports/{found['id']}/commit", json={})
    assert (done.status_code, done.json()["state"], done.json()["written"]) == (200, "imported", 1)
    assert _orders(people) == 1
    assert _files(home) == []
    assert [line["id"] for line in alice.get("/api/v1/imports").json()] == [found["id"]]


def test_bad_rows_are_told_and_can_be_left_out(alice: Client, people: People) -> None:
    """`all` is refused with the rows that are wrong, in the caller's language; `good` writes the others."""
    found = _send(alice, BAD).json()
    (error,) = found["report"]["errors"]
    assert (error["row"], error["column"], error["kind"], error["found"]) == (3, "mass (kg)", "import.negative", "-1")
    refused = problem(
        alice.post(f"/api/v1/imports/{found['id']}/commit", json={"which": "all"}), 422, "import.not-clean"
    )
    assert refused["errors"][0]["where"] == "row 3, column mass (kg)"
    assert _orders(people) == 0
    done = alice.post(f"/api/v1/imports/{found['id']}/commit", json={"which": "good"}).json()
    assert (done["accepted"], done["refused"], _orders(people)) == (1, 1, 1)


def test_the_same_file_is_imported_once(alice: Client, people: People, home: Path) -> None:
    """The same bytes as the same subject are refused, whether they are uploaded or committed again."""
    first = _send(alice).json()
    second = _send(alice, name="again.csv").json()
    assert alice.post(f"/api/v1/imports/{first['id']}/commit", json={}).status_code == 200
    for again in (first, second):
        problem(alice.post(f"/api/v1/imports/{again['id']}/commit", json={}), 409, "import.already-imported")
    problem(_send(alice), 409, "import.already-imported")
    assert _orders(people) == 1
    assert [path.name for path in _files(home)] == [f"{second['id']}.file"]


def test_a_wrong_header_keeps_nothing(alice: Client, home: Path) -> None:
    """A program that sends other columns gets their names and the expected ones; no file and no row stay."""
    body = problem(_send(alice, "ordr,thing\n1,2\n"), 422, "import.bad-header")
    assert body["found"] == "ordr, thing"
    assert {error["type"].rpartition(".")[2] for error in body["errors"]} == {"missing-column"}
    assert _files(home) == []
    assert alice.get("/api/v1/imports").json() == []


def test_other_choices_are_examined_again(alice: Client) -> None:
    """A mapping that is corrected is examined once more."""
    text = "Nummer,product,serial,site\nR-1,LAMP,A1,WH-1\n"
    mapping = '{"Nummer": "order", "product": "product", "serial": "serial"}'
    found = _send(alice, text, mapping=mapping, site="WH-2").json()
    assert found["state"] == "examined"
    other = {"mapping": {"Nummer": "order", "product": "product", "serial": "serial", "site": "site"}}
    again = alice.post(f"/api/v1/imports/{found['id']}/examine", json=other).json()
    assert again["report"]["preview_columns"] == ["order", "product", "serial", "site"]


def test_a_file_is_forgotten(alice: Client, home: Path) -> None:
    """DELETE removes file and row of what was not imported."""
    found = _send(alice).json()
    assert alice.delete(f"/api/v1/imports/{found['id']}").status_code == 204
    problem(alice.get(f"/api/v1/imports/{found['id']}"), 404, "import.unknown")
    assert _files(home) == []


def test_what_is_too_large_is_refused_before_it_is_read(
    alice: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3 GB by the request's own length: 413 with the limit, and not one byte of the body is asked for."""
    monkeypatch.setenv("TAKEBACK_UPLOAD_LIMIT", "1 GB")

    def body() -> Any:
        raise AssertionError("the body was read")
        yield b""

    headers = {"content-length": "3000000000", "content-type": "multipart/form-data; boundary=x"}
    for path in ("/api/v1/imports", "/import"):
        answer = alice.post(path, content=body(), headers={**headers, "accept": "application/json"})
        told = problem(answer, 413, "import.too-large")
        assert told["expected"] == "at most 1\N{NARROW NO-BREAK SPACE}000.0 MB"
    assert _files(home) == []


def test_a_body_that_grows_beyond_the_limit_is_cut_off(
    alice: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a length the bytes are counted while they come; what was received is removed."""
    monkeypatch.setenv("TAKEBACK_UPLOAD_LIMIT", "3 MB")
    head = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'

    def body() -> Any:
        yield head
        for _ in range(100):
            yield b"a" * 100_000

    answer = alice.post("/api/v1/imports", content=body(), headers={"content-type": "multipart/form-data; boundary=x"})
    problem(answer, 413, "import.too-large")
    assert _files(home) == []


def test_a_full_disk(alice: Client, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up is told as 507, and nothing of the file stays."""

    def full(_file: int, _bytes: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.os, "write", full)
    problem(_send(alice), 507, "import.disk-full")
    assert _files(home) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "request.bad-form"),
        (b"--x--\r\n", "import.no-file"),
        (b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nhalf', "request.bad-form"),
        (b"--x\r\nnonsense\r\n\r\n\r\n--x--\r\n", "request.bad-form"),
    ],
)
def test_a_broken_form(alice: Client, home: Path, content: bytes, kind: str) -> None:
    """A form that is cut off or is none at all is told, and nothing stays."""
    answer = alice.post("/api/v1/imports", content=content, headers={"content-type": "multipart/form-data; boundary=x"})
    problem(answer, 400, kind)
    assert _files(home) == []


def test_the_form_of_another_site_is_refused(alice: Client, home: Path) -> None:
    """The token is checked before a byte of the file is kept, in the header or in the form before the file."""
    token = alice.headers.pop("x-csrftoken")
    files = {"file": ("returns.csv", GOOD.encode(), "text/csv")}
    for path in ("/import", "/api/v1/imports"):
        without = alice.post(path, data={"kind": "returns"}, files=files, headers={"accept": "application/json"})
        problem(without, 403, "request.bad-token")
    assert _files(home) == []
    fields = {"_csrf_token": token, "kind": "returns"}
    sent = alice.post("/import", data=fields, files=files, follow_redirects=False)
    assert sent.status_code == 303, sent.text


def test_the_four_steps_of_the_console(alice: Client, people: People) -> None:
    """Choose, match, look at the dry run, write: each step shows what the next one needs."""
    start = alice.get("/import")
    assert 'value="collections"' in start.text
    files = {"file": ("C:\\exports\\退货.csv", BAD.encode("gb18030"), "text/csv")}
    sent = alice.post("/import", data={"kind": "returns"}, files=files, follow_redirects=False)
    address = sent.headers["location"]
    mapping = alice.get(address)
    assert "退货.csv" in mapping.text
    assert "exports" not in mapping.text
    fields = {
        f"column-{n}": field for n, field in enumerate(["order", "product", "serial", "mass", "ordered_at", "site"])
    }
    examined = alice.post(f"{address}/mapping", data=fields, follow_redirects=False)
    assert examined.status_code == 303, examined.text
    report = alice.get(address)
    assert "at least 1 g" in report.text
    assert _orders(people) == 0
    csv = alice.get(f"{address}/errors.csv")
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert "3,mass (kg),Mass: this is negative.,-1,at least 1 g," in csv.text
    assert alice.get(f"{address}/mapping").text.count('<select name="column-') == 6
    written = alice.post(f"{address}/commit", data={"which": "good"}, follow_redirects=False)
    assert written.status_code == 303, written.text
    assert "1 row is written." in alice.get(address).text
    assert _orders(people) == 1
    assert "退货.csv" in alice.get("/import").text


def test_found_values_are_no_formulas(alice: Client) -> None:
    """What stands in a stranger's file cannot run in the spreadsheet of whoever opens the list of errors."""
    found = _send(alice, GOOD.replace("0.41", "=cmd|' /C calc'!A0"))
    lines = alice.get(f"/import/{found.json()['id']}/errors.csv").text
    assert ",'=cmd" in lines


def test_large_files_become_jobs(alice: Client, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the threshold a job examines and a job writes; the import says which, and both can be watched."""
    monkeypatch.setattr("takeback.operate.imports.desk.LARGE", 10)
    assert handlers.KIND == "operate.import"  # its module registers what runs them
    found = _send(alice).json()
    assert (found["state"], found["report"]) == ("waiting", None)
    assert "job-" in alice.get(f"/import/{found['id']}").text
    problem(alice.post(f"/api/v1/imports/{found['id']}/commit", json={}), 409, "import.busy")
    jobs.run(people.alice.org_id, UUID(found["job_id"]))
    assert alice.get(f"/api/v1/imports/{found['id']}").json()["report"]["good"] == 1
    job = alice.post(f"/api/v1/imports/{found['id']}/commit", json={}).json()["job_id"]
    jobs.run(people.alice.org_id, UUID(job))
    ended = alice.get(f"/api/v1/jobs/{job}").json()
    assert (ended["state"], ended["result"]["summary"]["params"]) == ("succeeded", {"accepted": 1, "rows": 1})
    assert _orders(people) == 1
    jobs.run(people.alice.org_id, UUID(job))
    assert _orders(people) == 1


def test_who_may(alice: Client, bob: Client, charlie: Client, visitor: Client, people: People, home: Path) -> None:
    """Alice imports; Bob, an operator, only looks; Charlie sees nothing of it; a visitor and a narrow key neither."""
    found = _send(alice).json()
    address = f"/api/v1/imports/{found['id']}"
    assert bob.get(address).status_code == 200
    problem(_send(bob, GOOD + "\n"), 403, "identity.forbidden")
    problem(bob.post(f"{address}/commit", json={}), 403, "identity.forbidden")
    problem(bob.delete(address), 403, "identity.forbidden")
    problem(charlie.get(address), 404, "import.unknown")
    problem(charlie.post(f"{address}/commit", json={}), 404, "import.unknown")
    problem(charlie.delete(address), 404, "import.unknown")
    for path in (f"/import/{found['id']}", f"/import/{found['id']}/mapping", f"/import/{found['id']}/errors.csv"):
        assert MARK not in charlie.get(path).text
        assert charlie.get(path).status_code == 404
        assert visitor.get(path).status_code == 401
    assert charlie.get("/api/v1/imports").json() == []
    with store.transaction(people.alice.org_id) as connection:
        _, narrow = identity.create_key(connection, people.alice.actor, name="narrow", scopes=["prove"])
        _, wide = identity.create_key(connection, people.alice.actor, name="wide", scopes=["import"])
    visitor.headers["authorization"] = f"Bearer {narrow}"
    problem(visitor.get(address), 403, "identity.forbidden")
    problem(_send(visitor, GOOD + "\n"), 403, "identity.forbidden")
    visitor.headers["authorization"] = f"Bearer {wide}"
    sent = _send(visitor, GOOD.replace("R-1", "R-9").replace("A1", "A9"))
    assert sent.status_code == 201, sent.text
    assert visitor.post(f"/api/v1/imports/{sent.json()['id']}/commit", json={}).status_code == 200
    assert len(_files(home)) == 1
