"""CSV: fields between commas, semicolons or tabs (RFC 4180, and what Excel makes of it)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports.cells import Cell, Record
from takeback.operate.imports.trouble import broken

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_SAMPLE = 65_536  # characters that the delimiter is judged by
_SEP = re.compile(r"sep=(.)\r?\n?", re.I)  # Excel's own way to say the delimiter in the first line


def find_delimiter(path: Path, encoding: str) -> str:
    """Return what separates the fields: that which cuts the first lines into the most and the most equal parts."""
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE).removeprefix("\ufeff")
    if said := _SEP.match(sample):
        return said[1]
    if len(sample) == _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    return max(DELIMITERS, key=lambda delimiter: _fitness(sample, delimiter))


def _fitness(sample: str, delimiter: str) -> float:
    widths = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if cells:
                widths.append(len(cells))
    except csv.Error:
        pass  # told with its row when the file is read
    return (widths[0] - 1) * widths.count(widths[0]) / len(widths) if widths else 0.0


class Delimited:
    """An open CSV file; `columns` is its header, the first line that is not empty."""

    def __init__(self, path: Path, name: str, encoding: str, delimiter: str) -> None:
        self._name = name
        self._size = max(1, path.stat().st_size)
        self._raw = path.open("rb")
        self._text = io.TextIOWrapper(self._raw, encoding=encoding, newline="")  # closes the file when it is forgotten
        self._rows = csv.reader(_lines(self._text), delimiter=delimiter, strict=True)
        self._row = 0
        self.columns: tuple[str, ...] = ()
        for row, cells in self._read():
            if isinstance(cells, Problem):
                self.close()
                raise broken(f"{name}, row {row}", str(cells.found), cells.expected or cells.title)
            if not _says_delimiter(cells, row):
                self.columns = tuple(cells)
                break

    def records(self) -> Iterator[Record]:
        """Yield the rows below the header; one of another length is a problem of its own."""
        width = len(self.columns)
        for row, cells in self._read():
            if isinstance(cells, Problem):
                yield Record(row, (), problem=cells)
            elif len(cells) == width:
                yield Record(row, tuple[Cell, ...](cells))
            elif len(cells) > width and not any(map(str.strip, cells[width:])):
                yield Record(row, tuple[Cell, ...](cells[:width]))
            else:
                yield Record(row, (), problem=_wrong_length(len(cells), width))

    def share(self) -> float:
        """Return how much of the file is read, 0 to 1."""
        return min(1.0, self._raw.tell() / self._size)

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def _read(self) -> Iterator[tuple[int, list[str] | Problem]]:
        while True:
            self._row += 1
            try:
                cells: list[str] | Problem = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                cells = self._bad_quotes(error)
            if isinstance(cells, Problem) or any(map(str.strip, cells)):
                yield self._row, cells

    def _bad_quotes(self, error: csv.Error) -> Problem:
        told = str(error)
        if "field larger" in told:
            raise broken(
                f"{self._name}, row {self._row}",
                msg("a longer value"),
                msg("values of at most {limit} characters", limit=csv.field_size_limit()),
                msg("Is the delimiter right, and no quotation mark missing?"),
            ) from error
        if "unexpected end" in told:
            raise broken(
                f"{self._name}, row {self._row}",
                '"',
                msg("a quotation mark at the end of the value, too"),
                msg("A quotation mark inside a value is written twice."),
            ) from error
        return Problem(
            "import.bad-quotes",
            msg("The quotation marks of this row do not fit."),
            found=told,
            expected=msg("a value in quotation marks, with those inside it written twice"),
        )


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    first = True
    for line in text:
        yield line.removeprefix("\ufeff") if first else line
        first = False


def _says_delimiter(cells: list[str], row: int) -> bool:
    return row == 1 and len(cells) <= 2 and cells[0].lower().startswith("sep=")


def _wrong_length(found: int, expected: int) -> Problem:
    return Problem(
        "import.row-length",
        msg("The row has another number of values than the header."),
        found=msg("{count} values", count=found),
        expected=msg("{count} values", count=expected),
        remedy=msg("A value that holds the delimiter or a line break stands in quotation marks."),
    )
