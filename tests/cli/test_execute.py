"""What surrounds every command: output, problems and exit codes."""

from __future__ import annotations

import json

import pytest

from takeback.cli import application, run
from takeback.cli.answer import Answer, table
from takeback.core.message import msg
from takeback.core.problem import Problem


def _with(command: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `takeback try` be `command`."""
    made = application.application

    def widened() -> object:
        app = made()
        app.command(command, name="try")
        return app

    monkeypatch.setattr(application, "application", widened)


def _full() -> Answer:
    return Answer({"items": 3}, ["Three items.", table([{"place": "Suzhou", "items": 3}])])


def _bad() -> Answer:
    raise Problem("try.bad", msg("It is bad"), found=7, remedy=msg("Mend it."), exit_code=78)


def test_text_is_for_people(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json an answer is sentences and tables on stdout."""
    _with(_full, monkeypatch)
    assert run(["try"]) == 0
    printed = capsys.readouterr().out
    assert "Three items." in printed
    assert "Suzhou" in printed


@pytest.mark.parametrize("arguments", [["try", "--json"], ["--json", "try"]])
def test_json_is_one_document(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--json` is understood in any place and gives one document with the data."""
    _with(_full, monkeypatch)
    assert run(arguments) == 0
    assert json.loads(capsys.readouterr().out) == {"items": 3}


def test_problem_is_text_on_stderr(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A problem goes to stderr, complete, and decides the exit code; stdout stays empty."""
    _with(_bad, monkeypatch)
    assert run(["try"]) == 78
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == ["It is bad", "  Found: 7", "  Mend it."]


def test_problem_is_json_for_programs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json a problem is its RFC 9457 body."""
    _with(_bad, monkeypatch)
    assert run(["try", "--json"]) == 78
    assert json.loads(capsys.readouterr().err)["type"].endswith("/try.bad")


@pytest.mark.parametrize("arguments", [["nothing"], ["db", "nothing"], ["db", "status", "--nothing"]])
def test_bad_usage_leaves_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What the parser does not understand ends with exit code 2, in JSON with a kind of its own."""
    assert run(arguments) == 2
    assert "nothing" in capsys.readouterr().err
    assert run([*arguments, "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["type"].endswith("/cli.bad-usage")


def test_bad_news_has_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is bad news, as a verification that fails, says so by its exit code."""
    _with(lambda: Answer({"verified": False}, ["No."], exit_code=1), monkeypatch)
    assert run(["try"]) == 1


def test_interruption_leaves_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command with the shell's usual code and no trace of a program."""

    def stopped() -> Answer:
        raise KeyboardInterrupt

    _with(stopped, monkeypatch)
    assert run(["try"]) == 130
