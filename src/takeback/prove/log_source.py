"""Where a witness looks at a log: an address or a folder laid out as C2SP tlog-tiles, or a file that was sent to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.error import URLError
from urllib.request import Request, urlopen

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.merkle import consistency_proof
from takeback.prove.signednote import unbase64
from takeback.prove.tiles import Tile, tiled_subtree

GROWTH = "takeback-growth-v1"
LARGEST = 4_000_000  # bytes of an answer
SECONDS = 30.0  # until an address counts as silent


class LogSource(Protocol):
    """What a witness needs of a log. Nothing of it is believed."""

    def checkpoint(self) -> str:
        """Return the newest signed note."""

    def growth(self, first: int, second: int) -> list[bytes]:
        """Return the consistency proof between two sizes."""

    def publish(self, note: str) -> bool:
        """Give the co-signed note back; False where that is not possible from here."""


def log_source(place: str) -> LogSource:
    """Return the log at an address (``http://...`` or ``https://...``), in a folder, or in a file."""
    if place.startswith(("http://", "https://")):
        return _Tiled(_Address(place.rstrip("/")))
    path = Path(place)
    return _Tiled(_Folder(path)) if path.is_dir() else _File(path)


class _Place(Protocol):
    def get(self, name: str) -> bytes: ...

    def post(self, name: str, content: bytes) -> bool: ...


class _Tiled:
    """A log whose proofs are made here, from its tiles."""

    def __init__(self, place: _Place) -> None:
        self._place = place

    def checkpoint(self) -> str:
        return _text(self._place.get("checkpoint"))

    def growth(self, first: int, second: int) -> list[bytes]:
        fetch: Callable[[Tile], bytes] = lambda tile: self._place.get(f"tile/{tile.path}")  # noqa: E731
        return consistency_proof(first, second, tiled_subtree(second, fetch))

    def publish(self, note: str) -> bool:
        return self._place.post("cosignatures", json.dumps({"note": note}).encode())


class _Address:
    def __init__(self, base: str) -> None:
        self._base = base

    def get(self, name: str) -> bytes:
        return self._ask(Request(f"{self._base}/{name}"))  # noqa: S310 - http and https only, see log_source

    def post(self, name: str, content: bytes) -> bool:
        headers = {"content-type": "application/json"}
        self._ask(Request(f"{self._base}/{name}", content, headers))  # noqa: S310
        return True

    def _ask(self, request: Request) -> bytes:
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                content: bytes = answer.read(LARGEST)
                return content
        except (URLError, TimeoutError, OSError) as error:
            raise _silent(request.full_url, error) from error


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            raise _silent(str(self._folder / name), error) from error

    def post(self, name: str, content: bytes) -> bool:
        return False


class _File:
    """A file ``{"format", "checkpoint", "first", "path"}``, as GET /api/v1/ledger/growth gives it."""

    def __init__(self, path: Path) -> None:
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            if said["format"] != GROWTH:
                raise ValueError(said["format"])
            self._note, self._first = str(said["checkpoint"]), int(said["first"])
            self._path = [step for text in said["path"] if (step := unbase64(text)) is not None]
        except OSError as error:
            raise _silent(str(path), error) from error
        except (ValueError, KeyError, TypeError) as error:
            title = msg("The file does not hold a checkpoint with a proof of growth.")
            raise Problem("witness.bad-file", title, where=str(path), found=str(error), expected=GROWTH) from error

    def checkpoint(self) -> str:
        return self._note

    def growth(self, first: int, second: int) -> list[bytes]:
        if first != self._first:
            raise Problem(
                "witness.other-size",
                msg("The proof in the file does not begin at the checkpoint that is kept here."),
                found=self._first,
                expected=str(first),
                remedy=msg("Ask for a proof from that size: GET /api/v1/ledger/growth?first={size}", size=first),
            )
        return self._path

    def publish(self, note: str) -> bool:
        return False


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _silent(place: str, error: Exception) -> Problem:
    return Problem(
        "witness.no-answer",
        msg("The log does not answer."),
        where=place,
        found=str(error),
        remedy=msg("Nothing was signed. Try again; a log that stays silent should be asked why."),
        exit_code=69,
    )
