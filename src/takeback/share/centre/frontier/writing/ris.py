"""Sources as RIS, which reads back as the same sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from takeback.share.centre.frontier.reading.rows import one_line
from takeback.share.centre.frontier.source import Source
from takeback.share.centre.frontier.writing.names import whole_name

_TYPES: Mapping[str, str] = {
    "article-journal": "JOUR", "paper-conference": "CPAPER", "book": "BOOK", "chapter": "CHAP", "thesis": "THES",
    "report": "RPRT", "standard": "STAND", "legislation": "STAT", "patent": "PAT", "dataset": "DATA",
    "software": "COMP", "webpage": "ELEC", "document": "GEN",
}  # fmt: skip


def write_ris(sources: Sequence[Source]) -> str:
    """Return a RIS file."""
    return "".join(_entry(one) for one in sources)


def _entry(source: Source) -> str:
    lines = [f"{tag}  - {one_line(text)}" for tag, text in _lines(source) if text]
    return "\r\n".join([f"TY  - {_TYPES[source.sort]}", *lines, "ER  - ", "", ""])


def _lines(source: Source) -> Iterator[tuple[str, str]]:
    yield from (("AU", whole_name(one)) for one in source.writers)
    yield "TI", source.title
    yield "TT", source.title_zh
    yield "T2", source.container
    yield "PB", source.publisher
    yield "CY", source.place
    yield "PY", str(source.year or "")
    yield "VL", source.volume
    yield "IS", source.issue
    yield "M1", source.number
    first, _, last = source.pages.partition("-")
    yield "SP", first
    yield "EP", last
    yield "ET", source.edition
    yield "DO", source.doi
    yield "UR", source.url
    yield "Y2", source.accessed.strftime("%Y/%m/%d") if source.accessed else ""
    yield "LA", source.language
    yield from (("KW", tag) for tag in source.tags)
    yield "AB", source.abstract
