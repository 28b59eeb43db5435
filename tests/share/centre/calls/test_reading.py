"""The words of files for reviewers are read with their places, and names are found in them in every usual spelling."""

from __future__ import annotations

import io
import shutil
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from takeback.share.centre.calls.cleaning import EXCEL, WORD
from takeback.share.centre.calls.reading import words_of
from takeback.share.centre.calls.reading.passage import MOST
from takeback.share.centre.calls.reading.pdf import read_pdf
from takeback.share.centre.calls.wording import named_in, named_in_file

PDF = "application/pdf"
NAMES = ("Wei Lan", "兰薇", "wei@hidden.example", "Kestrelholm Academy", "伏瑞电池有限公司")


def pdf(pages: Sequence[str], *, packed: bool = True) -> bytes:
    """Return a PDF with a text on each page; an empty one is a scan: a picture."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    page = canvas.Canvas(out, pageCompression=int(packed))
    for text in pages:
        page.setFont("STSong-Light" if any(ord(one) > 0x2E80 for one in text) else "Helvetica", 12)
        for place, line in enumerate(text.split("\n")):
            page.drawString(72, 720 - 20 * place, line)
        if not text:
            page.drawImage(ImageReader(Image.new("RGB", (20, 20), "red")), 0, 0, 300, 300)
        page.showPage()
    page.save()
    return out.getvalue()


def found(content: bytes, media_type: str = PDF) -> dict[str, str]:
    """Return name -> place of all names that a file holds."""
    return {one.name: str(one.place) for one in named_in_file("a", words_of(content, media_type), NAMES)}


@pytest.mark.parametrize(
    "text",
    [
        "as Wei Lan has shown", "LAN WEI", "Lan, Wei", "W. Lan", "Lan W.", "(WeiLan)", "ＷＥＩ　ＬＡＮ", "Wēi Lán",
        "by wei-lan.", "Wei\nLan", "by We\u00adi La\u200bn",
    ],
)  # fmt: skip
def test_a_name_is_found_in_every_usual_spelling(text: str) -> None:
    """Case, width, accents, order of words, initials, hyphens, ends of lines: a reader knows it in all of them."""
    assert [one.name for one in named_in({"t": text}, ["Wei Lan"])] == ["Wei Lan"]


@pytest.mark.parametrize("text", ["plan weight", "Wei", "a lane", "weiland", "W. landed", "The plan. Weigh it"])
def test_other_words_are_no_names(text: str) -> None:
    """Short parts of a name inside other words, or alone, are nobody's name."""
    assert named_in({"t": text}, ["Wei Lan"]) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("兰 薇 负责", "兰薇"), ("wei @ hidden.example", "wei@hidden.example"),
        ("wei(at)hidden[dot]example", "wei@hidden.example"), ("at KESTREL-\nHOLM", "Kestrelholm"),
        ("由伏瑞\n电池试验", "伏瑞电池"), ("kestrelholmacademy.example", "Kestrelholm Academy"),
    ],
)  # fmt: skip
def test_other_names_are_found_however_they_are_broken(text: str, name: str) -> None:
    """Chinese names with spaces, addresses spelt out, organisations over a line's end or without their form."""
    assert name in {one.name for one in named_in({"t": text}, NAMES)}


@settings(deadline=None)
@given(
    st.sampled_from(["Aurelion Quillfeather", "Quillfeather, Aurelion", "兰薇"]),
    st.text(st.characters(codec="utf-8", categories=("L", "Nd", "Zs", "Po")), max_size=40),
    st.booleans(),
)
def test_the_words_around_a_name_are_told_as_they_stand(name: str, around: str, upper: bool) -> None:
    """Whatever stands before: the name is found after it, and the excerpt is a stretch of the text itself."""
    text = f"{around} / {name.upper() if upper else name} / {around}"
    named = [one for one in named_in({"t": text}, ["Aurelion Quillfeather", "兰薇"]) if one.name != "Aurelion"]
    assert named
    assert all("".join(one.excerpt.split()) in "".join(text.split()) for one in named)


@pytest.mark.parametrize("packed", [True, False])
def test_names_in_a_pdf_are_told_with_their_pages(packed: bool) -> None:
    """Latin, Chinese and addresses on the second and third page are found there, the first says nothing."""
    content = pdf(["What it is for", "By Wei Lan\nwrite to wei@hidden.example", "作者：兰薇"], packed=packed)
    assert found(content) == {"Wei Lan": "page 2", "wei@hidden.example": "page 2", "兰薇": "page 3"}
    assert words_of(content, PDF).unread == ()


