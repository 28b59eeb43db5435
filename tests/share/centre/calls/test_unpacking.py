"""All that stands in a file is read, also where it is packed; what a file was made to cost is not paid."""

from __future__ import annotations

import gzip
import json
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from takeback.share.centre.calls.blindness import written_plainly
from takeback.share.centre.calls.unpacking import unpacked

NAME = "欧阳静姝"
WIDE = NAME.encode("utf-16-be")
STRINGS = {
    "literal": b"(\xfe\xff" + WIDE + b")",
    "octal": b"(\\376\\377" + b"".join(b"\\%03o" % one for one in WIDE) + b")",
    "hexadecimal": b"<FEFF " + WIDE.hex(" ").encode() + b">",
}
MOST = 45_000_000


def _pdf(*objects: bytes) -> bytes:
    streams = [b"1 0 obj<</Filter/FlateDecode>>stream\n" + zlib.compress(one) + b"\nendstream\n" for one in objects]
    return b"".join((b"%PDF-1.5\n", *streams))


def _archive(**parts: bytes) -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return kept.getvalue()


@pytest.mark.parametrize("spelling", sorted(STRINGS))
def test_strings_of_a_pdf_are_read_in_every_spelling(spelling: str) -> None:
    """A Chinese name in a dictionary, plain and in a packed object."""
    said = b"<</Author " + STRINGS[spelling] + b">>"
    assert NAME in unpacked(b"%PDF-1.5\n" + said)
    assert NAME in unpacked(_pdf(b"7 0 obj", said))


def test_all_other_parts_are_read_where_one_is_broken() -> None:
    """In an archive with a part whose bytes were changed, and in a PDF with a stream that is none."""
    archive = _archive(first=b"one " * 20, second=NAME.encode())
    start = archive.index(b"first") + 5
    assert NAME in unpacked(archive[:start] + b"\xff" + archive[start + 1 :])
    broken = b"1 0 obj<</Filter/FlateDecode>>stream\nnothing\nendstream\n"
    assert NAME in unpacked(b"%PDF-1.5\n" + broken + _pdf(NAME.encode())[9:])


CUT_SHORT = gzip.compress(b"x" * 999, mtime=0)[:20]


@pytest.mark.parametrize("content", [b"PK\x03\x04nothing", b"\x1f\x8b\x08", CUT_SHORT, b"%PDF-1.5 stream\n"])
def test_a_file_that_is_none_is_read_as_it_is(content: bytes) -> None:
    """Whatever it says it is."""
    assert unpacked(content).startswith(content.decode("utf-8", "replace"))


def test_a_small_file_is_not_unpacked_to_a_huge_one() -> None:
    """Whether one part of it is large, or all together, or each file in a file."""
    much = bytes(30_000_000)
    packed = gzip.compress(much)
    for content in (_pdf(much, much), _archive(a=much, b=much), _archive(a=packed, b=_archive(c=packed))):
        assert len(content) < 300_000
        assert len(unpacked(content)) < MOST


def test_letters_are_small_however_they_were_spelled() -> None:
    """A name in JSON whose letters are escaped is found like any."""
    assert "émile" in written_plainly(json.dumps("ÉMILE"))
