"""RIS: a tag, two blanks, a dash and a text on each line, from `TY` to `ER`.

Source: Research Information Systems, RIS format specifications (2001 and 2011).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from takeback.core.message import msg
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
    "JOUR": "article-journal", "EJOUR": "article-journal", "MGZN": "article-journal", "JFULL": "article-journal",
    "CONF": "paper-conference", "CPAPER": "paper-conference", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book",
    "CHAP": "chapter", "ECHAP": "chapter", "THES": "thesis", "RPRT": "report", "STAND": "standard",
    "STAT": "legislation", "LEGAL": "legislation", "BILL": "legislation", "PAT": "patent", "DATA": "dataset",
    "AGGR": "dataset", "COMP": "software", "ELEC": "webpage", "WEB": "webpage", "BLOG": "webpage", "GEN": "document",
}  # fmt: skip
_FIELDS: Mapping[str, str] = {
    "TI": "title", "T1": "title", "TT": "title_zh", "JO": "container", "JF": "container", "T2": "container",
    "BT": "container", "JA": "container", "J2": "container", "PB": "publisher", "CY": "place", "PP": "place",
    "PY": "year", "Y1": "year", "DA": "year", "VL": "volume", "IS": "issue", "ET": "edition", "DO": "doi",
    "UR": "url", "L1": "url", "AB": "abstract", "N2": "abstract", "LA": "language", "Y2": "accessed", "M1": "number",
}  # fmt: skip
_TAG = re.compile(r"\s{0,2}([A-Z][A-Z0-9])\s{1,2}-(?: (.*)|\s*)$")


@dataclass
class _Entry:
    line: int
    kind: str
    said: dict[str, list[Said]] = field(default_factory=dict)


def read_ris(text: str) -> list[Row]:
    """Return the entries of a RIS file; raises nothing but ``centre.bad-file``."""
    return first_ones(_rows(checked_size(text)))


def _rows(text: str) -> Iterator[Row]:
    entry: _Entry | None = None
    last = ""
    for number, line in enumerate(text.splitlines(), 1):
        found = _TAG.match(line)
        tag, said = (found[1], (found[2] or "").strip()) if found else ("", line.strip())
        if tag == "TY":
            if entry is not None:
                yield _unended(entry, number)
            entry, last = _Entry(number, said.upper()), ""
        elif tag == "ER":
            if entry is None:
                yield Row(number, "", problem=told(number, "ER", said, msg("TY before it")))
            else:
                yield _made(entry)
            entry = None
        elif tag and entry is not None:
            entry.said.setdefault(tag, []).append(Said(said, number))
            last = tag
        elif said and entry is None:
            yield Row(number, "", problem=told(number, tag, one_line(line)[:60], msg("TY before it")))
        elif said and entry is not None and last:
            before = entry.said[last][-1]
            if len(before.text) <= LONGEST:  # what is longer is refused whatever follows
                entry.said[last][-1] = Said(f"{before.text}\n{said}", before.line)
    if entry is not None:
        yield _unended(entry, text.count("\n") + 1)


def _unended(entry: _Entry, line: int) -> Row:
    return Row(
        entry.line, "", problem=told(line, "ER", "(end)", msg("ER after the entry of line {line}", line=entry.line))
    )


def _made(entry: _Entry) -> Row:
    said = {tag: texts[0] for tag, texts in entry.said.items()}
    fields: dict[str, Said] = {}
    for tag, name in _FIELDS.items():
        if tag in said and said[tag].text:
            fields.setdefault(name, said[tag])
    if "KW" in entry.said:
        fields["tags"] = Said("\n".join(one.text for one in entry.said["KW"]), said["KW"].line)
    if "SP" in said:
        fields["pages"] = Said("-".join(_pages(said)), said["SP"].line)
    if "accessed" in fields:
        fields["accessed"] = Said(fields["accessed"].text.strip("/"), fields["accessed"].line)
    names = [one.text for tag in ("AU", "A1") for one in entry.said.get(tag, [])]
    key = said["ID"].text if "ID" in said else ""
    return built(entry.line, key, TYPES.get(entry.kind, "document"), fields, tuple(map(_writer, filter(None, names))))


def _pages(said: Mapping[str, Said]) -> list[str]:
    first, last = said["SP"].text.strip(), said["EP"].text.strip() if "EP" in said else ""
    return [first] if not last or last == first else [first, last]


def _writer(name: str) -> Writer:
    parts = [one_line(part) for part in name.split(",")]
    if len(parts) < 2 or not parts[1]:
        return Writer(literal=parts[0])
    return Writer(family=parts[0] if len(parts) < 3 else f"{parts[0]}, {parts[2]}", given=parts[1])
