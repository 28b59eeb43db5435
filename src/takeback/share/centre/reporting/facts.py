"""A report as a record: what it told, and the hashes of its files."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from takeback.share.centre.kinds import Facts, Line, kind
from takeback.share.centre.reporting.contents import Sort

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class ReportFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of a report: its name, and SHA-256 in hexadecimal digits."""

    name: Line
    sha256: Hash
    size: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure as the report told it; `entries`: how many entries it rested on."""

    code: Line
    year: int
    unit: str
    value: int | float | None
    entries: int


@kind(
    "report",
    title="title",
    states={"made": ("published", "withdrawn"), "published": ("withdrawn",), "withdrawn": ()},
    create="report.make",
    read="report.read",
    fixed_in=("made", "published", "withdrawn"),
    year="year",
)
class Report(Facts, frozen=True, kw_only=True):
    """A report of `year`, or of the years from `first_year` to it. `size`, `root`: of the signed log it was made on."""

    sort: Sort
    title: Line
    title_zh: Line
    first_year: int
    year: int
    provisional: bool
    size: int
    root: str
    figures: tuple[Snapshot, ...]
    files: tuple[ReportFile, ...]
