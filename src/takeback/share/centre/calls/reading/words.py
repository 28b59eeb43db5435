"""The words of a file of any sort that reviewers may be shown."""

from __future__ import annotations

from takeback.share.centre.calls.cleaning import DAMAGED, EXCEL, WORD
from takeback.share.centre.calls.reading.office import read_office
from takeback.share.centre.calls.reading.passage import Read
from takeback.share.centre.calls.reading.pdf import read_pdf
from takeback.share.centre.calls.reading.text import read_text

_READERS = {"application/pdf": read_pdf, WORD: read_office, EXCEL: read_office}


def words_of(content: bytes, media_type: str) -> Read:
    """Return the words of a file; nothing of one that cannot be read."""
    if media_type.startswith("text/"):
        return read_text(content)
    reader = _READERS.get(media_type)
    try:
        return reader(content) if reader else Read()
    except (*DAMAGED, OverflowError):
        return Read()
