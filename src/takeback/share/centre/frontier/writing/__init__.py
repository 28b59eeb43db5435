"""Writes sources for others: BibTeX, RIS, CSL JSON, references by GB/T 7714-2015 and APA, `CITATION.cff`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.frontier.source import Source
from takeback.share.centre.frontier.writing.apa import apa
from takeback.share.centre.frontier.writing.bibtex import write_bibtex
from takeback.share.centre.frontier.writing.cff import citation_cff
from takeback.share.centre.frontier.writing.csl import write_csl
from takeback.share.centre.frontier.writing.gbt7714 import gbt7714
from takeback.share.centre.frontier.writing.ris import write_ris

Style = Literal["bibtex", "ris", "csl-json", "gbt7714", "apa"]


def _listed(style: Callable[[Source], str]) -> Callable[[Sequence[Source]], str]:
    return lambda sources: "".join(f"{style(one)}\n" for one in sources)


WRITERS: Mapping[str, Callable[[Sequence[Source]], str]] = {
    "bibtex": write_bibtex,
    "ris": write_ris,
    "csl-json": write_csl,
    "gbt7714": _listed(gbt7714),
    "apa": _listed(apa),
}
MEDIA_TYPES: Mapping[str, tuple[str, str]] = {
    "bibtex": ("application/x-bibtex", "bib"),
    "ris": ("application/x-research-info-systems", "ris"),
    "csl-json": ("application/vnd.citationstyles.csl+json", "json"),
    "gbt7714": ("text/plain", "txt"),
    "apa": ("text/plain", "txt"),
}
"""Style -> media type and file extension."""


def export(sources: Sequence[Source], style: Style) -> str:
    """Return sources in a style; ``centre.bad-form`` for one that there is not."""
    if style not in WRITERS:
        raise Problem("centre.bad-form", msg("This form is not known."), found=style, expected=", ".join(WRITERS))
    return WRITERS[style](sources)


__all__ = [
    "MEDIA_TYPES", "WRITERS", "Style", "apa", "citation_cff", "export", "gbt7714", "write_bibtex", "write_csl",
    "write_ris",
]  # fmt: skip
