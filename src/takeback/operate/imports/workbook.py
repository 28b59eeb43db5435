"""Excel: the rows of one sheet of an .xlsx file, read as a stream.

openpyxl reads what is small (sheets, styles, the calendar) and every cell. The shared texts, which it would hold in
memory as a whole, go to a temporary file, and rows are forgotten as soon as they are read: memory does not grow with
the file.
"""

from __future__ import annotations

import math
import tempfile
import warnings
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports.cells import Cell, Record, Refused
from takeback.operate.imports.trouble import bad_format, broken

MOST_ROWS = 1_048_576  # of a sheet, by ECMA-376
LARGEST_PART = 50_000_000  # bytes of the parts that are read whole: styles, the list of sheets
MOST_BETWEEN = 2**25  # bytes of XML between two rows or texts; a row of Excel's own never comes near
_IN_MEMORY = 2**22  # bytes of shared texts that need no file
_SURE = 10**15  # whole numbers up to here keep all their digits in a spreadsheet
_ROW, _DATA = f"{{{SHEET_MAIN_NS}}}row", f"{{{SHEET_MAIN_NS}}}sheetData"
_SI, _IS, _T, _R = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("si", "is", "t", "r"))
# What zlib, zipfile, expat and openpyxl raise on files that were cut off, changed or made by somebody else's program.
_DAMAGE = (
    ElementTree.ParseError, zipfile.BadZipFile, zlib.error, EOFError,
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError,
)  # fmt: skip
warnings.filterwarnings("ignore", module="openpyxl")  # of styles and extensions, which do not matter here


class Workbook:
    """An open sheet; `columns` is its header, the first row with something in it. `sheets` names all sheets."""

    def __init__(self, path: Path, name: str, sheet: str | None, scratch: Path | None) -> None:
        self._name = name
        self._file = path.open("rb")
        try:
            self._reader = _Reader(self._file, read_only=True, keep_links=False)
            _refuse_large_parts(self._reader.archive, name)
            self._reader.read()
            self._texts = _Texts(self._reader, scratch)
        except _DAMAGE as error:
            raise _not_excel(path, name, error) from error
        self.sheets = tuple(self._reader.parts)
        self.sheet = _chosen(sheet, self.sheets, name)
        part = self._reader.parts[self.sheet]
        self._size = max(1, self._reader.archive.getinfo(part).file_size)
        self._source = _Watched(self._reader.archive.open(part), name)
        self._row = 0
        self._read = self._rows()
        self.columns: tuple[str, ...] = ()
        for row, cells in self._read:
            for cell in cells:
                if isinstance(cell, Refused):
                    raise self._bad_header(row, cell)
            texts = [_header(cell) for cell in cells]
            if any(texts):
                self.columns = tuple(texts)
                break

    def records(self) -> Iterator[Record]:
        """Yield the rows below the header that have something in them."""
        width = len(self.columns)
        for row, cells in self._read:
            if any(cell != "" for cell in cells[:width]):
                yield Record(row, [*cells[:width], *[""] * (width - len(cells))])

    def _bad_header(self, row: int, cell: Refused) -> Problem:
        """Return the problem of a header that is a formula or an error: what it names is not in the file."""
        problem = cell.problem
        problem.where, problem.found = f"{self._name}, {self.sheet}, row {row}", cell.found
        self.close()
        return problem

    def share(self) -> float:
        """Return how much of the sheet is read, 0 to 1."""
        return float(min(1.0, self._source.total / self._size))

    def close(self) -> None:
        """Close the file and forget the shared texts."""
        self._texts.close()
        self._file.close()

    def _rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        book = self._reader.wb
        formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}
        parser = _Rows(self._source, self._texts, epoch=book.epoch, **formats)
        try:
            for count, (self._row, cells) in enumerate(parser.rows(), start=1):
                if max(count, self._row) > MOST_ROWS:
                    raise ValueError(f"more than {MOST_ROWS} rows")
                yield self._row, cells
        except _DAMAGE as error:
            where = f"{self._name}, {self.sheet}, row {self._row}"
            raise broken(where, str(error) or type(error).__name__, msg("a sheet as Excel writes it")) from error


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's reader of workbooks without what it reads whole; `parts` are the names of sheets and their files."""

    parts: dict[str, str]

    def read(self) -> None:
        self.read_manifest()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        found = [(sheet.name, relation) for sheet, relation in self.parser.find_sheets()]
        self.parts = {
            name: relation.target
            for name, relation in found
            if relation.target in self.valid_files and "chartsheet" not in relation.Type
        }


class _Rows(WorkSheetParser):  # type: ignore[misc]
    """openpyxl's reader of cells with a loop that keeps nothing of a row."""

    row_counter: int
    col_counter: int

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        data = None
        for event, element in ElementTree.iterparse(self.source, events=("start", "end")):  # noqa: S314 -- see _Watched
            if element.tag == _DATA:
                # What follows is read to its end, so that a broken sheet is told as one.
                data = None if event == "end" else element
            elif element.tag == _ROW and event == "end" and data is not None:
                self.row_counter = int(element.get("r") or self.row_counter + 1)
                self.col_counter = 0
                yield self.row_counter, _aligned([self.parse_cell(cell) for cell in element])
                self.source.between = 0
                data.clear()
            elif event == "end" and data is None:
                element.clear()
                self.source.between = 0

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Return a cell; texts that stand in it are read without openpyxl's objects for their formats."""
        inline = element.find(_IS)
        if inline is not None:
            element.remove(inline)
        cell: dict[str, Any] = super().parse_cell(element)
        if inline is not None and cell["data_type"] != "f":
            cell |= {"value": _text(inline), "data_type": "s"}
        return cell

    def parse_formula(self, element: Any) -> str:
        """Return the formula as it stands there; shared ones are not written out for every cell."""
        formula = element.find(f"{{{SHEET_MAIN_NS}}}f")
        return "=" + (formula.text or "…")