def test_scanned_pages_are_told_as_unread() -> None:
    """A page that is a picture is named; the words of the others are searched all the same."""
    read = words_of(pdf(["What", "", "Wei Lan"]), PDF)
    assert [str(one) for one in read.unread] == ["page 2"]
    assert [str(one.place) for one in named_in_file("a", read, NAMES)] == ["page 3"]


CMAP = (
    b"1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <0057> <0002> <00650069> endbfchar "
    b"1 beginbfrange <0003> <0005> [<0020> <004c> <0061006e>] endbfrange"
)


def hidden(code: bytes, font: bytes, more: bytes = b"", table: bytes = CMAP) -> bytes:
    """Return a PDF whose one page draws `code` with a font; object 6 is a table of its signs."""
    drawn = zlib.compress(code)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]/Resources<</Font<</F0 5 0 R>>>>>>",
        b"<</Type/Page/Parent 2 0 R/Contents[4 0 R]%s>>" % more,
        b"<</Length %d/Filter/FlateDecode>> stream\n%s\nendstream" % (len(drawn), drawn),
        font,
        b"<</Length %d>> stream\n%s\nendstream" % (len(table), table),
    ]
    out, places = b"%PDF-1.5\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj %s endobj\n" % (number, one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    index = b"xref\n0 7\n0000000000 65535 f \n%strailer <</Root 1 0 R/Size 7>>\n" % rows
    return out + index + b"startxref\n%d\n%%%%EOF\n" % len(out)


@pytest.mark.parametrize(
    ("code", "font"),
    [
        (b"BT /F0 9 Tf (Wei) Tj 20 0 Td (Lan) Tj ET", b"<</Type/Font/Subtype/Type1>>"),
        (b"BT /F0 9 Tf [(W)80(ei)-333(Lan)] TJ ET", b"<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding>>"),
        (
            b"BT /F0 9 Tf (W) Tj 8.5 0 Td (ei ) Tj 9 0 Td (La\\156) ' ET",
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ),
        (b"BT /F0 9 Tf 1 0 0 1 5 700 Tm <57> Tj 1 0 0 1 9 700 Tm <6569204c616e> Tj ET", b"<</Type/Font>>"),
        (
            b"BT /F0 9 Tf <01020304050607> Tj ET",
            b"<</Subtype/Type1/Encoding<</Differences[1/W/e/i/space 5/uni004C/a/n]>>>>",
        ),
        (b"BT /F0 9 Tf <0001000200030004 0005> Tj ET", b"<</Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R>>"),
    ],
)  # fmt: skip
def test_words_are_read_in_the_ways_in_which_programs_show_them(code: bytes, font: bytes) -> None:
    """Kerned letters, moved pens, octal and hexadecimal strings, named glyphs, numbered glyphs with a table."""
    assert found(hidden(code, font)) == {"Wei Lan": "page 1"}


def test_words_that_no_table_tells_are_told_as_unread() -> None:
    """Glyphs by number without a table are seen and not read: the page is named."""
    content = hidden(b"BT /F0 9 Tf <000100020003> Tj ET", b"<</Subtype/Type0/Encoding/Identity-H>>")
    assert [str(one) for one in words_of(content, PDF).unread] == ["page 1"]


def test_notes_and_links_of_a_page_are_read() -> None:
    """A note's words and the address of a link say as much as the page."""
    notes = b"/Annots[<</Contents(\xfe\xff\x51\x70\x85\x87)>> <</A<</URI(mailto:wei@hidden.example)>>>>]"
    content = hidden(b"", b"<<>>", more=notes)
    assert found(content) == {"兰薇": "page 1", "wei@hidden.example": "page 1"}


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_a_page_that_a_browser_printed_is_read(tmp_path: Path) -> None:
    """Fonts cut to what is used, glyphs by number, letters placed one by one: all names are found on their pages."""
    page = tmp_path / "a.html"
    page.write_text(
        "<meta charset=utf-8><p>By <b>Wei</b> <i>Lan</i> of Kestrelholm Academy</p>"
        "<p style='page-break-before:always'>作者：兰薇 <a href='mailto:wei@hidden.example'>write</a></p>"
    )
    out = tmp_path / "a.pdf"
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/u"]
    subprocess.run([*command, f"--print-to-pdf={out}", page.as_uri()], check=True, capture_output=True, timeout=120)
    told = found(out.read_bytes())
    assert told.items() >= {"Wei Lan": "page 1", "Kestrelholm": "page 1", "wei@hidden.example": "page 2"}.items()


def test_names_in_office_and_text_files_are_told_with_their_places() -> None:
    """The cell of a sheet, the paragraph of a document, the line of a text in any encoding."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Costs"
    book.active["A1"], book.active["B4"] = "packs", "Wei Lan"
    book.save(out)
    assert found(out.getvalue(), EXCEL) == {"Wei Lan": "cell Costs!B4"}
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:p><w:t>a</w:t></w:p><w:p><w:t>We</w:t><w:t>i Lan</w:t></w:p>")
        archive.writestr("word/footer1.xml", "<w:ftr><w:p><w:t>兰薇</w:t></w:p></w:ftr>")
    assert found(out.getvalue(), WORD) == {"Wei Lan": "paragraph 2", "兰薇": "part footer1.xml"}
    for name in ("utf-8-sig", "utf-16", "gb18030"):
        assert found("一\n作者：兰薇".encode(name), "text/plain") == {"兰薇": "line 2"}


@settings(deadline=None, max_examples=10)  # each is a process
@given(st.binary(max_size=300), st.integers(0, 2000), st.integers(0, 400))
def test_a_broken_pdf_is_unread_and_never_an_error(noise: bytes, at: int, lost: int) -> None:
    """Whatever is cut out or put in, words are read or not: nothing else is raised."""
    whole = pdf(["Wei Lan", "兰薇"])
    words_of(whole[:at] + noise + whole[at + lost :], PDF)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n1 0 obj " + b"<</A" * 5000 + b" endobj",
        b"%PDF-1.4\n1 0 obj <</Type/Pages/Kids[1 0 R 1 0 R]>> endobj trailer <</Root<</Pages 1 0 R>>/Root 1 0 R>>",
        b"%PDF-1.4\n1 0 obj 2 0 R endobj 2 0 obj 1 0 R endobj trailer <</Root 1 0 R>>",
        b"%PDF-1.4\n" + b"1 0 obj (" * 3000,
    ],
)
def test_a_pdf_made_to_lead_in_circles_ends(content: bytes) -> None:
    """Depth, loops of references and of pages end with words or with a ValueError."""
    try:
        read_pdf(content)
    except ValueError:
        return


def test_a_bomb_is_not_unpacked() -> None:
    """A page that draws two million things and more is told as unread."""
    content = hidden(b"0 " * 2_100_000, b"<<>>")
    assert [str(one) for one in words_of(content, PDF).unread] == ["page 1"]


def test_a_file_made_to_cost_hours_is_ended() -> None:
    """Thousands of fonts with large tables behind one page: the reader is ended, the page is told as unread."""
    fonts = b"".join(b"/G%d 5 0 R" % number for number in range(5_000))
    font = b"<</Subtype/Type0/Encoding/Identity-H/ToUnicode 6 0 R>>"
    table = b"1 beginbfrange\n<0000> <f000> <0000>\nendbfrange"
    content = hidden(b"BT /G1 9 Tf <0001> Tj ET", font, b"/Resources<</Font<<%s>>>>" % fonts, table)
    read = read_pdf(content, seconds=3)
    assert [str(one) for one in read.unread] == ["page 1"]


def sheet(cells: int, last: str) -> bytes:
    """Return a workbook of one column, with something in the last cell."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>x</v></c></row>' for n in range(1, cells))
    rows += f'<row r="{cells}"><c r="A{cells}" t="str"><v>{last}</v></c></row>'
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"x\n" * (MOST + 9) + b"by Wei Lan", "text/plain"), (sheet(MOST + 9, "by Wei Lan"), EXCEL)],
)
def test_a_file_of_very_many_lines_or_cells_is_read_whole_and_told_by_few_passages(
    content: bytes, media_type: str
) -> None:
    """A small file can be made to hold millions: what comes after many has no place, and a name there is found."""
    read = words_of(content, media_type)
    assert len(read.passages) == MOST + 1
    (one,) = named_in_file("a", read, ["Wei Lan"])
    assert (one.name, one.place, one.excerpt[-7:]) == ("Wei Lan", None, "Wei Lan")


def test_the_place_of_a_name_in_a_very_long_line_is_told_by_the_words_around_it() -> None:
    """No more than these is looked at sign by sign, wherever in the line the name stands."""
    for before in (0, 4_990, 5_000, 1_000_000):
        text = f"{'z ' * (before // 2)}said Wei Lan then{' z' * 9_000}"
        (one,) = named_in_file("a", words_of(text.encode(), "text/plain"), ["Wei Lan"])
        assert "said Wei Lan then" in one.excerpt
        assert len(one.excerpt) < 80
