"""What the views of several pages are made of."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias
from urllib.parse import urlencode

import msgspec

from takeback.core.message import Message

Text: TypeAlias = Message | str
"""A sentence to be translated (`msg(...)`), or words that are data and shown as they are."""

Tone = Literal["plain", "good", "warn", "bad", "advice", "recycling"]
"""What a colour says: ours or done, a clock, danger, advice, recycling."""

Provenance = Literal["real", "simulated", "estimated", "declared"]
Vertical = Literal["batteries", "returns"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a page."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """All that one template shows; `template` names it."""

    template: ClassVar[str]


class Chip(Part, frozen=True, kw_only=True):
    """A few words on a soft ground; `says`: what they mean, told when pointed at."""

    label: Text
    tone: Tone = "plain"
    says: Text = ""


class Address(Part, frozen=True, kw_only=True):
    """The address of a list as it is filtered, sorted and paged now."""

    path: str
    params: dict[str, str] = {}

    def href(self, **changes: object) -> str:
        """Return the address with parameters changed; None takes a parameter away."""
        merged = {**self.params, **changes}
        kept = {name: str(value) for name, value in merged.items() if value is not None}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


class Paging(Part, frozen=True, kw_only=True):
    """Which part of a list is shown: page `number` (from 1) of `size` rows, of `total` rows in all."""

    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return min(self.total, (self.number - 1) * self.size + 1)

    @property
    def last(self) -> int:
        return min(self.total, self.number * self.size)


class FilterOption(Part, frozen=True, kw_only=True):
    value: str
    label: Text
    count: int | None = None


class Filter(Part, frozen=True, kw_only=True):
    """One question a list can be narrowed by; `chosen` None: not narrowed."""

    name: str
    label: Text
    options: tuple[FilterOption, ...]
    chosen: str | None = None


class Action(Part, frozen=True, kw_only=True):
    """A button that changes something: a POST to `href`.

    - `key`: the letter that presses it.
    - `confirm`: a sentence asked first; for what cannot be taken back.
    - `asks`: what the person has to write with the answer; sent as `reason`.
    """

    label: Text
    href: str
    primary: bool = False
    key: str | None = None
    confirm: Text | None = None
    asks: Text | None = None
    method: Literal["post", "get"] = "post"


class Progress(Part, frozen=True, kw_only=True):
    """A job as its progress bar shows it.

    - `done`, `total`: units of work; `total` None: not known.
    - `seconds_left`: estimate; None while there is none.
    """

    id: str
    title: Text
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int = 0
    total: int | None = None
    step: Text | None = None
    seconds_left: int | None = None
    cancellable: bool = False
    problem: Text | None = None

    @property
    def live(self) -> bool:
        return self.state in {"waiting", "running"}

    @property
    def ratio(self) -> float | None:
        return None if not self.total else min(1.0, self.done / self.total)
