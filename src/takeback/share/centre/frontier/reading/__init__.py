"""Reads references out of files: BibTeX, RIS, CSL JSON, and plain lists of DOIs, standards and laws.

Each reader returns rows: a source, or a problem with the line and the field; one bad entry does not spoil the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from takeback.share.centre.frontier.reading.bibtex import read_bibtex
from takeback.share.centre.frontier.reading.csl import read_csl
from takeback.share.centre.frontier.reading.lists import read_dois, read_laws, read_standards
from takeback.share.centre.frontier.reading.ris import read_ris
from takeback.share.centre.frontier.reading.rows import Row

Form = Literal["bibtex", "ris", "csl-json", "doi", "standards", "law"]
READERS: Mapping[str, Callable[[str], list[Row]]] = {
    "bibtex": read_bibtex,
    "ris": read_ris,
    "csl-json": read_csl,
    "doi": read_dois,
    "standards": read_standards,
    "law": read_laws,
}

__all__ = [
    "READERS", "Form", "Row", "read_bibtex", "read_csl", "read_dois", "read_laws", "read_ris", "read_standards",
]  # fmt: skip
