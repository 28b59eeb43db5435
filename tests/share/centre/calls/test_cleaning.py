"""Files of proposals: what they say of their makers is taken out, what they are about stays."""

from __future__ import annotations

import io
import re
import zlib
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.comments import Comment
from reportlab.pdfgen import canvas

from takeback.core.problem import Problem
from takeback.share.centre.calls.cleaning import EXCEL, WORD, cleaned
from takeback.share.centre.calls.reading import words_of

SECRET = "Zorblatt"
PDF = "application/pdf"


def words(content: bytes, media_type: str) -> str:
    """Return all words of a file."""
    return " ".join(one.text for one in words_of(content, media_type).passages)


def pdf(*, encrypted: bool = False, packed: bool = True) -> bytes:
    """Return a PDF whose information names its maker."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pageCompression=int(packed), encrypt="pass" if encrypted else None)
    page.setAuthor(SECRET)
    page.setTitle(f"Draft of {SECRET} (with (nested) brackets)")
    page.setCreator(f"{SECRET}\\Tool")
    page.drawString(72, 720, "What the proposal says")
    page.save()
    return out.getvalue()


def test_a_pdf_keeps_its_pages_and_loses_its_makers() -> None:
    """No name, no date, no tool stay; every byte stands where it stood, so that references hold; pages are the same."""
    before = pdf()
    after = cleaned(before, PDF)
    assert SECRET.encode() in before
    assert len(after) == len(before)
    for gone in (SECRET.encode(), b"/CreationDate", b"/ModDate", b"/Producer", b"/Info"):
        assert gone not in after
    stream = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
    assert stream.findall(after) == stream.findall(before)
    place = int(re.findall(rb"startxref\s+(\d+)", after)[0])
    assert after[place : place + 4] == b"xref"


def packed_pdf() -> bytes:
    """Return a PDF whose information and XMP stand in packed streams, as LaTeX and Word write them."""
    objects = f"5 0 <</Author ({SECRET})/Producer (pdfTeX)/CreationDate (D:20260321031415)>> <</Type/Catalog>>".encode()
    info = zlib.compress(objects + b" " * 40, 1)
    xmp = zlib.compress(f"<x:xmpmeta><dc:creator>{SECRET}</dc:creator></x:xmpmeta>".encode() * 3)
    text = zlib.compress(b"BT (What it says) Tj ET")
    parts = [
        b"%PDF-1.5\n",
        b"3 0 obj <</Length %d/Filter/FlateDecode>> stream\n%s\nendstream endobj\n" % (len(text), text),
        b"4 0 obj <</Type/ObjStm/N 2/First 4/Length %d/Filter/FlateDecode>> stream\n%s\nendstream endobj\n"
        % (len(info), info),
        b"6 0 obj <</Type/Metadata/Subtype/XML/Length %d/Filter/FlateDecode>> stream\n%s\nendstream endobj\n"
        % (len(xmp), xmp),
        b"7 0 obj <</Type/XRef/Info 5 0 R/ID [<00ff><00ff>]/Length 3>> stream\nabc\nendstream endobj\n",
    ]
    return b"".join(parts)


def test_what_is_packed_is_cleaned_too() -> None:
    """Unpacked, no stream of the cleaned file holds the name; the page's own stream is untouched."""
    before = packed_pdf()
    after = cleaned(before, PDF)
    streams = [_unpacked(one) for one in re.findall(rb"stream\n(.*?)\nendstream", after, re.DOTALL)]
    assert len(after) == len(before)
    assert b"What it says" in streams[0]
    assert b"/Type/Catalog" in streams[1]
    assert not any(SECRET.encode() in one or b"pdfTeX" in one for one in streams)
    assert b"/Info" not in after
    assert b"00ff" not in after


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return data


def test_a_locked_pdf_or_another_sort_of_file_is_refused() -> None:
    """What cannot be cleaned is not shown: the refusal says what it should be, and how to save it."""
    wanted = {
        "a PDF without a password": (pdf(encrypted=True), PDF),
        "a PDF without files inside": (b"%PDF-1.4 <</EmbeddedFile 1 0 R>>", PDF),
        "a PDF file": (b"no pdf", PDF),
        "csv, docx, md, pdf, txt, xlsx": (b"no zip", WORD),
        " csv, docx, md, pdf, txt, xlsx": (b"x", "image/heic"),
        "  csv, docx, md, pdf, txt, xlsx": (pdf(), "text/plain"),
    }
    for expected, (content, media_type) in wanted.items():
        with pytest.raises(Problem) as refused:
            cleaned(content, media_type)
        assert refused.value.kind == "centre.bad-blind-file"
        assert str(refused.value.expected) == expected.strip()


def test_a_sheet_loses_its_makers_and_opens_with_its_cells() -> None:
    """Creator, last editor and the author of a comment are gone; cells and the comment's words stay."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.properties.creator = book.properties.lastModifiedBy = SECRET
    book.active["A1"] = "packs"
    book.active["A1"].comment = Comment("why so many?", SECRET)
    book.save(out)
    after = cleaned(out.getvalue(), EXCEL)
    with ZipFile(io.BytesIO(after)) as archive:
        assert not any(SECRET.encode() in archive.read(name) for name in archive.namelist())
        assert {one.date_time[0] for one in archive.infolist()} == {1980}
    again = openpyxl.load_workbook(io.BytesIO(after))
    assert again.active["A1"].value == "packs"
    assert "why so many?" in again.active["A1"].comment.text
    assert "packs" in words(after, EXCEL)


def test_tracked_changes_of_a_document_say_no_author() -> None:
    """A tracked change keeps its words and loses author and date; the list of people is empty."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        head = '<?xml version="1.0"?>'
        change = f'{head}<w:ins w:author="{SECRET}" w:date="2026-03-21T03:14:15Z">new</w:ins>'
        archive.writestr("word/document.xml", change)
        archive.writestr("word/people.xml", f'{head}<w15:person w15:author="{SECRET}"/>')
        archive.writestr("docProps/core.xml", f"{head}<dc:creator>{SECRET}</dc:creator>")
    after = cleaned(out.getvalue(), WORD)
    with ZipFile(io.BytesIO(after)) as archive:
        said = b"".join(archive.read(name) for name in archive.namelist())
    assert SECRET.encode() not in said
    assert b"2026-03-21" not in said
    assert words(after, WORD).split() == ["new"]
