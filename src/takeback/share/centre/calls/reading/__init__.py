"""The words of files that reviewers may open, each with its place, so that names can be looked for in them.

Read downwards: `words` (any file), `passage` (what is found), `text`, `office`, `pdf` with the program `pdf_pages`.
"""

from takeback.share.centre.calls.reading.passage import Passage, Read
from takeback.share.centre.calls.reading.words import words_of

__all__ = ["Passage", "Read", "words_of"]
