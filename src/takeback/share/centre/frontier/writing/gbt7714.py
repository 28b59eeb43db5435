"""References as GB/T 7714-2015 writes them, in the order of citation (numeric style, without the number).

Source: GB/T 7714-2015, Information and documentation: rules for bibliographic references and citations, 4 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping

from takeback.share.centre.frontier.source import Source, Writer
from takeback.share.centre.frontier.writing.names import initials, is_chinese

MARKS: Mapping[str, str] = {
    "article-journal": "J", "paper-conference": "C", "book": "M", "chapter": "M", "thesis": "D", "report": "R",
    "standard": "S", "legislation": "Z", "patent": "P", "dataset": "DS", "software": "CP", "webpage": "EB",
    "document": "Z",
}  # fmt: skip
"""The marks of document types, annex B; laws have none of their own and take that of other documents."""
NAMED = 3  # writers named before `et al`
_ONLINE = ("webpage", "dataset", "software")


def gbt7714(source: Source) -> str:
    """Return a reference, such as `LIU B, CHEN D. A title[J]. A journal, 2020, 12(3): 1-10. DOI: 10.1234/abcd.`"""
    online = bool(source.url) and (source.accessed is not None or source.sort in _ONLINE)
    parts = [_writers(source), _title(source, online), _published(source, online), source.url if online else ""]
    parts.append(f"DOI: {source.doi}" if source.doi else "")
    return " ".join(_ended(part) for part in parts if part)


def _title(source: Source, online: bool) -> str:
    title = source.title
    if source.number and source.sort in ("standard", "patent", "legislation", "report"):
        title = f"{title}: {source.number}"
    title += f"[{MARKS[source.sort]}{'/OL' if online else ''}]"
    if source.sort in ("paper-conference", "chapter") and source.container:
        title += f"//{source.container}"
    return title


def _published(source: Source, online: bool) -> str:
    if source.sort == "article-journal":
        said = _journal(source)
    elif source.sort == "webpage":
        said = f"({source.year})" if source.year else ""
    else:
        said = _press(source)
    return said + (f"[{source.accessed}]" if online and source.accessed else "")


def _journal(source: Source) -> str:
    issue = f"({source.issue})" if source.issue else ""
    said = ", ".join(filter(None, (source.container, str(source.year or ""), source.volume + issue)))
    return f"{said}: {source.pages}" if source.pages else said


def _press(source: Source) -> str:
    """Return edition, place, publisher, year and pages."""
    press = ": ".join(filter(None, (source.place, source.publisher)))
    said = ", ".join(filter(None, (press, str(source.year or ""))))
    said = f"{said}: {source.pages}" if source.pages and said else said or source.pages
    return ". ".join(filter(None, (source.edition, said)))


def _writers(source: Source) -> str:
    names = [_name(one) for one in source.writers[:NAMED]]
    if len(source.writers) > NAMED:
        names.append("等" if is_chinese(names[0]) else "et al")
    return ", ".join(names)


def _name(writer: Writer) -> str:
    if writer.literal:
        return writer.literal
    if is_chinese(writer.family):
        return writer.family + writer.given
    given = " ".join(initials(writer.given, mark="", hyphen=" "))
    return f"{writer.family.upper()} {given}".strip()


def _ended(part: str) -> str:
    return part if part.endswith((".", "?", "!", "。")) else f"{part}."
