"""What the tests of the import share: a workshop with a catalogue, and files written in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from takeback import store
from tests.support.desk import Desk, furnish
from tests.support.people import People, people, populated

__all__ = ["people"]


@pytest.fixture
def desk(people: People, tmp_path: Path) -> Desk:
    """Alice's desk, where things are entered."""
    furnish(people.alice.actor)
    return Desk(people.alice.actor, tmp_path)


@pytest.fixture(scope="module")
def _furnished() -> Iterator[People]:
    with populated() as three:
        furnish(three.alice.actor)
        yield three


@pytest.fixture
def counter(_furnished: People, tmp_path: Path) -> Iterator[Desk]:
    """Alice's desk for dry runs, which enter nothing: its database is one for a whole module."""
    # A test in between may have opened another: one process works on one database.
    database = _furnished.database
    store.open_database(database.application_url, database.owner_url)
    yield Desk(_furnished.alice.actor, tmp_path)
    store.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a text file and returns its path."""

    def written(text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return written
