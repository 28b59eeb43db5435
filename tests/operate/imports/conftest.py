"""What the tests of the import share: a workshop with a catalogue, and files written in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, furnish
from tests.support.people import People, people, populated

__all__ = ["people"]


@pytest.fixture
def desk(people: People, tmp_path: Path) -> Desk:
    """Alice's desk, where things are entered."""
    furnish(people.alice.actor)
    return Desk(people.alice.actor, tmp_path)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Alice's desk for a whole module of dry runs, which enter nothing."""
    with populated() as three:
        furnish(three.alice.actor)
        yield Desk(three.alice.actor, tmp_path_factory.mktemp("files"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a text file and returns its path."""

    def written(text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return written
