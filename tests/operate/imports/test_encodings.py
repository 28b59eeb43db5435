"""Encodings are found by themselves; what is none of ours is told with its place."""

from __future__ import annotations

import codecs
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from takeback.core.problem import Problem
from takeback.operate.imports import survey
from tests.support.desk import LIMIT

TEXT = "订单号,商品编码,退货原因\nR-1,LAMP,尺码不合适\nR-2,LAMP,颜色与图片不符，太慢\n"
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (b"", "utf-8", "UTF-8"),
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (b"", "utf-16-le", "UTF-16 LE"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 LE"),
        (b"", "utf-16-be", "UTF-16 BE"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 BE"),
        (b"", "gb18030", "GB 18030"),
        (b"", "gbk", "GB 18030"),
        (b"", "gb2312", "GB 18030"),
    ],
)
def test_an_encoding_is_found_and_read(tmp_path: Path, mark: bytes, codec: str, name: str) -> None:
    """The same table has the same columns and values in every encoding, with and without a byte order mark."""
    path = tmp_path / "table.csv"
    path.write_bytes(mark + TEXT.encode(codec))
    known = survey(path, limit=LIMIT)
    assert known.encoding_name == name
    assert known.columns == ("订单号", "商品编码", "退货原因")
    assert known.samples[2] == ("尺码不合适", "颜色与图片不符，太慢")


def test_what_comes_late_counts(tmp_path: Path) -> None:
    """A file that is plain ASCII for megabytes is still read to its end before its encoding is said."""
    path = tmp_path / "table.csv"
    rows = "".join(f"R-{n},LAMP,slow\n" for n in range(150_000))
    path.write_bytes(("order,product,reason\n" + rows + "R-0,LAMP,尺码不合适，颜色也不对\n").encode("gb18030"))
    assert survey(path, limit=LIMIT).encoding == "gb18030"


def test_pieces_are_put_together(tmp_path: Path) -> None:
    """A character that lies across the border of two pieces read is one character; six files of random lengths."""
    chance = random.Random(7)
    for codec in ("utf-8", "gb18030", "utf-16-le"):
        for _ in range(2):
            text = "a" * chance.randrange(50) + ",b\n" + "尺码不合适的衬衫\n" * chance.randrange(70_000, 72_000)
            path = tmp_path / "table.csv"
            path.write_bytes(text.encode(codec))
            assert survey(path, limit=LIMIT).encoding == codec


def test_traditional_characters(write: Write) -> None:
    """Traditional Chinese in GB 18030 is read as such; the same words in Big5 are refused."""
    text = "訂單,原因\nR-1,尺寸不合適，顏色與圖片不符，運送時間過長，商品損壞，客戶要求退貨並退還貨款\n"
    assert survey(write(text, encoding="gb18030"), limit=LIMIT).encoding == "gb18030"
    with pytest.raises(Problem, match="encoding"):
        survey(write(text, encoding="big5"), limit=LIMIT)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("order,grund\nR-1,zu groß\n".encode("latin-1"), "byte 0xDF in line 2"),
        ("order,raison\nR-1,taille inadaptée\nR-2,cassé\n".encode("cp1252"), "byte 0xE9 in line 2"),
        ("注文,理由\nR-1,サイズが合わない\n".encode("shift-jis"), "byte 0x92 in line 1"),
        ("a,b\n1,2\n".encode("utf-32"), "UTF-32"),
        (codecs.BOM_UTF8 + b"a,b\n1,\xff\n", "byte 0xFF in line 2"),
        (b"a,b\n\xff\xff\xff,2\n", "byte 0xFF in line 2"),
        (b"\x7fELF\x02\x01\x01" + bytes(99) + b"\x01\x02", "zero bytes, as in a file that is no text"),
    ],
)
def test_other_encodings_are_refused(tmp_path: Path, content: bytes, found: str) -> None:
    """What is not UTF-8, UTF-16 or GB 18030 is refused with the first byte that does not fit, not read as nonsense."""
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(Problem) as refused:
        survey(path, limit=LIMIT)
    problem = refused.value
    assert problem.kind == "import.unknown-encoding"
    assert problem.where == "table.csv"
    assert str(problem.found) == found
    assert str(problem.expected) == "UTF-8, UTF-16 or GB 18030"
