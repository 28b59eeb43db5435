"""BibTeX: entries, `@string`, concatenation, nested braces; an entry that cannot be read does not spoil the next.

Source: O. Patashnik, BibTeXing (1988); field names of biblatex (journaltitle, date, location) are known, too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.frontier.reading.latex import plain
from takeback.share.centre.frontier.reading.rows import (
    LONGEST,
    Row,
    Said,
    built,
    checked_size,
    first_ones,
    one_line,
    told,
)
from takeback.share.centre.frontier.source import Writer

TYPES: Mapping[str, str] = {
    "article": "article-journal", "inproceedings": "paper-conference", "conference": "paper-conference",
    "book": "book", "proceedings": "book", "incollection": "chapter", "inbook": "chapter", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report", "dataset": "dataset",
    "data": "dataset", "software": "software", "patent": "patent", "standard": "standard",
    "legislation": "legislation", "legal": "legislation", "online": "webpage", "electronic": "webpage",
    "www": "webpage",
}  # fmt: skip
_FIELDS: Mapping[str, str] = {
    "title": "title", "journal": "container", "journaltitle": "container", "booktitle": "container",
    "publisher": "publisher", "school": "publisher", "institution": "publisher", "organization": "publisher",
    "address": "place", "location": "place", "year": "year", "date": "year", "volume": "volume", "pages": "pages",
    "edition": "edition", "doi": "doi", "url": "url", "abstract": "abstract", "keywords": "tags",
    "language": "language", "langid": "language", "urldate": "accessed", "issue": "issue",
    "eid": "number", "titleaddon": "title_zh",
}  # fmt: skip
_MONTHS = {name: name for name in ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]}
_WORD = re.compile(r"[^\s\"#%'(),={}]+")
_START = re.compile(r"(?:^|(?<=[\s},)]))@")
_ENTRY = re.compile(r"\n[ \t]{0,9}@[A-Za-z]{1,30}[ \t]{0,9}[{(]")
_NEXT = re.compile(r"\n[ \t]*@")


def read_bibtex(text: str) -> list[Row]:
    """Return the entries of a BibTeX file; raises nothing but ``centre.bad-file``."""
    return first_ones(_Reader(checked_size(text)).entries())


def writers_of(names: str) -> tuple[Writer, ...]:
    """Return the names of an author field: `Family, Given and von Family, Jr, Given and {An Organisation}`."""
    found = (one.strip() for one in _split(one_line(names)))
    return tuple(_writer(one) for one in found if one and one.casefold() != "others")


class _Reader:
    """Goes through a file once; `strings`: what `@string` has named so far."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.field, self.name = text, 0, "", ""
        self.ends = [found.start() for found in re.finditer("\n", text)]
        self.strings: dict[str, str] = dict(_MONTHS)

    def entries(self) -> Iterator[Row]:
        """Read one entry after the other; what stands between them is a remark."""
        while found := _START.search(self.text, self.at):
            start, self.at, self.field, self.name = found.start(), found.end(), "", ""
            try:
                row = self.entry(self.line(start))
            except Problem as problem:
                yield Row(self.line(start), self.name, problem=problem)
                self.skip(start)
            else:
                if row is not None:
                    yield row

    def entry(self, line: int) -> Row | None:
        """Read an entry behind its `@`; None for a remark, a preamble or a string."""
        kind = self.word(msg("the type of an entry")).casefold()
        if kind == "comment":
            return None
        close = {"{": "}", "(": ")"}[self.mark("{(")]
        if kind == "preamble":
            self.value()
            self.mark(close)
            return None
        if kind == "string":
            self.strings |= {name: said.text for name, said in self.fields(close).items()}
            return None
        self.name = self.key()
        return self.made(line, kind, self.name, self.fields(close))

    def key(self) -> str:
        """Read an entry's key and the comma behind it, if there are fields."""
        self.blanks()
        found = re.compile(r"[^\s,{}()\"=]*").match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def fields(self, close: str) -> dict[str, Said]:
        """Read `name = value` until the entry's closing mark; a comma before it, and a missing last one, are fine."""
        found: dict[str, Said] = {}
        while True:
            self.field = ""
            self.blanks()
            while self.peek() == ",":
                self.at += 1
                self.blanks()
            if self.peek() == close:
                self.at += 1
                return found
            line = self.line(self.at)
            name = self.field = self.word(msg("a field, or {mark}", mark=close)).casefold()
            self.mark("=")
            found.setdefault(name, Said(self.value(), line))
            self.blanks()
            if self.peek() not in (",", close):
                raise self.wrong(msg("a comma or {mark}", mark=close))

    def value(self) -> str:
        """Read texts, numbers and names of strings that `#` joins."""
        parts = [self.part()]
        self.blanks()
        while self.peek() == "#":
            self.at += 1
            parts.append(self.part())
            self.blanks()
            if sum(map(len, parts)) > LONGEST:  # strings of strings of strings double each time
                raise self.wrong(msg("at most {count} characters", count=LONGEST))
        return "".join(parts)

    def part(self) -> str:
        self.blanks()
        if self.peek() == "{":
            return self.braced()
        if self.peek() == '"':
            return self.quoted()
        start = self.at
        word = self.word(msg("a text in braces or quotation marks, a number or a string's name"))
        if word.isdecimal():
            return word
        if word.casefold() not in self.strings:
            self.at = start
            raise self.wrong(msg("a string that was defined before"))
        return self.strings[word.casefold()]

    def braced(self) -> str:
        """Read a text in braces, which may hold further ones."""
        start, depth = self.at, 0
        for place in range(start, self.end_of_value(start)):
            mark = self.text[place]
            if self.text[place - 1] == "\\" and self.text[place - 2] != "\\":
                continue
            depth += (mark == "{") - (mark == "}")
            if depth == 0:
                self.at = place + 1
                return self.text[start + 1 : place]
        raise self.unclosed("}")

    def quoted(self) -> str:
        """Read a text in quotation marks; those inside braces do not end it."""
        start, depth = self.at, 0
        for place in range(start + 1, self.end_of_value(start)):
            mark = self.text[place]
            depth += (mark == "{") - (mark == "}")
            if mark == '"' and depth <= 0:
                self.at = place + 1
                return self.text[start + 1 : place]
        raise self.unclosed('"')

    def end_of_value(self, start: int) -> int:
        """Return where a value has ended at the latest: as far as one may be long, or before what begins an entry."""
        found = _ENTRY.search(self.text, start, start + LONGEST)
        return found.start() if found else min(len(self.text), start + LONGEST)

    def made(self, line: int, kind: str, key: str, fields: Mapping[str, Said]) -> Row:
        said = {_FIELDS[name]: Said(plain(one.text), one.line) for name, one in fields.items() if name in _FIELDS}
        if "number" in fields:
            place = "issue" if kind == "article" and "issue" not in said else "number"
            said[place] = Said(plain(fields["number"].text), fields["number"].line)
        if "pages" in said:
            said["pages"] = Said(re.sub(r" ?[–—-]+ ?", "-", one_line(said["pages"].text)), said["pages"].line)
        for name in ("doi", "url"):
            if name in fields:
                said[name] = Said(_address(fields[name].text), fields[name].line)
        names = fields.get("author") or fields.get("editor")
        other = "webpage" if "url" in said and "doi" not in said else "document"
        return built(line, key, TYPES.get(kind, other), said, writers_of(names.text) if names else ())

    def skip(self, start: int) -> None:
        """Go on at the next line that begins with `@`."""
        found = _NEXT.search(self.text, start)
        self.at = found.end() - 1 if found else len(self.text)

    def blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def word(self, expected: object) -> str:
        self.blanks()
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise self.wrong(expected)
        self.at = found.end()
        return found[0]

    def mark(self, marks: str) -> str:
        self.blanks()
        if self.peek() not in tuple(marks):
            raise self.wrong(" / ".join(marks))
        self.at += 1
        return self.text[self.at - 1]

    def wrong(self, expected: object) -> Problem:
        found = one_line(self.text[self.at : self.at + 30]) or "(end)"
        return told(self.line(self.at), self.field, found, expected)  # type: ignore[arg-type]

    def unclosed(self, mark: str) -> Problem:
        return told(self.line(self.at), self.field, "(end)", msg("a closing {mark}", mark=mark))

    def line(self, at: int) -> int:
        return bisect_left(self.ends, at) + 1


def _address(text: str) -> str:
    bare = text.strip()
    if bare.startswith("{") and bare.endswith("}"):
        bare = bare[1:-1]
    return re.sub(r"\\([_%&#~{}])", r"\1", bare)


def _split(names: str) -> Iterator[str]:
    """Split at the word `and` outside of braces."""
    depth, start = 0, 0
    for found in re.finditer(r"[{}]|\s+and\s+", names):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0:
            yield names[start : found.start()]
            start = found.end()
    yield names[start:]


def _writer(name: str) -> Writer:
    if name.startswith("{") and name.endswith("}") and "{" not in name[1:]:
        return Writer(literal=one_line(plain(name)))
    parts = [one_line(plain(part)) for part in name.split(",")]
    if len(parts) > 1:
        family, given = parts[0], parts[-1]
        return Writer(family=f"{family}, {parts[1]}" if len(parts) > 2 else family, given=given)
    words = parts[0].split()
    if len(words) < 2:
        return Writer(literal=parts[0])
    first = next((at for at, word in enumerate(words[1:-1], 1) if word[:1].islower()), len(words) - 1)
    return Writer(family=" ".join(words[first:]), given=" ".join(words[:first]))
