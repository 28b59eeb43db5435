"""Files in the manner of TSPLIB (Reinelt 1991): headers `KEY : value`, then sections `NAME_SECTION` with rows."""

from __future__ import annotations

from typing import NamedTuple

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.collection.formats.numbers import LARGEST, number, whole
from takeback.plan.collection.formats.refusal import refusal

WORDS = frozenset({"NAME", "COMMENT"})  # headers that may stand there several times


class Row(NamedTuple):
    """The words of one line and its number in the file, from 1."""

    line: int
    words: list[str]


class Sections:
    """A file cut into `headers` and `sections`; every demand on them that is not met names section and line."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.headers: dict[str, str] = {}
        self.sections: dict[str, list[Row]] = {}
        rows: list[Row] | None = None
        for line, content in enumerate(text.splitlines(), 1):
            words = content.replace(",", " ").replace(";", " ").split()
            if not words or words == ["EOF"] or words[0].startswith("#"):
                continue
            if rows is not None and words[0][0].isdigit() and ":" not in content:
                rows.append(Row(line, words))  # nearly all lines of large files
                continue
            key, colon, value = content.partition(":")
            if words[0].rstrip(":").upper().endswith("_SECTION"):
                rows = self.sections.setdefault(words[0].rstrip(":").upper(), [])
            elif colon and key.strip() and not _is_number(key):
                self._put(key.strip().upper(), value.strip(), line)
            elif rows is None:
                self._put(words[0].upper(), " ".join(words[1:]), line)
            else:
                rows.append(Row(line, words))

    def _put(self, key: str, value: str, line: int) -> None:
        """Note a header; one that stands there twice, differently, says nothing."""
        before = self.headers.setdefault(key, value)
        if before != value and key not in WORDS:
            raise self.refusal(f"{key}, line {line}", value, msg("{before}, as the file says before", before=before))

    def header(self, key: str) -> str:
        """Return the value of a header. Raises `Problem`."""
        if key not in self.headers:
            raise self.refusal(key, None, msg("a header line"))
        return self.headers[key]

    def integer(self, key: str, *, least: int = 0, most: float = LARGEST) -> int:
        """Return a header as a whole number. Raises `Problem`."""
        return whole(self.header(key), key, least=least, most=most, name=self.name)

    def real(self, key: str, default: float | None = None) -> float:
        """Return a header as a number of 0 or more; `default` where there is none. Raises `Problem`."""
        if default is not None and not self.headers.get(key):
            return default
        value = number(self.header(key), key, name=self.name)
        if value < 0:
            raise self.refusal(key, value, msg("0 or more"))
        return value

    def rows(self, section: str) -> list[Row]:
        """Return the rows of a section. Raises `Problem` where it is not there."""
        if section not in self.sections:
            raise self.refusal(section, None, msg("a section of this name"))
        return self.sections[section]

    def numbered(self, section: str, rows: int, columns: int | None = None) -> list[list[float]]:
        """Return what stands behind the number of each of the `rows` rows of a section, in the order of 1, 2, 3, ...

        `columns` numbers stand in each row, its own number not counted; None = as many as like, the same in no two.
        Raises `Problem`.
        """
        given = self.rows(section)
        if len(given) != rows:
            raise self.refusal(section, msg("{rows} rows", rows=len(given)), msg("{rows} rows", rows=rows))
        table: dict[int, list[float]] = {}
        for row in given:
            where = f"{section}, line {row.line}"
            if columns is not None and len(row.words) != columns + 1:
                found, expected = (msg("{columns} numbers", columns=k) for k in (len(row.words), columns + 1))
                raise self.refusal(where, found, expected)
            place = whole(row.words[0], where, name=self.name)
            if not 1 <= place <= rows or place in table:
                raise self.refusal(where, row.words[0], msg("each number from 1 to {last} once", last=rows))
            table[place] = [number(word, where, name=self.name) for word in row.words[1:]]
        return [table[k] for k in range(1, rows + 1)]

    def flat(self, section: str, count: int) -> list[float]:
        """Return all `count` numbers of a section, whatever its line breaks. Raises `Problem`."""
        rows = self.rows(section)
        values = [number(word, f"{section}, line {row.line}", name=self.name) for row in rows for word in row.words]
        if len(values) != count:
            found, expected = (msg("{columns} numbers", columns=n) for n in (len(values), count))
            raise self.refusal(section, found, expected)
        return values

    def refusal(self, where: str, found: object, expected: Message) -> Problem:
        """Return the problem of this file."""
        return refusal(where, found, expected, name=self.name)


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()
