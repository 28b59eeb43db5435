"""Sources as BibTeX, which reads back as the same sources."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from takeback.share.centre.frontier.source import Source, Writer

_TYPES: Mapping[str, str] = {
    "article-journal": "article", "paper-conference": "inproceedings", "book": "book", "chapter": "incollection",
    "thesis": "phdthesis", "report": "techreport", "standard": "standard", "legislation": "legislation",
    "patent": "patent", "dataset": "dataset", "software": "software", "webpage": "online", "document": "misc",
}  # fmt: skip
_PUBLISHER: Mapping[str, str] = {"thesis": "school", "report": "institution"}
_MARKS = re.compile(r"[\\{}~&%$#_^]")
_NAMED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def write_bibtex(sources: Sequence[Source]) -> str:
    """Return a BibTeX file, in UTF-8; an entry's key is the first writer, the year, and a letter if it is needed."""
    taken: set[str] = set()
    return "\n".join(_entry(one, _key(one, taken)) for one in sources)


def escaped(text: str) -> str:
    """Return a text in which TeX's own marks stand for themselves."""
    safe = _MARKS.sub(lambda found: _NAMED.get(found[0], "\\" + found[0]), text)
    return safe.replace("--", "-{}-")


def _entry(source: Source, key: str) -> str:
    fields = "".join(f"  {name} = {{{text}}},\n" for name, text in _fields(source) if text)
    return f"@{_TYPES[source.sort]}{{{key},\n{fields}}}\n"


def _fields(source: Source) -> Iterator[tuple[str, str]]:
    yield "author", " and ".join(_name(one) for one in source.writers)
    yield "title", escaped(source.title)
    yield "titleaddon", escaped(source.title_zh)
    yield "journal" if source.sort == "article-journal" else "booktitle", escaped(source.container)
    yield _PUBLISHER.get(source.sort, "publisher"), escaped(source.publisher)
    yield "address", escaped(source.place)
    yield "year", str(source.year or "")
    yield "volume", escaped(source.volume)
    yield "issue", escaped(source.issue)
    yield "eid" if source.sort == "article-journal" else "number", escaped(source.number)
    yield "pages", escaped(source.pages).replace("-", "--")
    yield "edition", escaped(source.edition)
    yield "doi", _address(source.doi)
    yield "url", _address(source.url)
    yield "urldate", source.accessed.isoformat() if source.accessed else ""
    yield "language", escaped(source.language)
    yield "keywords", escaped(", ".join(source.tags))
    yield "abstract", escaped(source.abstract)


def _address(text: str) -> str:
    return re.sub(r"[{}]", r"\\\g<0>", text)


def _name(writer: Writer) -> str:
    if writer.literal:
        return "{" + escaped(writer.literal) + "}"
    return ", ".join(escaped(part) for part in (writer.family, writer.given) if part)


def _key(source: Source, taken: set[str]) -> str:
    first = source.writers[0] if source.writers else None
    name = _letters(first.literal or first.family) if first else _letters(source.title)
    stem = f"{name[:20] or 'source'}{source.year or ''}"
    key = next(key for key in _numbered(stem) if key not in taken)
    taken.add(key)
    return key


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    for letter in "bcdefghijklmnopqrstuvwxyz":
        yield stem + letter
    number = 27
    while True:
        yield f"{stem}-{number}"
        number += 1


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]", "", plain)
