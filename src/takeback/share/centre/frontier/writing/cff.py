"""`CITATION.cff` of software and data sets. Source: Citation File Format 1.2.0 (Druskat et al., 2021)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from takeback.share.centre.frontier.source import Source, Writer

MESSAGE = "If you use this work, please cite it as below."
_LICENCE = re.compile(r"[A-Za-z0-9.+-]+")


def citation_cff(source: Source, *, licence: str = "", version: str = "", by: str = "") -> str:
    """Return the file of a piece of software or a data set; `by`: who is named when no writer can be.

    `licence` is written where it is an SPDX identifier (blanks are taken for hyphens). Texts are JSON strings, which
    YAML 1.2 reads as they are.
    """
    return "\n".join([*_lines(source, licence.strip().replace(" ", "-"), version, by), ""])


def _lines(source: Source, licence: str, version: str, by: str) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield f"message: {_text(MESSAGE)}"
    yield f"type: {'dataset' if source.sort == 'dataset' else 'software'}"
    yield f"title: {_text(source.title)}"
    yield "authors:"
    for one in source.writers or (Writer(literal=by or source.publisher or source.title),):
        yield from _author(one)
    said = {"abstract": source.abstract, "version": version, "doi": source.doi, "url": source.url}
    yield from (f"{name}: {_text(text)}" for name, text in said.items() if text)
    if _LICENCE.fullmatch(licence):
        yield f"license: {_text(licence)}"
    if source.tags:
        yield "keywords:"
        yield from (f"  - {_text(tag)}" for tag in source.tags)


def _author(writer: Writer) -> Iterator[str]:
    if writer.literal:
        yield f"  - name: {_text(writer.literal)}"
        return
    yield f"  - family-names: {_text(writer.family)}"
    if writer.given:
        yield f"    given-names: {_text(writer.given)}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
