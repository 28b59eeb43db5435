"""`takeback operate`: from an empty installation to a file taken in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback import store
from takeback.cli import run
from takeback.operate import identity
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


def _asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> object:
    assert run([*arguments, "--json"]) == code
    printed = capsys.readouterr()
    return json.loads(printed.out or printed.err)


def _found(capsys: pytest.CaptureFixture[str], slug: str, owner: str) -> dict[str, object]:
    answer = _asked(
        capsys, "operate", "found", slug, "--name", "Lan Returns", "--owner", owner, "--owner-name", "Alice"
    )
    assert isinstance(answer, dict)
    return answer


def test_the_first_organisation(capsys: pytest.CaptureFixture[str]) -> None:
    """Its owner signs in with the password shown; as owner of a second one the same person keeps it."""
    answer = _found(capsys, "lan", "alice@lan.example")
    settings = store.settings.Settings.from_environment()
    with settings.held() as urls:
        store.open_database(urls.application, urls.owner)
        assert identity.sign_in("alice@lan.example", str(answer["password"]))
        store.close()
    assert _found(capsys, "lan-2", "alice@lan.example")["password"] is None
    listed = _asked(capsys, "operate", "organisations")
    assert isinstance(listed, list)
    assert {one["slug"] for one in listed} >= {"lan", "lan-2"}


def test_a_file_is_examined_then_taken_in_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run changes nothing; the same file is refused the second time; a row that is wrong is named."""
    _found(capsys, "shop", "bob@shop.example")
    file = tmp_path / "products.csv"
    file.write_text("Artikel,name,name_zh,category,value\nP-1,Kettle,水壶,household,120.00\n", encoding="utf-8")
    command = ["operate", "import", str(file), "--org", "shop", "--as", "products", "--map", "Artikel=code"]
    for arguments in ([*command, "--dry-run"], [*command, "--dry-run"], command):
        answer = _asked(capsys, *arguments)
        assert isinstance(answer, dict)
        assert (answer.get("report") or answer)["good"] == 1
    again = _asked(capsys, *command, code=1)
    assert isinstance(again, dict)
    assert str(again["type"]).endswith("/import.already-imported")
    wrong = tmp_path / "more.csv"
    wrong.write_text("code,name,name_zh,category,value\nP-2,Lamp,灯,household,minus\n", encoding="utf-8")
    assert run(["operate", "import", str(wrong), "--org", "shop", "--as", "products"]) == 1
    assert "minus" in capsys.readouterr().err


def test_a_column_without_meaning_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What does not say header and field is told as such."""
    _found(capsys, "third", "carol@third.example")
    file = tmp_path / "x.csv"
    file.write_text("code,name\n1,2\n")
    arguments = ["operate", "import", str(file), "--org", "third", "--as", "products", "--map", "code"]
    assert run(arguments) == 2
    assert "header=field" in capsys.readouterr().err


def test_a_file_is_named_as_it_was_typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its folder, so that two of one name are not confused; with an import, only its last part is kept."""
    _found(capsys, "fourth", "dora@fourth.example")
    missing = tmp_path / "nope.csv"
    problem = _asked(capsys, "operate", "import", str(missing), "--org", "fourth", "--as", "products", code=66)
    assert isinstance(problem, dict)
    assert str(missing) in json.dumps(problem)
    file = tmp_path / "fine.csv"
    file.write_text("code,name,name_zh,category,value\nP-7,Pan,锅,household,12.00\n", encoding="utf-8")
    command = ["operate", "import", str(file), "--org", "fourth", "--as", "products"]
    _asked(capsys, *command)
    again = _asked(capsys, *command, code=1)
    assert isinstance(again, dict)
    assert "fine.csv" in json.dumps(again)
    assert str(tmp_path) not in json.dumps(again)


def test_a_name_that_is_taken_and_a_currency_that_is_none_are_said_plainly(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was found is the name itself; what is no currency founds nothing."""
    _found(capsys, "lan-3", "carol@lan.example")
    owner = ("--name", "X", "--owner", "carol@lan.example", "--owner-name", "Alice")
    taken = _asked(capsys, "operate", "found", "lan-3", *owner, code=1)
    assert isinstance(taken, dict)
    assert taken["found"] == "lan-3"
    wrong = _asked(capsys, "operate", "found", "lan-4", *owner, "--currency", "QQQ", code=1)
    assert isinstance(wrong, dict)
    assert [error["where"] for error in wrong["errors"]] == ["currency"]
