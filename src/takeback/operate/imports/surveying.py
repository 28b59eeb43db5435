"""A first look at a file: its size, format, encoding, columns and first values. Nothing is judged yet."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports.cells import MOST_COLUMNS, Cell, Refused, Source
from takeback.operate.imports.delimited import Delimited, find_delimiter
from takeback.operate.imports.encoding import NAMES, find_encoding
from takeback.operate.imports.objects import Objects
from takeback.operate.imports.trouble import bad_format, disk_full, empty, too_large, unreadable

if TYPE_CHECKING:
    from takeback.operate.imports.workbook import Workbook

Format = Literal["csv", "xlsx", "json"]
SAMPLES = 5
_LONGEST_SAMPLE = 60
_HEADER_OF_OBJECTS = 8_000_000  # bytes in which the names of an object's members are looked for
_ZIP, _OLE, _GZIP, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF"


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is. `sha256` in hexadecimal digits; `samples`: the first values of each column of `columns`."""

    name: str
    size_bytes: int
    sha256: str
    format: Format
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    @property
    def encoding_name(self) -> str:
        """What people call the encoding; empty for a workbook."""
        return NAMES[self.encoding] if self.encoding else ""


def check_size(size: int | None, limit: int) -> None:
    """Refuse what is larger than `limit` bytes, before anything is read. Raises `import.too-large` (413)."""
    if size is not None and size > limit:
        raise too_large(size, limit)


def survey(path: Path, *, limit: int, name: str = "", sheet: str | None = None, scratch: Path | None = None) -> Survey:
    """Look at a file of at most `limit` bytes; `name` is what people call it, `scratch` a folder for temporary files.

    Raises
    ------
    Problem
        `import.unreadable`, `import.too-large`, `import.empty`, `import.unknown-encoding`, `import.bad-format`,
        `import.broken-file`, `import.no-sheet`, `import.too-many-columns`.
    """
    name = name or path.name
    with _reading(name):
        size = path.stat().st_size
        check_size(size, limit)
        if size == 0:
            raise empty(name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        known = Survey(name=name, size_bytes=size, sha256=digest, format="xlsx", columns=(), samples=(), sheet=sheet)
        return _with_columns(_of_kind(known, path), path, scratch)


@contextmanager
def opened(known: Survey, path: Path, scratch: Path | None = None) -> Iterator[Source]:
    """Open a file that was looked at. Raises what reading raises, and `import.disk-full` for temporary files."""
    with _reading(known.name):
        source = _open(known, path, scratch)
        try:
            yield source
        finally:
            source.close()


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(name) from error
        raise unreadable(name, error.strerror) from error


def _of_kind(known: Survey, path: Path) -> Survey:
    """Return the survey with the file's format, and of a text its encoding and delimiter."""
    name = known.name
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(_ZIP):
        return known
    if head.startswith(_OLE):
        remedy = msg("Save it as an Excel workbook (.xlsx), without a password.")
        raise bad_format(name, msg("an old or encrypted Excel file"), remedy)
    if head.startswith(_GZIP) or head.startswith(_PDF):
        raise bad_format(name, msg("an archive or a PDF"), msg("Unpack it, or export the table itself."))
    encoding = find_encoding(path, name)
    if _begins_json(head.decode(encoding, "ignore").removeprefix("\ufeff").lstrip()):
        return msgspec.structs.replace(known, format="json", encoding=encoding, sheet=None)
    delimiter = find_delimiter(path, encoding)
    return msgspec.structs.replace(known, format="csv", encoding=encoding, delimiter=delimiter, sheet=None)


def _begins_json(head: str) -> bool:
    return head.startswith("{") or (head.startswith("[") and head[1:].lstrip()[:1] in {"{", "[", "]", ""})


def _open(known: Survey, path: Path, scratch: Path | None) -> Workbook | Delimited | Objects:
    if known.format == "xlsx":
        from takeback.operate.imports.workbook import Workbook  # noqa: PLC0415 - openpyxl takes half a second to load

        return Workbook(path, known.name, known.sheet, scratch)
    encoding = known.encoding or "utf-8"
    if known.format == "json":
        return Objects(path, known.name, encoding, known.columns)
    return Delimited(path, known.name, encoding, known.delimiter or ",")


def _with_columns(known: Survey, path: Path, scratch: Path | None) -> Survey:
    if known.format == "json":
        source = Objects(path, known.name, known.encoding or "utf-8", ())
        try:
            columns = source.found_columns(_HEADER_OF_OBJECTS)
        finally:
            source.close()
        known = msgspec.structs.replace(known, columns=columns)
    opened_source = _open(known, path, scratch)
    try:
        if not opened_source.columns:
            raise empty(known.name)
        if len(opened_source.columns) > MOST_COLUMNS:
            raise _too_many_columns(known.name, len(opened_source.columns))
        records = [record.cells for record in islice(opened_source.records(), 50) if record.problem is None]
    finally:
        opened_source.close()
    samples = tuple(_samples([cells[n] for cells in records]) for n in range(len(opened_source.columns)))
    known = msgspec.structs.replace(known, columns=opened_source.columns, samples=samples)
    if known.format != "xlsx":
        return known
    from takeback.operate.imports.workbook import Workbook  # noqa: PLC0415 - loaded by now

    assert isinstance(opened_source, Workbook)  # noqa: S101 - `_open` made it
    return msgspec.structs.replace(known, sheet=opened_source.sheet, sheets=opened_source.sheets)


def _samples(cells: list[Cell]) -> tuple[str, ...]:
    shown = dict.fromkeys(text for cell in cells if (text := shown_cell(cell)))
    return tuple(text[:_LONGEST_SAMPLE] for text in islice(shown, SAMPLES))


def shown_cell(cell: Cell) -> str:
    """Return a cell as people read it."""
    if isinstance(cell, Refused):
        return cell.found
    return cell.strip() if isinstance(cell, str) else cell.isoformat(" ")


def _too_many_columns(name: str, found: int) -> Problem:
    return Problem(
        "import.too-many-columns",
        msg("The table has too many columns."),
        where=name,
        found=found,
        expected=msg("at most {limit}", limit=MOST_COLUMNS),
    )
