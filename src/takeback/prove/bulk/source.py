"""A file of events as batches of lines or raw events, each with the place where the file can be taken up again."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis import streaming

LARGEST_LINE = 16 * 2**20  # bytes of one event
_GZIP = b"\x1f\x8b"
_PEEK = 65536


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of a file: ``lines`` of NDJSON or ``events`` of a document, whose ``@context`` is ``context``.

    ``first`` counts events (lines) from 0; ``done`` is where the next batch begins, in bytes of unpacked NDJSON or
    in events.
    """

    number: int
    first: int
    lines: list[bytes]
    events: list[dict[str, Any]]
    done: int
    context: Any = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file to load: ``kind`` is "ndjson", "json" or "xml"; ``packed`` says that it is compressed by gzip."""

    path: Path
    kind: str
    packed: bool
    size: int
    fingerprint: bytes

    def batches(self, size: int, *, done: int = 0, first: int = 0) -> Iterator[Batch]:
        """Yield batches of ``size`` events from the place ``done`` on, which is that of event ``first``."""
        with self.open() as file:
            yield from self._lines(file, size, done, first) if self.kind == "ndjson" else self._events(file, size, done)

    def open(self) -> BinaryIO:
        """Open the unpacked content."""
        if self.packed:
            return cast(BinaryIO, gzip.open(self.path, "rb"))
        return self.path.open("rb", buffering=2**20)

    def _lines(self, file: BinaryIO, size: int, done: int, first: int) -> Iterator[Batch]:
        file.seek(done)
        number = 0
        lines: list[bytes] = []
        while line := file.readline(LARGEST_LINE + 1):
            if len(line) > LARGEST_LINE:
                raise _too_long(self.path, first + len(lines) + 1)
            lines.append(line)
            done += len(line)
            if len(lines) == size:
                yield Batch(number, first, lines, [], done)
                number, first, lines = number + 1, first + size, []
        if lines:
            yield Batch(number, first, lines, [], done)

    def _events(self, file: BinaryIO, size: int, done: int) -> Iterator[Batch]:
        header, stream = streaming.stream(file, f"application/{self.kind}")
        made = streaming.standard(header) if self.kind == "xml" else _as_it_is  # an element dies with the next
        context = header.raw.get("@context") if self.kind == "json" else None
        number, first, events = 0, done, []
        for count, event in enumerate(stream, 1):
            if count <= done:
                continue
            events.append(made(event))
            if len(events) == size:
                yield Batch(number, first, [], events, count, context)
                number, first, events = number + 1, count, []
        if events:
            yield Batch(number, first, [], events, first + len(events), context)


def source(path: Path) -> Source:
    """Return what a file is: by its content, not by its name.

    Raises
    ------
    Problem
        ``load.no-file``; ``load.unreadable`` where it is neither JSON, NDJSON nor XML.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_PEEK)
            about = os.fstat(file.fileno())
            file.seek(max(0, about.st_size - _PEEK))
            tail = file.read()
    except OSError as error:
        raise Problem("load.no-file", msg("The file cannot be read."), where=str(path), found=error.strerror) from error
    packed = head.startswith(_GZIP)
    plain = _unpacked(path, head) if packed else head
    mark = sha256(f"{about.st_size} {about.st_mtime_ns} ".encode() + head + tail).digest()
    return Source(path, _kind(path, plain), packed, about.st_size, mark)


def _as_it_is(event: Any) -> Any:
    return event


def _unpacked(path: Path, head: bytes) -> bytes:
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(head)).read1(_PEEK)
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise _unreadable(path, str(error)) from error


def _kind(path: Path, head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return "xml"
    if not text.startswith((b"{", b"[")):
        raise _unreadable(path, text[:40].decode(errors="replace"))
    line = text.splitlines()[0] if text else b""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, ValueError):
        return "json"
    return "ndjson" if isinstance(value, dict) and "epcisBody" not in value else "json"


def _unreadable(path: Path, found: str) -> Problem:
    return Problem(
        "load.unreadable",
        msg("This file holds no events that can be read."),
        where=str(path),
        found=found,
        expected=msg("one event a line (NDJSON), an EPCIS document in JSON or XML, or one of these packed by gzip"),
    )


def _too_long(path: Path, line: int) -> Problem:
    return Problem(
        "load.line-too-long",
        msg("A line is longer than an event may be."),
        where=f"{path}, line {line}",
        expected=msg("at most {bytes} bytes", bytes=LARGEST_LINE),
    )
