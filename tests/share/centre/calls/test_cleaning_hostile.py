"""Files that hide their makers where few look, and files made to hurt who opens them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from PIL import Image, PngImagePlugin

from takeback.core.problem import Problem
from takeback.share.centre.calls.cleaning import EXCEL, WORD, cleaned
from takeback.share.centre.calls.cleaning_image import cleaned_picture
from tests.share.centre.calls.test_cleaning import PDF, SECRET, words

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


def office(parts: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of parts."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """Return the parts of an archive."""
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def jpeg() -> bytes:
    """Return a photograph whose Exif names its maker, the time and the place."""
    picture, out = Image.new("RGB", (16, 8), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x013B], exif[0x0132] = SECRET, "2026:03:21 03:14:15"  # artist, time
    exif.get_ifd(0x8825)[1] = "N"  # the place
    picture.save(out, "JPEG", exif=exif, comment=f"by {SECRET}")
    return out.getvalue()


def png() -> bytes:
    """Return a picture whose texts name its maker."""
    said, out = PngImagePlugin.PngInfo(), io.BytesIO()
    said.add_text("Author", SECRET)
    said.add_itxt("Comment", f"by {SECRET}")
    Image.new("RGB", (16, 8), "teal").save(out, "PNG", pnginfo=said)
    return out.getvalue()


@pytest.mark.parametrize("picture", [jpeg(), png()])
def test_a_picture_keeps_its_points_and_loses_its_maker(picture: bytes) -> None:
    """Of Exif, comments and texts nothing stays; the picture is the same, point by point."""
    after = cleaned_picture(picture)
    assert SECRET.encode() in picture
    assert SECRET.encode() not in after
    assert b"2026:03:21" not in after
    before, again = Image.open(io.BytesIO(picture)), Image.open(io.BytesIO(after))
    assert list(before.convert("RGB").tobytes()) == list(again.convert("RGB").tobytes())


HIDDEN: Mapping[str, Mapping[str, str | bytes]] = {
    "photograph": {"word/media/image1.jpeg": jpeg()},
    "picture without an ending": {"word/media/image1": png()},
    "folder of Excel": {
        "xl/workbook.xml": f'{HEAD}<workbook><x15ac:absPath url="C:\\Users\\{SECRET}\\Desktop\\" xmlns="a"/></workbook>'
    },
    "template": {
        "word/_rels/settings.xml.rels": f'{HEAD}<Relationships><Relationship Id="a" TargetMode="External" '
        f'Target="file:///C:\\Users\\{SECRET}\\Normal.dotm"/></Relationships>'
    },
    "share": {"xl/_rels/a.rels": f"{HEAD}<R><Relationship Target='\\\\server\\{SECRET}\\list.xlsx'/></R>"},
    "single quotes": {"word/document.xml": f"{HEAD}<w:ins w:author = '{SECRET}' w:date='2026-03-21'>x</w:ins>"},
    "wide letters": {"word/comments.xml": f'{HEAD.replace("8", "16")}<a w:author="{SECRET}"/>'.encode("utf-16")},
    "wide letters unmarked": {"word/comments.xml": f'<a w:author="{SECRET}"/>'.encode("utf-16-le")},
    "properties elsewhere": {
        "package/services/1.psmdcp": f'{HEAD}<c:coreProperties xmlns:c="{CORE}">{SECRET}</c:coreProperties>'
    },
    "capitals": {"docProps/CORE.XML": f"{HEAD}<c>{SECRET}</c>"},
    "comment of XML": {"word/document.xml": f"{HEAD}<!-- {SECRET} --><w:t>x</w:t>"},
    "author with a prefix": {"xl/comments1.xml": f"{HEAD}<x:authors><x:author>{SECRET}</x:author></x:authors>"},
    "printer": {"xl/printerSettings/printerSettings1.bin": SECRET.encode() * 9},
    "table within": {"word/embeddings/a.xlsx": office({"docProps/core.xml": f"{HEAD}<c>{SECRET}</c>"})},
}  # fmt: skip


@pytest.mark.parametrize("where", HIDDEN)
def test_no_part_of_an_office_file_names_its_maker(where: str) -> None:
    """Photographs, folders, templates, other letters, other places, files within: the name is nowhere."""
    parts = {"word/document.xml": f"{HEAD}<w:t>what it says</w:t>", **HIDDEN[where]}
    assert SECRET.encode() not in _all(cleaned(office(parts), WORD))


def _all(content: bytes) -> bytes:
    said = [_all(one) if one.startswith(b"PK\x03\x04") else one for one in parts_of(content).values()]
    return b"".join(one.replace(b"\0", b"") for one in said)


def test_the_applicants_own_text_stays_as_it_is() -> None:
    """What only looks like a mark of an author, between tags, is text; links into the net stay."""
    text = f'{HEAD}<w:t>the table has author="x" and date="2026" as columns</w:t>'
    rels = f'{HEAD}<R><Relationship TargetMode="External" Target="https://example.org/a"/></R>'
    parts = {"word/document.xml": text, "word/_rels/document.xml.rels": rels}
    assert parts_of(cleaned(office(parts), WORD)) == {name: said.encode() for name, said in parts.items()}


def test_names_in_links_and_written_by_numbers_are_read() -> None:
    """The words that are searched for names have the addresses of links, and letters however they are written."""
    rels = f'{HEAD}<R><Relationship TargetMode="External" Target="mailto:{SECRET}@example.org"/></R>'
    parts = {"word/document.xml": f"{HEAD}<w:t>&#x738b;&#20255;</w:t>", "word/_rels/document.xml.rels": rels}
    assert f"mailto:{SECRET}@example.org" in words(office(parts), WORD)
    assert "王伟" in words(office(parts), WORD)


def _understated(size: int) -> bytes:
    """Return an archive that unpacks to more than it says."""
    content = bytearray(office({"xl/a.xml": b"0" * size}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(mark) + offset
        content[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(content)


def _locked() -> bytes:
    content = bytearray(office({"xl/a.xml": "<a/>"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def _damaged() -> bytes:
    content = bytearray(office({"xl/a.xml": b"<a>" + bytes(range(256)) * 9}))
    content[50:60] = b"\xff" * 10
    return bytes(content)


def _damaged_lzma() -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_LZMA) as archive:
        archive.writestr("xl/a.xml", b"<a>" + bytes(range(256)) * 9)
    content = bytearray(out.getvalue())
    content[43:90] = b"\xff" * 47  # behind the name and the settings of the packing
    return bytes(content)


REFUSED = {
    "bomb": office({f"xl/{n}.xml": bytes(30_000_000) for n in range(4)}),
    "bomb that lies": _understated(5_000_000),
    "too many parts": office({f"xl/{n}.xml": "" for n in range(5_001)}),
    "entities": office({"xl/a.xml": '<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'}),
    "file within file within file": office({"a.xlsx": office({"b.xlsx": office({"c.xlsx": office({"d": "x"})})})}),
    "old object": office({"word/embeddings/oleObject1.bin": SECRET.encode()}),
    "macros": office({"xl/vbaProject.bin": SECRET.encode()}),
    "locked": _locked(),
    "damaged": _damaged(),
    "damaged, packed otherwise": _damaged_lzma(),
    "damaged picture": office({"xl/media/a.png": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR" + bytes(20)}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_looked_into_is_refused_in_words(what: str) -> None:
    """Bombs, locks, macros and damage are bad input, never an error of ours."""
    with pytest.raises(Problem) as refused:
        cleaned(REFUSED[what], EXCEL)
    assert refused.value.kind == "centre.bad-blind-file"


def test_a_photograph_in_a_pdf_loses_its_maker_and_no_byte_moves() -> None:
    """The picture's stream is as long as before, without Exif."""
    picture = jpeg()
    before = b"%%PDF-1.5\n3 0 obj <</Subtype/Image/Filter/DCTDecode/Length %d>> stream\n%s\nendstream endobj\n" % (
        len(picture), picture,
    )  # fmt: skip
    after = cleaned(before, PDF)
    assert len(after) == len(before)
    assert SECRET.encode() not in after


