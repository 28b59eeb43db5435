"""Files checked with all three stages: documents in JSON and XML, events one a line, compressed or not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis import reading
from takeback.prove.epcis.validation.check import below, check_content, check_events, unreadable
from takeback.prove.epcis.validation.finding import Finding

LARGEST = 512 * 2**20  # bytes of a document once it is unpacked; events one a line have no limit
BATCH = 5000  # lines that are checked together
_LINES = (".ndjson", ".jsonl")


def check_file(path: Path, *, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong in a file. Raises `Problem` where it cannot be read.

    In a file with one event a line, `event` is the line's number from 0, and places begin with `line N`.
    """
    try:
        if _name(path).endswith(_LINES):
            yield from _lines(path, now)
        else:
            content = _content(path)
            yield from check_content(content, media_type(path, content), now=now)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error


def media_type(path: Path, content: bytes) -> str:
    """Return the media type by the file's name, else by its first character."""
    name = _name(path)
    if name.endswith(".xml") or (not name.endswith((".json", ".jsonld")) and _begins_as_xml(content)):
        return "application/xml"
    return "application/json"


def _name(path: Path) -> str:
    return path.name.lower().removesuffix(".gz")


def _begins_as_xml(content: bytes) -> bool:
    return content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")


def _content(path: Path) -> bytes:
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Problem(
            "epcis.too-large",
            msg("The file is larger than {most} bytes", most=LARGEST),
            where=str(path),
            remedy=msg("Split it, or write one event a line into a file that ends with .ndjson."),
        )
    return content


def _lines(path: Path, now: datetime) -> Iterator[Finding]:
    """Check lines in batches; what the events of a batch do to things is seen by those after them."""
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        numbered = ((number, line) for number, line in enumerate(file, 1) if line.strip())
        while batch := list(islice(numbered, BATCH)):
            yield from _batch(batch, now)


def _batch(lines: list[tuple[int, bytes]], now: datetime) -> Iterator[Finding]:
    events: list[Any] = []
    numbers: list[int] = []
    for number, line in lines:
        try:
            events.append(reading.decode(line, "application/json"))
            numbers.append(number)
        except Problem as problem:
            yield unreadable(problem).at(f"line {number}: {problem.where or '/'}", number - 1)
    for finding in check_events(events, now=now):
        at = numbers[finding.event or 0]
        yield finding.at(f"line {at}: {below(finding, '') or '/'}", at - 1)


def _unreadable(path: Path, error: BaseException) -> Problem:
    return Problem(
        "epcis.unreadable-file",
        msg("This file cannot be read"),
        where=str(path),
        found=str(error),
        remedy=msg("Check the name, the permission, and whether the file is whole."),
        exit_code=66,
    )
