"""Sources as CSL JSON, which reads back as the same sources."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from takeback.share.centre.frontier.source import Source, Writer


def write_csl(sources: Sequence[Source]) -> str:
    """Return a CSL JSON file: a list of items, a line each."""
    items = [json.dumps(item(one, f"source-{at}"), ensure_ascii=False) for at, one in enumerate(sources, 1)]
    return "[\n" + ",\n".join(items) + "\n]\n"


def item(source: Source, key: str) -> dict[str, Any]:
    """Return a source as an item of CSL JSON."""
    said: dict[str, Any] = {
        "id": key,
        "type": source.sort,
        "title": source.title,
        "author": [_name(one) for one in source.writers],
        "container-title": source.container,
        "publisher": source.publisher,
        "publisher-place": source.place,
        "issued": {"date-parts": [[source.year]]} if source.year else None,
        "volume": source.volume,
        "issue": source.issue,
        "page": source.pages,
        "number": source.number,
        "edition": source.edition,
        "DOI": source.doi,
        "URL": source.url,
        "language": source.language,
        "abstract": source.abstract,
        "keyword": ", ".join(source.tags),
    }
    if day := source.accessed:
        said["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    return {name: value for name, value in said.items() if value}


def _name(writer: Writer) -> dict[str, str]:
    if writer.literal:
        return {"literal": writer.literal}
    return {name: text for name, text in (("family", writer.family), ("given", writer.given)) if text}
