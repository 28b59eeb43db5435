"""A table on paper: rows of texts, links and small drawings that break over pages, the header on each of them.

Texts are drawn line by line: two thousand rows take a fraction of the time that a paragraph for each cell would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color
from reportlab.platypus import Flowable

from takeback.core.message import Message
from takeback.share.centre.reporting.lettering import broken, runs, width
from takeback.share.centre.reporting.look import ACCENT, INK, LINE, MUTED

SIZE, LEADING, GAP = 8.2, 11.0, 9.0
ROOMY, TIGHT = 4.0, 1.2  # above and below the texts of a row


@dataclass(frozen=True, slots=True)
class Text:
    """A cell with a text: `link` an address, `colour` other than ink, `bold`."""

    text: str
    link: str = ""
    colour: Color | None = None
    bold: bool = False


Cell: TypeAlias = "str | Text | Drawing"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its share of the width, how it stands, how many lines a cell may have."""

    title: Message | str
    share: float
    align: Literal["left", "right"] = "left"
    lines: int = 2


class Grid(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The table; `font` and `bold` are those of its language."""

    def __init__(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], font: str, bold: str, above: float = ROOMY
    ) -> None:
        super().__init__()
        self._columns, self._rows = columns, rows
        self._font, self._bold, self._above, self._size = font, bold, above, SIZE
        self._heights: list[float] = []
        self.width = 0.0

    def wrap(self, space: float, height: float) -> tuple[float, float]:
        """Lay the rows out in `space`; return the size of the table."""
        if space != self.width:
            self.width = space
            self._heights = [self._height(row) for row in self._rows]
        self.height = self._head() + sum(self._heights)
        return space, self.height

    def split(self, space: float, height: float) -> list[Grid]:
        """Return the part that fits into `height`, and the rest; at least two rows stand together."""
        self.wrap(space, height)
        left, count = height - self._head(), 0
        while count < len(self._rows) and left >= self._heights[count]:
            left -= self._heights[count]
            count += 1
        if count < min(2, len(self._rows)) and height < 400:
            return []
        return [self._part(slice(count)), self._part(slice(count, None))] if count else []

    def draw(self) -> None:
        """Draw the header and the rows downwards; nothing while the document is only being measured."""
        if getattr(self.canv._doctemplate, "measuring", False):
            return
        canvas, y = self.canv, self.height
        self._pen: tuple[str, Color] | None = None
        titles = [Text(str(column.title), colour=MUTED) for column in self._columns]
        y = self._row(y, titles, self._head())
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.line(0, y, self.width, y)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        for row, height in zip(self._rows, self._heights, strict=True):
            y = self._row(y, row, height)
            canvas.line(0, y, self.width, y)

    def _part(self, rows: slice) -> Grid:
        part = Grid(self._columns, self._rows[rows], self._font, self._bold, self._above)
        part.width, part._heights = self.width, self._heights[rows]
        return part

    def _space(self, column: Column) -> float:
        return float(column.share / sum(one.share for one in self._columns) * self.width)

    def _lines(self, cell: Text, column: Column, most: int) -> tuple[str, ...]:
        font = self._bold if cell.bold else self._font
        return broken(cell.text, font, self._size, self._space(column) - GAP, most)

    def _head(self) -> float:
        most = max(len(self._lines(Text(str(one.title)), one, 2)) for one in self._columns)
        return most * LEADING + 2 * ROOMY

    def _height(self, row: Sequence[Cell]) -> float:
        return max(self._tall(cell, one) for cell, one in zip(row, self._columns, strict=True)) + 2 * self._above

    def _tall(self, cell: Cell, column: Column) -> float:
        if isinstance(cell, Drawing):
            return max(LEADING, float(cell.height))
        return LEADING * len(self._lines(_text(cell), column, column.lines))

    def _row(self, y: float, row: Sequence[Cell], height: float) -> float:
        x = 0.0
        for cell, column in zip(row, self._columns, strict=True):
            space = self._space(column)
            if isinstance(cell, Drawing):
                renderPDF.draw(cell, self.canv, x, y - height + (height - cell.height) / 2)
                self._pen = None
            else:
                self._texts(x, y - self._above, _text(cell), column, space)
            x += space
        return y - height

    def _texts(self, x: float, y: float, cell: Text, column: Column, space: float) -> None:
        font = self._bold if cell.bold else self._font
        for at, line in enumerate(self._lines(cell, column, column.lines)):
            wide = width(line, font, self._size)
            left = x + space - GAP - wide if column.align == "right" else x
            base = y - LEADING * at - self._size
            self._write(left, base, line, font, cell.colour or (ACCENT if cell.link else INK))
            if cell.link and line:
                self.canv.linkURL(cell.link, (left, base - 2, left + wide, base + self._size), relative=1)

    def _write(self, x: float, y: float, text: str, font: str, colour: Color) -> None:
        """Draw a text; font and colour are told to the page only where they change."""
        for piece, name in runs(text, font):
            if self._pen != (name, colour):
                self.canv.setFillColor(colour)
                self.canv.setFont(name, self._size)
                self._pen = (name, colour)
            self.canv.drawString(x, y, piece)
            x += width(piece, name, self._size)


def _text(cell: str | Text) -> Text:
    return Text(cell) if isinstance(cell, str) else cell


def draw_text(canvas: Any, x: float, y: float, text: str, font: str, size: float, colour: Color) -> None:
    """Draw a text whose signs may need several fonts; `y` is its base line."""
    canvas.setFillColor(colour)
    for piece, name in runs(text, font):
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += canvas.stringWidth(piece, name, size)
