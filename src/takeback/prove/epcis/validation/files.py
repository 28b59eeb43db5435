"""Files checked with all three stages: documents in JSON and XML, events one a line, compressed or not."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.validation.check import check_content
from takeback.prove.epcis.validation.finding import Finding

LARGEST = 512 * 2**20  # bytes of a document once it is unpacked; events one a line have no limit
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
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        for number, line in enumerate(file):
            if line.strip():
                for finding in check_content(line, "application/json", now=now):
                    yield finding.at(f"line {number + 1}: {finding.where or '/'}", number)


def _unreadable(path: Path, error: BaseException) -> Problem:
    return Problem(
        "epcis.unreadable-file",
        msg("This file cannot be read"),
        where=str(path),
        found=str(error),
        remedy=msg("Check the name, the permission, and whether the file is whole."),
        exit_code=66,
    )
