"""The look of a report: colours, sizes, styles of text. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from takeback.share.centre.reporting.languages import Language
from takeback.share.centre.reporting.lettering import BOLD, LATIN, ROMAN, ROMAN_BOLD

INK, MUTED, LINE = HexColor("#1b1f1d"), HexColor("#5c6460"), HexColor("#dcded8")
ACCENT, SOFT, PALE = HexColor("#0b7a66"), HexColor("#dff1ec"), HexColor("#f7f7f5")
WARN, BAD, ADVICE, VIOLET, WHITE = (HexColor(c) for c in ("#b45309", "#b42318", "#2f5fb3", "#6d4bb0", "#ffffff"))
SERIES = (ACCENT, ADVICE, VIOLET, WARN, HexColor("#5f8a3c"), HexColor("#a3476f"), MUTED, HexColor("#3c8a9e"), BAD)
LIGHTS = {"green": ACCENT, "amber": WARN, "red": BAD, "grey": HexColor("#a9aea9")}

WIDTH, HEIGHT = A4
MARGIN, TOP, BOTTOM = 20 * mm, 24 * mm, 20 * mm
INSIDE = WIDTH - 2 * MARGIN


@dataclass(frozen=True)
class Look:
    """The styles of one language: Chinese stands a little larger and looser, and has no bold."""

    text: ParagraphStyle
    small: ParagraphStyle
    chapter: ParagraphStyle
    section: ParagraphStyle
    contents: ParagraphStyle
    font: str
    bold: str


def look(language: Language) -> Look:
    """Return the look of a language."""
    font, bold = (ROMAN, ROMAN_BOLD) if language.chinese else (LATIN, BOLD)  # Song goes with Times
    wrap = {"wordWrap": "CJK"} if language.chinese else {}
    text = ParagraphStyle("text", fontName=font, fontSize=9.5, leading=14, textColor=INK, spaceAfter=6, **wrap)
    small = ParagraphStyle("small", parent=text, fontSize=8, leading=11.5, textColor=MUTED)
    chapter = ParagraphStyle(
        "chapter", parent=text, fontName=bold, fontSize=18, leading=24, spaceBefore=22, spaceAfter=10, keepWithNext=1
    )
    section = ParagraphStyle(
        "section", parent=text, fontName=bold, fontSize=11.5, leading=16, spaceBefore=12, spaceAfter=5, keepWithNext=1
    )
    contents = ParagraphStyle("contents", parent=text, fontSize=10, leading=19, spaceAfter=0)
    return Look(text, small, chapter, section, contents, font, bold)
