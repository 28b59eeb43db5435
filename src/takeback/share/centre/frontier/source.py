"""A source of the frontier watch: a paper, a standard, a law, a data set, ... as it was published."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import Facts, Text, kind
from takeback.share.centre.naming import ProblemId

Sort = Literal[
    "article-journal", "paper-conference", "book", "chapter", "thesis", "report", "standard", "legislation", "patent",
    "dataset", "software", "webpage", "document",
]  # fmt: skip
SORTS: tuple[Sort, ...] = get_args(Sort)
"""Types of the Citation Style Language (CSL 1.0.2)."""
RULES = ("standard", "legislation")
Title = Annotated[str, Meta(min_length=1, max_length=500)]
Short = Annotated[str, Meta(max_length=500)]
EARLIEST, LATEST = 1000, 2200  # years
_DOI = re.compile(r"10\.\d{4,9}/\S{1,200}")
_BEFORE_DOI = re.compile(r"^\s*(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote it, as the publication says; `literal`: an organisation, or a name that is not taken apart."""

    family: Short = ""
    given: Short = ""
    literal: Short = ""


@kind(
    "source",
    title="title",
    states={"listed": ("retired",), "retired": ("listed",)},
    create="source.edit",
    fixed_in=("retired",),
    year="year",
)
class Source(Facts, frozen=True, kw_only=True):
    """A source, in the words of CSL.

    - `writers`: bibliographic names as published; people of the centre are named by id in results, not here;
    - `container`: journal or proceedings; `number`: of a standard, law, patent or report;
    - `in_force`: from when a rule applies; `accessed`: the day on which a page was looked at;
    - `tags`, `problems`: what it is about.
    """

    sort: Sort
    title: Title
    title_zh: Short = ""
    writers: tuple[Writer, ...] = ()
    container: Short = ""
    publisher: Short = ""
    place: Short = ""
    year: int | None = None
    volume: Short = ""
    issue: Short = ""
    pages: Short = ""
    number: Short = ""
    edition: Short = ""
    doi: Short = ""
    url: Short = ""
    language: Short = ""
    abstract: Text = ""
    in_force: date | None = None
    accessed: date | None = None
    tags: tuple[Short, ...] = ()
    problems: tuple[ProblemId, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a source without a title, and a year, DOI or address that is none; ``centre.bad-source``."""
        if not self.title.strip() or len(self.title) > 500:
            raise bad_source("title", self.title, msg("1 to {count} characters", count=500))
        if self.year is not None and not EARLIEST <= self.year <= LATEST:
            raise bad_source("year", self.year, f"{EARLIEST} - {LATEST}")
        if self.doi and self.doi != plain_doi(self.doi):
            raise bad_source("doi", self.doi, "10.1234/abcd")
        if self.url and not re.fullmatch(r"https?://[^\s<>\"]+", self.url):
            raise bad_source("url", self.url, "https://...")

    @property
    def is_rule(self) -> bool:
        """Whether it is a law or a standard."""
        return self.sort in RULES


def plain_doi(text: str) -> str:
    """Return a DOI in small letters without what stands before it; ``centre.bad-source`` when it is none."""
    doi = _BEFORE_DOI.sub("", text).strip().lower()
    if not _DOI.fullmatch(doi):
        raise bad_source("doi", text, "10.1234/abcd")
    return doi


def plain_title(title: str) -> str:
    """Return a title's letters and digits alone: the same for the same title however it is printed."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", title).casefold() if mark.isalnum())


def bad_source(field: str, found: object, expected: Message | str) -> Problem:
    """Return the problem of a field that does not say what it should."""
    return Problem(
        "centre.bad-source", msg("This does not describe a source."), where=field, found=found, expected=expected
    )
