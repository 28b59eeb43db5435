"""The words of a PDF, page by page: what its pages show, its notes and fields, and where its links lead.

A page that shows pictures and no word, or words in a font that says not which they are, is told as unread; so are the
pages to which the reader (`pdf_pages`) did not come.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from takeback.core.message import msg
from takeback.share.centre.calls.reading.passage import Passage, Read

_PROGRAM = Path(__file__).with_name("pdf_pages.py")
SECONDS = 20  # of one processor
_LONGEST = 120  # seconds by the clock, where many read at once and each waits for a processor


def read_pdf(content: bytes, *, seconds: int = SECONDS) -> Read:
    """Return the words of each page that is read within `seconds`; ValueError where the file cannot be read at all."""
    told = [json.loads(line) for line in _lines(content, seconds)]
    if not told or not told[0]:
        raise ValueError("no pages")
    places = [msg("page {number}", number=number) for number in range(1, told[0] + 1)]
    pages = [*told[1:], *[("", True)] * (told[0] - len(told) + 1)]
    passages = [Passage(text=text, place=place) for place, (text, _) in zip(places, pages, strict=True)]
    unread = [place for place, (_, is_unread) in zip(places, pages, strict=True) if is_unread]
    return Read(passages=tuple(passages), unread=tuple(unread))


def _lines(content: bytes, seconds: int) -> list[bytes]:
    """Return the whole lines that the reader wrote before it was done, or was ended."""
    # -P: modules do not come from the program's own folder
    command = [sys.executable, "-P", str(_PROGRAM), str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603 -- our own program
            command, input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_LONGEST, check=False
        )
        written = done.stdout
    except subprocess.TimeoutExpired as ended:
        written = ended.stdout or b""
    return written.split(b"\n")[:-1]
