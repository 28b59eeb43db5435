"""CSL JSON: a list of items, each with the line on which it begins. Source: CSL 1.0.2, csl-data.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.frontier.reading.rows import Row, Said, built, checked_size, first_ones, told
from takeback.share.centre.frontier.source import SORTS, Writer

_TYPES: Mapping[str, str] = {
    "article": "article-journal", "article-magazine": "article-journal", "article-newspaper": "article-journal",
    "post-weblog": "webpage", "post": "webpage", "bill": "legislation", "regulation": "legislation",
    "treaty": "legislation", "legal_case": "legislation",
}  # fmt: skip
_FIELDS: Mapping[str, str] = {
    "title": "title", "container-title": "container", "publisher": "publisher", "publisher-place": "place",
    "volume": "volume", "issue": "issue", "page": "pages", "number": "number", "edition": "edition", "DOI": "doi",
    "URL": "url", "abstract": "abstract", "language": "language", "keyword": "tags",
}  # fmt: skip
_AGAIN = msg("Export the references once more, as CSL JSON, BibTeX or RIS, and send that file.")


def read_csl(text: str) -> list[Row]:
    """Return the items of a CSL JSON file.

    Raises
    ------
    Problem
        ``centre.bad-reference`` with the line when it is no JSON, or neither an item nor a list of items;
        ``centre.bad-file``.
    """
    return first_ones(_row(line, item) for line, item in _items(checked_size(text)))


def _items(text: str) -> Iterator[tuple[int, Any]]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise told(wrong.lineno, "", f"column {wrong.colno}", wrong.msg) from None
    except RecursionError:
        deep = msg("brackets within brackets, hundreds of them")
        raise told(1, "", deep, msg("a list of references"), remedy=_AGAIN) from None
    except ValueError:  # a number of thousands of digits
        raise told(1, "", None, msg("numbers that can be read"), remedy=_AGAIN) from None
    if isinstance(whole, dict) and isinstance(whole.get("items"), list):
        yield from ((1, item) for item in whole["items"])
    elif isinstance(whole, list):
        yield from zip(_lines(text), whole, strict=True)
    elif isinstance(whole, dict):
        yield 1, whole
    else:
        raise told(1, "", type(whole).__name__, msg("an item, or a list of items"))


def _lines(text: str) -> Iterator[int]:
    """Return the line of each item of a list that is known to be JSON."""
    reader, at = json.JSONDecoder(), text.index("[") + 1
    line, counted = 1, 0
    while True:
        while text[at].isspace() or text[at] == ",":
            at += 1
        if text[at] == "]":
            return
        line, counted = line + text.count("\n", counted, at), at
        yield line
        _, at = reader.raw_decode(text, at)


def _row(line: int, item: Any) -> Row:
    if not isinstance(item, dict):
        return Row(line, "", problem=told(line, "", type(item).__name__, msg("an item")))
    key = str(item.get("id", ""))
    try:
        fields = {name: _text(line, csl, item[csl]) for csl, name in _FIELDS.items() if item.get(csl) is not None}
        for csl, name in (("issued", "year"), ("accessed", "accessed")):
            if item.get(csl) is not None:
                fields[name] = Said(_date(line, csl, item[csl], whole=name == "accessed"), line)
        writers = _writers(line, item.get("author", item.get("editor", [])))
    except Problem as problem:
        return Row(line, key, problem=problem)
    return built(line, key, _sort(item.get("type")), fields, writers)


def _text(line: int, field: str, value: Any) -> Said:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = "; ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _wrong(line, field, value, msg("a text"))
    return Said(str(value), line)


def _date(line: int, field: str, value: Any, *, whole: bool) -> str:
    """Return a date's year, or the whole of it; an empty text when a day was asked for and only a year is said."""
    if not isinstance(value, dict):
        raise _wrong(line, field, value, '{"date-parts": [[2026, 3, 31]]}')
    parts = value.get("date-parts")
    if parts is None:
        said = str(value.get("raw") or value.get("literal") or "")
        return "" if whole else said
    if not (isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]):
        raise _wrong(line, field, parts, '{"date-parts": [[2026, 3, 31]]}')
    try:
        numbers = [int(part) for part in parts[0]]
    except (TypeError, ValueError, OverflowError):  # JSON of many programs knows Infinity
        raise _wrong(line, field, parts, '{"date-parts": [[2026, 3, 31]]}') from None
    if whole:
        return "-".join(f"{part:02}" for part in numbers) if len(numbers) == 3 else ""
    return f"{numbers[0]:04}"


def _writers(line: int, value: Any) -> tuple[Writer, ...]:
    if not isinstance(value, list):
        raise _wrong(line, "author", value, msg("a list of names"))
    return tuple(_writer(line, one) for one in value)


def _writer(line: int, one: Any) -> Writer:
    names = ("family", "given", "literal", "non-dropping-particle", "dropping-particle", "suffix")
    if not isinstance(one, dict) or not all(isinstance(one.get(name, ""), str) for name in names):
        raise _wrong(line, "author", one, '{"family": "...", "given": "..."}')
    family = " ".join(filter(None, (one.get("non-dropping-particle"), one.get("family"))))
    given = " ".join(filter(None, (one.get("given"), one.get("dropping-particle"))))
    if one.get("suffix"):
        family = f"{family}, {one['suffix']}"
    literal = one.get("literal", "") or (family if not given else "")
    writer = Writer(literal=literal) if literal else Writer(family=family, given=given)
    if not (writer.literal or writer.family):
        raise _wrong(line, "author", one, '{"family": "...", "given": "..."}')
    return writer


def _sort(said: Any) -> str:
    known: Sequence[str] = SORTS
    return str(said) if said in known else _TYPES.get(str(said), "document")


def _wrong(line: int, field: str, found: Any, expected: Message | str) -> Problem:
    return told(line, field, json.dumps(found, ensure_ascii=False)[:100], expected)
