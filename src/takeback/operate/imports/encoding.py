"""In which encoding a text file is written: UTF-8, UTF-16 or GB 18030, found by reading it once to its end."""

from __future__ import annotations

import codecs
from pathlib import Path

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "gb18030": "GB 18030",
}
"""Python's codec: what people call the encoding."""

CHUNK = 2**20
_SAMPLE = 4096
_JUDGED = 200_000  # characters beyond ASCII that tell Chinese in GB 18030 from other languages in other encodings
_MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def find_encoding(path: Path, name: str) -> str:
    """Return the codec of `NAMES` in which the whole file reads; a byte order mark counts before all else.

    Raises
    ------
    Problem
        `import.unknown-encoding`, with the first byte that does not fit.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    mark = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    if mark == "":
        raise _unknown(name, "UTF-32")
    if mark is not None or b"\0" in head:
        codec = mark or _of_zeros(head)
        if codec is None:
            raise _unknown(name, msg("zero bytes, as in a file that is no text"))
        failed = _failure(path, codec.removesuffix("-sig"))
        if failed is not None:
            raise _unknown(name, _place(path, failed))
        return codec
    return _without_mark(path, name)


def _without_mark(path: Path, name: str) -> str:
    failed = _failure(path, "utf-8")
    if failed is None:
        return "utf-8"
    if _failure(path, "gb18030") is not None or not _looks_chinese(path):
        raise _unknown(name, _place(path, failed))
    return "gb18030"


def _of_zeros(head: bytes) -> str | None:
    """Return the kind of UTF-16 in which ASCII characters give zeros at these places; no table is without them.

    Some zeros in a text of another encoding ("utf-8" then) are told with their rows.
    """
    total, odd, ends = head.count(0), head[1::2].count(0), head.count(b"\n")
    if odd >= 0.9 * total and head.count(b"\n\0") >= 0.9 * ends:
        return "utf-16-le"
    if odd <= 0.1 * total and head.count(b"\0\n") >= 0.9 * ends:
        return "utf-16-be"
    return "utf-8" if total <= 0.02 * len(head) or total < ends else None


def _failure(path: Path, codec: str) -> int | None:
    """Return the place of the first byte that `codec` cannot read, None where it reads all."""
    decoder, done = codecs.getincrementaldecoder(codec)("strict"), 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return done - pending + error.start
            if not chunk:
                return None
            done += len(chunk)


def _looks_chinese(path: Path) -> bool:
    """Tell whether a file that reads as GB 18030 is likely to be meant so.

    Nearly any text in a European or Taiwanese encoding reads as GB 18030 as well, as rare characters. Running
    Chinese text stands almost whole in GB 2312, its common part; text in traditional characters to more than a half,
    and it does not read as Big5.
    """
    beyond = common = 0
    sample = b""
    with path.open("rb") as file:
        decoder = codecs.getincrementaldecoder("gb18030")("strict")
        while beyond < _JUDGED and (chunk := file.read(CHUNK)):
            sample = sample or chunk
            text = "".join(character for character in decoder.decode(chunk) if character > "\x7f")
            beyond += len(text)
            common += len(text.encode("gb2312", "ignore")) // 2
    share = common / beyond if beyond else 1.0
    return share >= 0.85 or (share >= 0.5 and not _reads(sample, "big5"))


def _reads(sample: bytes, codec: str) -> bool:
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _place(path: Path, offset: int) -> Message:
    line, done = 1, 0
    with path.open("rb") as file:
        while done < offset:
            chunk = file.read(min(CHUNK, offset - done))
            line, done = line + chunk.count(b"\n"), done + len(chunk)
        byte = file.read(1)
    return msg("byte {byte} in line {line}", byte=f"0x{byte.hex().upper()}", line=line)


def _unknown(name: str, found: Message | str) -> Problem:
    return Problem(
        "import.unknown-encoding",
        msg("The encoding of the text is not known."),
        where=name,
        found=found,
        expected=msg("UTF-8, UTF-16 or GB 18030"),
        remedy=msg("Save the file as UTF-8; in Excel, choose “CSV UTF-8”."),
    )