def _bomb() -> bytes:
    packed = zlib.compress(bytes(60_000_000), 9)
    one = b"4 0 obj <</Type/ObjStm/Length %d/Filter/FlateDecode>> stream\n%s\nendstream endobj\n" % (
        len(packed),
        packed,
    )
    return b"%PDF-1.5\n" + one * 4


@pytest.mark.parametrize(
    "content",
    [
        _bomb(),
        f"%PDF-1.5\n1 0 obj <</#41uthor ({SECRET})>> endobj".encode(),
        f"%PDF-1.5\n1 0 obj <</Type/Met#61data>> stream\n{SECRET}\nendstream endobj".encode(),
        b"%PDF-1.5\n1 0 obj <<>> stream\nno end",
    ],
    ids=["bomb", "hidden name", "hidden metadata", "no end"],
)
def test_a_pdf_that_hides_or_swells_is_refused(content: bytes) -> None:
    """Names written by numbers, and objects that unpack without end."""
    with pytest.raises(Problem) as refused:
        cleaned(content, PDF)
    assert refused.value.kind == "centre.bad-blind-file"


def test_a_pdf_of_open_brackets_is_read_as_fast_as_any() -> None:
    """Two million dictionaries that never close are looked at once each: with the square of that this would not end."""
    content = b"%PDF-1.5\n" + b"<<" * 2_000_000 + b"/T(" * 100_000
    assert cleaned(content, PDF) == content


@pytest.mark.parametrize("encoding", ["UTF-7", "GBK", "cp037", "UTF-32"])
def test_an_office_file_in_an_encoding_that_is_not_looked_into_is_refused(encoding: str) -> None:
    """Else neither its makers nor the names in it would be found; Word, Excel and WPS write UTF-8."""
    said = f'<?xml version="1.0" encoding="{encoding}"?><w:document w:author="{SECRET}">兰薇</w:document>'
    part = said.replace("兰薇", "Wei Lan").encode(encoding) if encoding == "cp037" else said.encode(encoding)
    with pytest.raises(Problem) as refused:
        cleaned(office({"word/document.xml": part}), WORD)
    assert refused.value.kind == "centre.bad-blind-file"
    assert cleaned(office({"word/document.xml": said.replace(encoding, "utf-8").encode()}), WORD)
