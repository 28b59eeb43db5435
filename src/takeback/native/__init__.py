"""Fast paths in C for the bulk load of events: `quick`, or None where they are not built or switched off.

Each function answers for ordinary events what its Python counterpart answers, and None or False for others: the Python
code stays the definition (docs/adr/0009-native-fast-paths.md). `tools/native.py` builds them, `TAKEBACK_NATIVE=0`
switches them off. A build of another source than the one that lies beside it is not used.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

SOURCE = Path(__file__).with_name("quick.c")
Names = tuple[dict[str, int], dict[int, int], dict[int, str], int, tuple[int, ...]]


class Quick(Protocol):
    """What the extension offers; the tables that a function is given are only read."""

    def is_plain(self, value: object) -> bool:
        """Tell whether msgspec surely writes a value as RFC 8785 wants it."""

    def standard(
        self,
        event: dict[str, Any],
        prefixes: dict[str, str],
        known: dict[str, tuple[str, str, str, str]],
        standard: dict[str, str],
    ) -> dict[str, Any] | None:
        """Return an event in standard form of which nothing is to be renamed."""

    def fine(
        self,
        event: object,
        latest_us: int,
        heads: Mapping[str, str],
        standard: Mapping[str, str],
        own: str,
        odd_units: Mapping[str, None],
    ) -> bool:
        """Tell whether stage 2 of the validator surely finds nothing; no event is later than `latest_us`."""

    def prehash(
        self, event: object, names: dict[str, str], heads: dict[str, str], pieces: tuple[dict[str, str], ...]
    ) -> bytes | None:
        """Return the pre-hash string of an event as UTF-8."""

    def names(self, event: object, digest: bytes, heads: dict[str, str]) -> Names | None:
        """Return keys, roles, uris, key and marks of `Prepared`."""

    def items_digest(self, roles: object) -> bytes | None:
        """Return the digest of the things of an entry."""

    def opening(self, digest: bytes, event_hash: bytes | None, time: str, things: bytes, kind: str) -> str | None:
        """Return what a leaf says first; `kind` is JSON."""


def source_hash() -> str:
    """Return what names the source; a build carries that of its own."""
    return sha256(SOURCE.read_bytes()).hexdigest()


def _built() -> Quick | None:
    if os.environ.get("TAKEBACK_NATIVE") == "0":
        return None
    try:
        built = import_module(f"{__name__}._quick")
    except ImportError:
        return None
    return cast(Quick, built) if source_hash() == built.SOURCE else None


quick = _built()
