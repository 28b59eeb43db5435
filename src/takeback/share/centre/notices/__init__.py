"""Notices: those concerned are told what was decided, what they are asked for and what is due.

Read downwards: `words` (what a notice says), `telling` (told once, read), `of_calls`, `of_work`, `of_people` (which
steps of records tell whom), `reminding` (what is due), `housekeeping` (a worker's round).

A notice says a title and a day, never a name. Of a blind review authors hear of their own proposal alone, reviewers
of the call alone.
"""

from takeback.share.centre.notices import of_calls, of_people, of_work  # noqa: F401 -- declare who hears of what
from takeback.share.centre.notices.reminding import remind
from takeback.share.centre.notices.telling import Notice, my_notices, read_notices, tell, tell_roles, unread_notices
from takeback.share.centre.notices.words import WORDS, sentence

__all__ = [
    "WORDS", "Notice", "my_notices", "read_notices", "remind", "sentence", "tell", "tell_roles", "unread_notices",
]  # fmt: skip
