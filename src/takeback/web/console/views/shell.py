"""What stands around every page: side bar, top bar, messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from takeback.web.console.views.common import Part, Text, Tone

Locale = Literal["en", "zh_Hans"]
Theme = Literal["auto", "light", "dark"]


class Person(Part, frozen=True, kw_only=True):
    """Who is signed in, working for `organisation`; `others`: what the person can work for instead."""

    name: str
    email: str
    organisation: str
    role: str
    others: tuple[ScopeChoice, ...] = ()

    @property
    def initials(self) -> str:
        """Two letters for the round badge: of the first and last word, or the first Chinese character."""
        words = self.name.split()
        letters = words[0][0] + (words[-1][0] if len(words) > 1 else "") if words else "?"
        return letters.upper()


class ScopeChoice(Part, frozen=True, kw_only=True):
    value: str
    label: Text


class Scope(Part, frozen=True, kw_only=True):
    """What part of the world the figures are of; POST /preferences sends `site`, `vertical`, `window`."""

    region: Text
    sites: tuple[ScopeChoice, ...] = ()
    site: str = ""
    vertical: Literal["", "batteries", "returns"] = ""
    window: Literal["day", "week", "month", "all"] = "week"


class CheckpointBadge(Part, frozen=True, kw_only=True):
    """The newest signed checkpoint, and the last verification of the whole log.

    `verified` None: never verified; else its outcome, at `verified_at`, when the log had `verified_size` leaves.
    """

    number: int
    signed_at: datetime
    verified: bool | None = None
    verified_at: datetime | None = None
    verified_size: int = 0

    @property
    def grown(self) -> bool:
        """Tell whether the log has grown since it was verified."""
        return self.number > self.verified_size


class CentrePlace(Part, frozen=True, kw_only=True):
    """An entry of a centre's side bar; `starts`: the paths that are of it; `count`: what waits there."""

    href: str
    label: Text
    starts: tuple[str, ...]
    count: int = 0

    def holds(self, path: str) -> bool:
        """Tell whether a page stands below this entry."""
        return any(path == one or (path.startswith(f"{one}/") and one != "/centre") for one in self.starts)


class Flash(Part, frozen=True, kw_only=True):
    """One message after an action."""

    text: Text
    tone: Tone = "good"


class Shell(Part, frozen=True, kw_only=True):
    """What every page needs beside its own view.

    - `path`: the path of this page; marks the entry of the side bar and is where /preferences returns to.
    - `counts`: numbers beside entries of the side bar, by entry (`queues`, `jobs`).
    - `simulated`: the organisation lives in a simulated world, whose clock is `now`.
    - `centre`: the centre worked in, if it is one; `places`: its side bar instead of the usual one.
    - `now`: what "2 h ago" is counted from; aware. `timezone`: an IANA name; times are shown in it.
    """

    now: datetime
    path: str = "/"
    locale: Locale = "en"
    theme: Theme = "auto"
    timezone: str = "Asia/Shanghai"
    simulated: bool = False
    person: Person | None = None
    scope: Scope | None = None
    checkpoint: CheckpointBadge | None = None
    counts: Mapping[str, int] = msgspec.field(default_factory=dict)
    flashes: tuple[Flash, ...] = ()
    csrf_token: str = ""
    centre: str = ""
    places: tuple[CentrePlace, ...] = ()
