"""What the tests of the store share."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from takeback.store import embedded
from tests.store import servers


@pytest.fixture
def new_home() -> Iterator[Path]:
    """A home folder that is not made yet; its server is stopped and deleted at the end."""
    home = servers.new_home()
    yield home
    _clear(home)


@pytest.fixture(scope="session")
def _pattern() -> Iterator[Path]:
    home = servers.new_home()
    with embedded.hold(home):
        pass
    yield home
    _clear(home)


@pytest.fixture
def home(_pattern: Path) -> Iterator[Path]:
    """A home with an empty database, whose server does not run; a copy, which is faster than a new one."""
    home = servers.new_home()
    subprocess.run(["cp", "-a", _pattern, home], check=True)
    yield home
    _clear(home)


def _clear(home: Path) -> None:
    embedded.destroy(home)
    shutil.rmtree(home.parent)
