"""What a reader of references makes of a file: for each entry a source, or what is wrong with it, and its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

import msgspec

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.frontier.source import Source, Writer, bad_source, plain_doi

LARGEST = 5_000_000  # characters of a file
LONGEST = 30_000  # characters of a value: more than any field of a source holds
MOST = 2000  # entries of a file; one more is read, to know that there are too many
_LINE = ("title", "container", "publisher", "place", "volume", "issue", "pages", "number", "edition", "language", "url")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a file: a source or a problem; `line`: where it begins, from 1; `key`: what the file calls it."""

    line: int
    key: str
    source: Source | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A field's text and its line."""

    text: str
    line: int


def built(line: int, key: str, sort: str, fields: Mapping[str, Said], writers: tuple[Writer, ...]) -> Row:
    """Return the row of an entry whose fields have the names of `Source`."""
    try:
        return Row(line, key, source=_source(sort, fields, writers, key))
    except Problem as problem:
        field = problem.where or ""
        at = fields[field].line if field in fields else line
        return Row(line, key, problem=told(at, field, problem.found, problem.expected))


def told(
    line: int, field: str, found: object, expected: Message | str | None, *, remedy: Message | None = None
) -> Problem:
    """Return the problem of a file at a line, and a field of the entry there."""
    return Problem(
        "centre.bad-reference",
        msg("This reference cannot be read."),
        where=f"line {line}, field {field}" if field else f"line {line}",
        found=found,
        expected=expected,
        remedy=remedy,
    )


def checked_size(text: str) -> str:
    """Return a file's text without a byte order mark; ``centre.bad-file`` when it is too long."""
    if len(text) > LARGEST:
        raise Problem("centre.bad-file", msg("This file is too long."), found=len(text), expected=f"<= {LARGEST}")
    return text.removeprefix("\ufeff")


def first_ones(rows: Iterable[Row]) -> list[Row]:
    """Return rows as far as they count: a file with more is refused as a whole."""
    return [*islice(rows, MOST + 1)]


def one_line(text: str) -> str:
    """Return a text with single blanks."""
    return " ".join(text.split())


def words(text: str) -> tuple[str, ...]:
    """Return the key words that a text lists, each once."""
    return tuple(dict.fromkeys(word for part in re.split(r"[,;，；\n]", text) if (word := one_line(part))))


def _source(sort: str, fields: Mapping[str, Said], writers: tuple[Writer, ...], key: str) -> Source:
    said: dict[str, object] = {name: one_line(fields[name].text) for name in _LINE if name in fields}
    for name in ("abstract", "title_zh"):
        if name in fields:
            said[name] = fields[name].text.strip()
    if "year" in fields:
        said["year"] = _year(fields["year"].text)
    if "doi" in fields and fields["doi"].text.strip():
        said["doi"] = plain_doi(fields["doi"].text)
    if "tags" in fields:
        said["tags"] = words(fields["tags"].text)
    for name in ("in_force", "accessed"):
        if name in fields and fields[name].text.strip():
            said[name] = _day(name, fields[name].text.strip())
    if not said.get("title"):
        raise bad_source("title", key, msg("a title"))
    return _converted({"sort": sort, "writers": msgspec.to_builtins(writers), **said})


def _converted(said: Mapping[str, object]) -> Source:
    try:
        return msgspec.convert(said, Source)
    except msgspec.ValidationError as wrong:
        what, _, place = str(wrong).partition(" - at `$.")
        raise bad_source(re.split(r"[\[.`]", place)[0], None, what) from None


def _year(text: str) -> int | None:
    if not text.strip():
        return None
    found = _YEAR.search(text)
    if found is None:
        raise bad_source("year", text, msg("a year of four digits"))
    return int(found[1])


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        raise bad_source(field, text, "2026-03-31") from None
