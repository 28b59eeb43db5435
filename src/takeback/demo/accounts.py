"""The accounts of a demo world, written down where the sign-in page of the same installation finds them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from takeback.demo.cast import accounts
from takeback.demo.parameters import Parameters

FILE = Path("demo", "accounts.json")


def write_down(home: Path, parameters: Parameters) -> None:
    """Write the accounts under ``home``."""
    (home / FILE).parent.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_bytes(msgspec.json.encode(accounts(parameters)))


def offer(home: Path, more: Sequence[dict[str, str]]) -> None:
    """Write further accounts down behind those that are there already, each once."""
    file = home / FILE
    there: list[dict[str, str]] = msgspec.json.decode(file.read_bytes()) if file.is_file() else []
    emails = {one["email"] for one in there}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.encode([*there, *(one for one in more if one["email"] not in emails)]))
