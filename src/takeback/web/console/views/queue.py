"""GET /queues/{tab} : the next decision, ready to accept with one key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from takeback.core.message import msg
from takeback.core.money import Money
from takeback.web.console.views.common import Action, Address, Chip, Filter, Paging, Part, Text, Tone, View


class QueueTab(Part, frozen=True, kw_only=True):
    code: str
    label: Text
    count: int
    tone: Tone = "plain"


class QueueRow(Part, frozen=True, kw_only=True):
    """One item that waits.

    - `state`: grade or state of health as one says it (`B+`, `78.4 %`); `sure`: probability or interval text.
    - `best`: the proposed next life; `lead`: its expected value above the runner-up.
    - `due`: when a promise or legal clock runs out.
    """

    key: str
    reference: str
    name: Text
    loss_per_hour: Money
    age: timedelta
    state: Text | None = None
    sure: Text | None = None
    best: Text | None = None
    best_code: str | None = None
    value: Money | None = None
    lead: Money | None = None
    grade: str = ""
    due: datetime | None = None
    chip: Chip | None = None


class Fact(Part, frozen=True, kw_only=True):
    """A line of the side card."""

    label: Text
    value: Text | Money | None


class QueueDetail(Part, frozen=True, kw_only=True):
    """The chosen item, in the side card."""

    key: str
    reference: str
    name: Text
    facts: tuple[Fact, ...]
    actions: tuple[Action, ...] = ()
    chip: Chip | None = None


class Instead(Part, frozen=True, kw_only=True):
    """What to do where a queue is empty: a sentence and a way."""

    detail: Text
    href: str
    label: Text


class HourFigures(Part, frozen=True, kw_only=True):
    """What the last hour brought; None: not measured."""

    decided: int
    seconds_each: float | None = None
    saved_against_fifo: Money | None = None
    overruled: int = 0


class Unpriced(Part, frozen=True, kw_only=True):
    """Items that cannot be proposed anything: no price is known for their category in these conditions."""

    category: str
    conditions: str
    items: int
    href: str


class QueuePage(View, frozen=True, kw_only=True):
    """`best_label`, `value_label`: what the columns hold, a proposal or what was decided.

    `GET {path}?selected=KEY` gives the same page with that item in the side card; the keyboard uses it.

    Bulk: POST /queues/{tab}/accept with `key` once for each item. `unpriced`: what the proposals leave out.
    """

    template: ClassVar[str] = "queue.html"

    tabs: tuple[QueueTab, ...]
    tab: str
    address: Address
    rows: tuple[QueueRow, ...]
    paging: Paging
    filters: tuple[Filter, ...] = ()
    sort: str = "loss"
    detail: QueueDetail | None = None
    hour: HourFigures | None = None
    may_act: bool = True
    best_label: Text = msg("Best next life")
    value_label: Text = msg("Value")
    instead: Instead | None = None
    unpriced: tuple[Unpriced, ...] = ()
