"""References as the American Psychological Association writes them, without italics.

Source: Publication Manual of the APA, 7th edition (2020), chapters 9 and 10.
"""

from __future__ import annotations

import re

from takeback.share.centre.frontier.source import Source, Writer
from takeback.share.centre.frontier.writing.names import initials, is_chinese

NAMED = 20  # writers named; of more, the first nineteen and the last
_KINDS = {"dataset": "Data set", "software": "Computer software"}
_NUMBERS = {"standard": "Standard No.", "patent": "Patent No.", "report": "Report No."}


def apa(source: Source) -> str:
    """Return a reference, such as `Liu, B., & Chen, D. (2020). A title. A journal, 12(3), 1–10. https://doi.org/...`"""
    title, writers, year = _title(source), _writers(source), f"({source.year or 'n.d.'})"
    head = [_ended(writers), _ended(year), _ended(title)] if writers else [_ended(title), _ended(year)]
    published = _published(source)
    link = f"https://doi.org/{source.doi}" if source.doi else source.url
    return " ".join([*head, *([_ended(published)] if published else []), *([link] if link else [])])


def _title(source: Source) -> str:
    title = source.title
    if source.sort == "legislation" and source.number:
        return f"{title}, {source.number}"
    if source.number and source.sort in _NUMBERS:
        title += f" ({_NUMBERS[source.sort]} {source.number})"
    if source.sort in _KINDS:
        title += f" [{_KINDS[source.sort]}]"
    if source.sort == "thesis":
        title += f" [Doctoral dissertation, {source.publisher}]" if source.publisher else " [Doctoral dissertation]"
    if source.sort == "book" and source.edition:
        title += f" ({source.edition} ed.)"
    return title


def _published(source: Source) -> str:
    pages = re.sub(r"\s*-+\s*", "–", source.pages)
    if source.sort == "article-journal":
        issue = f"({source.issue})" if source.issue else ""
        return ", ".join(filter(None, (source.container, source.volume + issue, pages)))
    publisher = "" if source.sort == "thesis" else source.publisher
    if source.sort in ("paper-conference", "chapter") and source.container:
        within = f"In {source.container}" + (f" (pp. {pages})" if pages else "")
        return f"{within}. {publisher}" if publisher else within
    return publisher or (source.container if source.sort == "webpage" else "")


def _writers(source: Source) -> str:
    names = [_name(one) for one in source.writers]
    if len(names) > NAMED:
        return ", ".join(names[: NAMED - 1]) + f", . . . {names[-1]}"
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + f", & {names[-1]}"


def _name(writer: Writer) -> str:
    if writer.literal:
        return writer.literal
    if is_chinese(writer.family):
        return writer.family + writer.given
    return ", ".join(filter(None, (writer.family, " ".join(initials(writer.given)))))


def _ended(part: str) -> str:
    return part if part.endswith((".", "?", "!")) else f"{part}."
