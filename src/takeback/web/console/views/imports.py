"""GET /import and what follows an upload: mapping, dry run, commit."""

from __future__ import annotations

from typing import ClassVar, Literal

from takeback.web.console.views.common import Part, Progress, Text, View


class ImportKind(Part, frozen=True, kw_only=True):
    """What a file can hold; `columns`: the names a file should bring."""

    code: str
    label: Text
    detail: Text
    columns: tuple[str, ...] = ()


class ImportTarget(Part, frozen=True, kw_only=True):
    """A field of ours that a column can be mapped to."""

    name: str
    label: Text
    required: bool = False
    unit: str = ""
    hint: Text = ""


class SourceColumn(Part, frozen=True, kw_only=True):
    """A column of the file: its header, its first values, the field it is mapped to ("" = left out)."""

    header: str
    samples: tuple[str, ...]
    target: str = ""
    sure: bool = True


class RowError(Part, frozen=True, kw_only=True):
    """One thing wrong: where, what it is, what was found (empty: an empty cell), what is expected."""

    row: int | None
    column: str
    found: str
    wrong: Text
    expected: Text | None = None
    remedy: Text | None = None


class ImportReport(Part, frozen=True, kw_only=True):
    """Of the dry run; `errors` holds the first ones, `error_count` all; `notes` say what had to be assumed."""

    rows: int
    good: int
    error_count: int = 0
    errors: tuple[RowError, ...] = ()
    by_kind: tuple[tuple[Text, int], ...] = ()
    notes: tuple[Text, ...] = ()
    preview_columns: tuple[str, ...] = ()
    preview: tuple[tuple[str, ...], ...] = ()

    @property
    def bad(self) -> int:
        return self.rows - self.good


class ImportFile(Part, frozen=True, kw_only=True):
    name: str
    size_bytes: int
    encoding: str
    format: Literal["csv", "xlsx", "json"]
    rows: int | None = None


class RecentImport(Part, frozen=True, kw_only=True):
    href: str
    name: str
    kind: Text
    rows: int
    good: int
    state: Literal["committed", "refused", "waiting"]
    when: Text


class ImportPage(View, frozen=True, kw_only=True):
    """One page, four steps.

    - `upload`: POST /import (multipart `file`, `kind`).
    - `map`: POST /import/{id}/mapping with one field `column-{index}` for each column.
    - `report`: POST /import/{id}/commit with `which` = `all` or `good`.
    - `done`: after the commit.
    """

    template: ClassVar[str] = "import.html"

    step: Literal["upload", "map", "report", "done"] = "upload"
    id: str = ""
    kinds: tuple[ImportKind, ...] = ()
    limit_bytes: int = 1_000_000_000
    file: ImportFile | None = None
    kind: Text = ""
    columns: tuple[SourceColumn, ...] = ()
    targets: tuple[ImportTarget, ...] = ()
    report: ImportReport | None = None
    recent: tuple[RecentImport, ...] = ()
    job: Progress | None = None
    committed: int = 0
    may_import: bool = True
    """Whether the person's role may import; who may only look is told so before choosing a file."""

    @property
    def missing(self) -> tuple[ImportTarget, ...]:
        """Required fields that no column is mapped to."""
        mapped = {column.target for column in self.columns}
        return tuple(target for target in self.targets if target.required and target.name not in mapped)
