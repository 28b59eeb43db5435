"""A report as PDF: title page, contents, chapters; its name, the page and whether it is provisional on every page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageBreak, PageTemplate, Paragraph
from reportlab.platypus.tableofcontents import TableOfContents

from takeback.core.message import Message, msg
from takeback.share.centre.reporting.chapters import Chapters, Heading
from takeback.share.centre.reporting.contents import Contents
from takeback.share.centre.reporting.grid import draw_text
from takeback.share.centre.reporting.languages import Language
from takeback.share.centre.reporting.lettering import broken, rich, width
from takeback.share.centre.reporting.look import (
    ACCENT,
    BOTTOM,
    HEIGHT,
    INK,
    INSIDE,
    LINE,
    MARGIN,
    MUTED,
    TOP,
    WARN,
    WHITE,
    WIDTH,
    look,
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the title page, and as title and author on all pages. `facts`: labels and values."""

    title: str
    author: str
    below: tuple[str, ...]
    facts: tuple[tuple[Message, str], ...]
    provisional: bool
    closing: Message


def to_pdf(contents: Contents, language: Language) -> bytes:
    """Return a report as PDF. The same contents give the same bytes."""
    return bound(_cover(contents, language), language, Chapters(contents, language).story())


def bound(cover: Cover, language: Language, chapters: Iterable[Flowable]) -> bytes:
    """Return a title page, a table of contents and chapters as PDF."""
    paper, styles = _Paper(cover, language), look(language)
    toc = TableOfContents(levelStyles=[styles.contents], dotsMinLevel=0, rightColumnWidth=40)
    toc.tableStyle.add("LEFTPADDING", (0, 0), (-1, -1), 0)
    heading = Paragraph(rich(language.say(msg("Contents")), styles.bold), styles.chapter)
    paper.multiBuild([NextPageTemplate("inside"), PageBreak(), heading, toc, *chapters], maxPasses=4)
    return paper.content.getvalue()


def _cover(contents: Contents, language: Language) -> Cover:
    centre = contents.organisation
    return Cover(
        title=f"{language.say(contents.title)} {contents.span}",
        author=language.named(centre.name, centre.name_zh),
        below=tuple(filter(None, [centre.name if language.chinese else centre.name_zh])),
        facts=(
            (msg("Made on"), language.day(contents.made_at, centre.time_zone)),
            (msg("Members"), f"{len(contents.lists.get('member', ())):,}"),
            (msg("Figures"), f"{sum(1 for _ in contents.figures):,}"),
            (msg("Entries of the ledger behind them"), f"{len(contents.entries):,}"),
            (msg("Signed log at this moment"), language.say(msg("{size} leaves", size=f"{contents.proofs.size:,}"))),
        ),
        provisional=bool(contents.provisional),
        closing=msg(
            "Every figure clicks through to its evidence; every piece of evidence is an entry that can be proved."
        ),
    )


class _Paper(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """The pages of a report and what stands on all of them."""

    def __init__(self, cover: Cover, language: Language) -> None:
        self.content = io.BytesIO()
        self._said, self._language, self._look = cover, language, look(language)
        self._last, self._passes = 0, 0
        super().__init__(
            self.content, pagesize=(WIDTH, HEIGHT), title=cover.title, author=cover.author,
            subject=language.say(msg("Report of a collaborative innovation centre, with its evidence")),
            lang="zh-CN" if language.chinese else "en", invariant=1,
        )  # fmt: skip
        frame = Frame(MARGIN, BOTTOM, INSIDE, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0, id="all")
        self.addPageTemplates(
            [
                PageTemplate("cover", [frame], onPage=self._cover),
                PageTemplate("inside", [frame], onPage=self._page),
            ]
        )

    @property
    def measuring(self) -> bool:
        """Whether this pass is only to find out what stands on which page: the first, without contents, always is."""
        return self._passes < 2

    def beforeDocument(self) -> None:  # noqa: N802 - reportlab calls it so
        """Count the passes."""
        self._passes += 1

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802
        """Put a heading into the contents and the reader's outline."""
        if isinstance(flowable, Heading):
            key = f"chapter-{flowable.plain.partition(' ')[0]}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.plain, key, flowable.level, closed=1)
            self.notify("TOCEntry", (flowable.level, rich(flowable.plain, self._look.font), self.page, key))

    def afterPage(self) -> None:  # noqa: N802
        """Remember how many pages there are: the next pass prints it."""
        self._last = max(self._last, self.page)

    def _page(self, canvas: Any, _: Any) -> None:
        font = self._look.font
        y = HEIGHT - 14 * 2.8346
        draw_text(canvas, MARGIN, y, broken(self._said.author, font, 8, INSIDE * 0.6, 1)[0], font, 8, MUTED)
        self._right(canvas, y, self._said.title, MUTED)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, y - 6, WIDTH - MARGIN, y - 6)
        self._right(canvas, BOTTOM - 24, f"{self.page} / {max(self._last, self.page)}", MUTED)
        if self._said.provisional:
            self._provisional(canvas, MARGIN, BOTTOM - 26)

    def _right(self, canvas: Any, y: float, text: str, colour: Any) -> None:
        font = self._look.font
        draw_text(canvas, WIDTH - MARGIN - width(text, font, 8), y, text, font, 8, colour)

    def _provisional(self, canvas: Any, x: float, y: float, size: float = 8) -> None:
        """Draw the flag of a report whose period is open."""
        text = self._language.say(msg("PROVISIONAL: the period is still open, figures may change"))
        bold = self._look.bold
        canvas.setFillColor(WARN)
        canvas.roundRect(x, y - size * 0.45, width(text, bold, size) + 2 * size, size * 1.8, 3, stroke=0, fill=1)
        draw_text(canvas, x + size, y + size * 0.1, text, bold, size, WHITE)

    def _cover(self, canvas: Any, _: Any) -> None:
        styles, said = self._look, self._said
        canvas.setFillColor(ACCENT)
        canvas.rect(0, 0, 12, HEIGHT, stroke=0, fill=1)
        y = self._down(canvas, HEIGHT - 190, said.title, styles.bold, 34, INK) - 8
        y = self._down(canvas, y, said.author, styles.font, 17, INK)
        for text in said.below:
            y = self._down(canvas, y, text, styles.font, 12, MUTED)
        if said.provisional:
            self._provisional(canvas, MARGIN + 10, y - 26, 10)
        self._facts(canvas, 250)

    def _down(self, canvas: Any, y: float, text: str, font: str, size: float, colour: Any) -> float:
        """Draw a text in lines downwards; return where the next begins."""
        for line in broken(text, font, size, INSIDE - 20, 3):
            draw_text(canvas, MARGIN + 10, y, line, font, size, colour)
            y -= size * 1.3 + 2
        return y

    def _facts(self, canvas: Any, y: float) -> None:
        font, language = self._look.font, self._language
        for label, value in self._said.facts:
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.5)
            canvas.line(MARGIN + 10, y + 15, WIDTH - MARGIN, y + 15)
            draw_text(canvas, MARGIN + 10, y, language.say(label), font, 9.5, MUTED)
            draw_text(canvas, MARGIN + 230, y, value, font, 9.5, INK)
            y -= 22
        self._down(canvas, y - 14, language.say(self._said.closing), font, 9, ACCENT)
