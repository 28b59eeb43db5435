"""Plain lists, a line each: DOIs, standards, laws. Empty lines and those that begin with `#` are left out.

10.1234/abcd | A title
GB/T 34015-2017 | Recycling of traction battery used in electric vehicle: test of residual capacity | 2018-02-01
(EU) 2023/1542 | Regulation concerning batteries and waste batteries | 2023-08-17 | https://...
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from takeback.core.message import msg
from takeback.share.centre.frontier.reading.rows import Row, Said, built, checked_size, first_ones, told
from takeback.share.centre.frontier.source import Sort

_COLUMNS = re.compile(r"\s*[|\t]\s*")
_STANDARD = re.compile(
    r"(?P<number>[A-Z][A-Z0-9]*(?:/[A-Z]+)*(?: [A-Z]{2,5})*(?:/[A-Z]+)? ?[A-Z]?\d[\d.]*"
    r"(?:[-—–:]\d{1,4})*)\s*(?P<title>\S.*)?"
)
_YEAR_LAST = re.compile(r"[-—–:](\d{4})$")
_YEAR_IN = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=/|\D|$)")


def read_dois(text: str) -> list[Row]:
    """Return the sources of a list of DOIs; one that is given no title has its DOI for it."""
    return first_ones(_doi(line, columns) for line, columns in _lines(text))


def read_standards(text: str) -> list[Row]:
    """Return the standards of a list: number, title, day from which it applies, address."""
    return first_ones(_rule(line, _standard(columns), "standard") for line, columns in _lines(text))


def read_laws(text: str) -> list[Row]:
    """Return the laws of a list: number, title, day from which it applies, address."""
    return first_ones(_rule(line, columns, "legislation") for line, columns in _lines(text))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(checked_size(text).splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, _COLUMNS.split(line.strip())


def _doi(line: int, columns: list[str]) -> Row:
    doi, _, rest = columns[0].partition(" ") if not columns[0].lower().startswith("doi: ") else (columns[0], "", "")
    title = columns[1] if len(columns) > 1 else rest.strip()
    fields = {"doi": Said(doi, line), "title": Said(title or _shown(doi), line)}
    return built(line, doi, "article-journal", fields, ())


def _shown(doi: str) -> str:
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", "", doi.strip(), flags=re.IGNORECASE).lower()


def _standard(columns: list[str]) -> list[str]:
    """Return the columns; number and title are taken apart where only a blank divides them."""
    found = _STANDARD.fullmatch(columns[0])
    if len(columns) == 1 and found and found["title"]:
        return [found["number"].strip(), found["title"].strip()]
    return columns


def _rule(line: int, columns: list[str], sort: Sort) -> Row:
    number, title, *rest = [*columns, "", ""][: max(2, len(columns))]
    if not title or not any(mark.isdigit() for mark in number):
        found = " | ".join(columns)
        return Row(line, number, problem=told(line, "number" if title else "title", found, msg("a number | a title")))
    fields = {"number": Said(number, line), "title": Said(title, line)}
    fields |= {name: Said(text, line) for name, text in zip(("in_force", "url"), rest, strict=False) if text}
    if year := (_YEAR_LAST.search(number) or _YEAR_IN.search(number)):
        fields["year"] = Said(year[1], line)
    return built(line, number, sort, fields, ())
