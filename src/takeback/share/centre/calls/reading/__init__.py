"""The words of files that reviewers may open, each with its place, so that names can be looked for in them.

Read downwards: `words` (any file), `passage` (what is found), `text`, `office`; `pdf_objects`, `pdf_fonts`, `pdf` (a
small reader of PDF 32000-1:2008: only what words need, nothing is drawn).
"""

from takeback.share.centre.calls.reading.passage import Passage, Read
from takeback.share.centre.calls.reading.words import words_of

__all__ = ["Passage", "Read", "words_of"]