class _Watched:
    """A part of the archive that is not believed to end: a few bytes can unpack to a single value of gigabytes.

    Entities cannot do that: expat refuses to blow them up since 2.4.1.
    """

    def __init__(self, source: IO[bytes], name: str) -> None:
        self._source, self._name = source, name
        self.between = 0
        self.total = 0

    def read(self, size: int = -1) -> bytes:
        self.between += size
        if self.between > MOST_BETWEEN:
            raise broken(self._name, "one row of more than 30 MB", msg("a sheet as Excel writes it"))
        chunk = self._source.read(size)
        self.total += len(chunk)
        return chunk


class _Texts:
    """The shared texts of a workbook, by number."""

    def __init__(self, reader: Any, scratch: Path | None) -> None:
        self._ends = array("Q", [0])
        # Closed by `close`; it has no name in the folder and goes with the process in any case.
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=None if scratch is None else str(scratch))  # noqa: SIM115
        part = reader.package.find(SHARED_STRINGS)
        if part is not None:
            with reader.archive.open(part.PartName[1:]) as source:
                self._fill(_Watched(source, "sharedStrings"))

    def __getitem__(self, number: int) -> str:
        begin, end = self._ends[number], self._ends[number + 1]
        self._file.seek(begin)
        return self._file.read(end - begin).decode()

    def close(self) -> None:
        self._file.close()

    def _fill(self, source: _Watched) -> None:
        root, end = None, 0
        for event, element in ElementTree.iterparse(source, events=("start", "end")):  # noqa: S314
            if root is None:
                root = element
            if event == "end" and element.tag == _SI:
                end += self._file.write(_text(element).encode())
                self._ends.append(end)
                root.clear()
                source.between = 0


def _text(item: ElementTree.Element) -> str:
    """Return a text without its formats and its phonetic hints."""
    parts = [*item.iterfind(_T), *(t for run in item.iterfind(_R) for t in run.iterfind(_T))]
    return str(unescape("".join(part.text or "" for part in parts)))


def _aligned(read: Sequence[dict[str, Any]]) -> list[Cell]:
    """Return the cells of a row at their places; the file leaves empty ones out."""
    cells: list[Cell] = [""] * max((cell["column"] for cell in read), default=0)
    for cell in read:
        cells[cell["column"] - 1] = _cell(cell["value"], cell["data_type"])
    return cells


def _cell(value: Any, kind: str) -> Cell:
    if kind == "f":
        return Refused(str(value), _formula())
    if kind == "e":
        return Refused(str(value), _error())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, date):
        return value if isinstance(value, datetime) else datetime.combine(value, time())
    return "" if value is None else str(value)


def _number(value: float) -> str:
    """Return a number's shortest text: 12 for 12.0, and 1.2E+19 where the spreadsheet has lost digits."""
    if isinstance(value, int) or not math.isfinite(value):
        return str(value) if abs(value) < _SURE else f"{value:E}"
    return str(int(value)) if value.is_integer() and abs(value) < _SURE else repr(value)


def _header(cell: Cell) -> str:
    if isinstance(cell, Refused):
        raise TypeError("a header is refused before it is read")
    return cell.isoformat(" ") if isinstance(cell, datetime) else " ".join(cell.split())


def _chosen(sheet: str | None, sheets: tuple[str, ...], name: str) -> str:
    if sheet is None and sheets:
        return sheets[0]
    if sheet in sheets and sheet is not None:
        return sheet
    raise Problem(
        "import.no-sheet",
        msg("The workbook has no sheet of this name."),
        where=name,
        found=sheet,
        expected=" / ".join(sheets) or msg("at least one sheet with cells"),
    )


def _refuse_large_parts(archive: zipfile.ZipFile, name: str) -> None:
    small = [part for part in archive.infolist() if not part.filename.startswith(("xl/worksheets/", "xl/media/"))]
    for part in small:
        if part.file_size > LARGEST_PART and not part.filename.endswith("sharedStrings.xml"):
            raise broken(f"{name}, {part.filename}", f"{part.file_size} bytes", msg("a workbook as Excel writes it"))


def _not_excel(path: Path, name: str, error: Exception) -> Problem:
    """Return what is wrong with an archive that is no workbook."""
    try:
        parts = zipfile.ZipFile(path).namelist()
    except (zipfile.BadZipFile, OSError):
        return broken(name, str(error), msg("a whole .xlsx file"), msg("Save or send it once more."))
    if "xl/workbook.xml" in parts:
        remedy = msg("Open it in Excel and save it again.")
        return broken(name, str(error), msg("a workbook as Excel writes it"), remedy)
    if "xl/workbook.bin" in parts or "mimetype" in parts:
        return bad_format(name, msg("another kind of workbook"), msg("Save it as an Excel workbook (.xlsx)."))
    return bad_format(name, msg("an archive"), msg("Unpack it first."))


def _formula() -> Problem:
    return Problem(
        "import.formula",
        msg("This cell holds a formula."),
        expected=msg("a value"),
        remedy=msg("Copy the column and paste it as values."),
    )


def _error() -> Problem:
    return Problem("import.error-cell", msg("This cell shows an error of the spreadsheet."), expected=msg("a value"))
