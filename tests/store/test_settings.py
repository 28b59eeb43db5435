"""Settings come from the environment; a wrong one is told with the variable's name."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import psycopg
import pytest

from takeback.core.problem import Problem
from takeback.store.embedded.postmaster import administrator_url
from takeback.store.embedded.record import read_record
from takeback.store.settings import Settings
from takeback.store.urls import Urls, conninfo, socket_url
from tests.store import servers

PAGE = Path(__file__).parents[2] / "docs/reference/settings.md"


def test_an_empty_environment_is_enough() -> None:
    """Without any variable the embedded server is used, on this machine only; empty counts as not set."""
    settings = Settings.from_environment({"TAKEBACK_PORT": "", "TAKEBACK_DATABASE_URL": "  "})
    assert settings == Settings.from_environment({})
    assert settings.embedded
    assert settings.host == "127.0.0.1"
    assert settings.upload_limit == 10**9


def test_root_keeps_its_data_with_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's data lies in /var/lib, anybody else's in the own home."""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert Settings.from_environment({}).home == Path("/var/lib/takeback")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/alice")
    assert Settings.from_environment({}).home == Path("/home/alice/.takeback")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_an_address_may_be_written_in_three_ways(scheme: str) -> None:
    """What libpq, hosters and SQLAlchemy write is understood, and told to SQLAlchemy in its way."""
    settings = Settings.from_environment({"TAKEBACK_DATABASE_URL": f"{scheme}://a:b@db/takeback"})
    assert settings.urls().application == "postgresql+psycopg://a:b@db/takeback"
    assert settings.urls().owner == ""
    assert not settings.embedded


def test_a_database_is_held_only_by_a_role_that_is_weak_enough() -> None:
    """Every command begins with the check of its role: the owner, or a superuser, is refused."""
    with servers.database() as urls:
        with Settings(database_url=urls.application).held() as held:
            assert held.application == urls.application
        for strong in (urls.owner, servers.administrator()):
            with pytest.raises(Problem, match="more power"), Settings(database_url=strong).held():
                pass


def test_an_embedded_server_with_a_strong_role_is_refused(home: Path) -> None:
    """An embedded server whose application role was made stronger is refused, too."""
    with Settings(home=home).held():
        record = read_record(home)
        assert record is not None
        url = conninfo(administrator_url(Path(record.sockets)))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("alter role takeback_app bypassrls")
    with pytest.raises(Problem, match="more power"), Settings(home=home).held():
        pass


def test_a_database_that_does_not_answer_is_told() -> None:
    """A dead address is a problem with a remedy."""
    with pytest.raises(Problem) as caught, Settings(database_url="postgresql://a@127.0.0.1:1/b").held():
        pass
    assert (caught.value.kind, caught.value.exit_code) == ("store.unreachable", 69)


@pytest.mark.parametrize(
    ("text", "size"),
    [("1000", 1000), ("200 MB", 2 * 10**8), ("1GiB", 2**30), ("1.5 gb", 15 * 10**8), ("64 KiB", 2**16)],
)
def test_a_size_may_carry_its_unit(text: str, size: int) -> None:
    """Decimal and binary units are told apart."""
    assert Settings.from_environment({"TAKEBACK_UPLOAD_LIMIT": text}).upload_limit == size


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("THREADS", "0"),
        ("POOL_SIZE", "1e3"),
        ("UPLOAD_LIMIT", "lots"),
        ("UPLOAD_LIMIT", "0"),
        ("UPLOAD_LIMIT", "5 parsecs"),
        ("DATABASE_URL", "mysql://a:secret@db/takeback"),
        ("DATABASE_URL", "secret"),
        ("OWNER_DATABASE_URL", "sqlite:///secret.db"),
        ("HOME", "~nobody-of-this-name/takeback"),
    ],
)
def test_a_bad_value_is_told_with_its_variable(name: str, text: str) -> None:
    """The problem names the variable and what is expected; it never repeats a password."""
    with pytest.raises(Problem) as caught:
        Settings.from_environment({f"TAKEBACK_{name}": text})
    assert caught.value.where == f"TAKEBACK_{name}"
    assert caught.value.expected
    assert caught.value.exit_code == 78
    assert "secret" not in str(caught.value)


def test_settings_that_contradict_each_other() -> None:
    """An owner without an application, or fewer connections than threads, cannot be meant."""
    with pytest.raises(Problem, match="application's is not"):
        Settings.from_environment({"TAKEBACK_OWNER_DATABASE_URL": "postgresql://db/takeback"})
    with pytest.raises(Problem, match="fewer database connections"):
        Settings.from_environment({"TAKEBACK_THREADS": "20", "TAKEBACK_POOL_SIZE": "19"})


def test_a_representation_shows_no_password() -> None:
    """Settings and addresses may be logged."""
    settings = Settings.from_environment({"TAKEBACK_DATABASE_URL": "postgresql://a:secret@db/takeback"})
    assert "secret" not in repr(settings)
    assert "secret" not in repr(settings.urls())
    assert "secret" not in repr(Urls(application="secret", owner="secret"))


def test_an_address_of_a_socket_survives_odd_characters() -> None:
    """Blanks, signs and other scripts in folder and password come back from libpq's own form as they were."""
    url = socket_url("a", "p+ @:/?#%电", Path("/tmp/b c+%&=电"), "takeback")
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415
    from sqlalchemy.engine import make_url  # noqa: PLC0415

    assert conninfo_to_dict(conninfo(url)) == {
        "user": "a",
        "password": "p+ @:/?#%电",
        "host": "/tmp/b c+%&=电",
        "port": "5432",
        "dbname": "takeback",
    }
    assert make_url(url).query["host"] == "/tmp/b c+%&=电"
    assert make_url(url).password == "p+ @:/?#%电"


def test_every_setting_stands_on_its_page() -> None:
    """The reference has a heading for each variable, and a default."""
    page = PAGE.read_text(encoding="utf-8")
    sections = dict(re.findall(r"(?m)^## (TAKEBACK_\w+)\n((?:(?!^## ).*\n?)*)", page))
    for field in fields(Settings):
        name = f"TAKEBACK_{field.name.upper()}"
        assert name in sections, f"{name} is not described in docs/reference/settings.md"
        assert "Default" in sections[name] or field.name == "owner_database_url"
