"""Fast paths in C for captures and the bulk load of events: `quick`, or None where they are not built or switched off.

Each function answers for ordinary events what its Python counterpart answers, and None or False for others: the Python
code stays the definition (docs/adr/0009-native-fast-paths.md). `tools/native.py` builds them, `TAKEBACK_NATIVE=0`
switches them off. A build of another source than the one that lies beside it is not used.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

SOURCE = Path(__file__).with_name("quick.c")
Keys = tuple[int | None, ...]
Terms = tuple[tuple[int, int, str], ...]
Words = tuple[str | None, ...]
Made = tuple[bytes, int, dict[str, int], dict[int, int], dict[int, str], Keys | None, Terms | None, tuple[int, ...]]


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

    def formed(self, event: object, words: tuple[Mapping[str, None], ...]) -> bool:
        """Tell whether an event surely has the form of its type (stage 1); `words` are those of four vocabularies."""

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

    def prepared(
        self,
        event: object,
        names: dict[str, str],
        heads: dict[str, str],
        pieces: tuple[dict[str, str], ...],
        known: Mapping[Words, tuple[Keys, Terms]],
    ) -> Made | None:
        """Return the fields of `Prepared` but the last; columns and terms are None where `known` has them not."""

    def opening(
        self,
        salt: bytes,
        canonical: bytes,
        event_hash: bytes | None,
        roles: object,
        event_time: datetime,
        kind: str,
    ) -> str | None:
        """Return what a leaf says first, with the digests of a body and of the things made on the way."""

    def leaves(self, head: bytes, openings: list[str], first: int, tail: bytes) -> list[bytes] | None:
        """Return the hashes of leaves that have the same beginning and end, with numbers from `first` on."""

    def uneventful(
        self,
        events: Sequence[object],
        keys: Mapping[str, int],
        last: Mapping[int, datetime],
        ended: Mapping[int, tuple[datetime, int]],
        begun: Collection[int],
        parents: Mapping[int, Collection[tuple[int, int]]],
    ) -> list[int] | None:
        """Return the places of transformations, where stage 3 surely has nothing to tell but of their masses."""

    def moment(self, text: object) -> datetime | None:
        """Return the moment of a usual RFC 3339 text in UTC."""

    def numbers(self, values: Sequence[object], width: int) -> bytes | None:
        """Return the elements of an array of whole numbers (8, 2) or truths (1) as PostgreSQL reads them."""

    def times(self, values: Sequence[object]) -> bytes | None:
        """Return the elements of an array of moments in UTC."""

    def blobs(self, values: Sequence[object]) -> bytes | None:
        """Return the elements of an array of bytes or texts."""


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
