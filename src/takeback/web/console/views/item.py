"""GET /items/{key} : its best next life, why, what happened, is it true. GET /items : the list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from takeback.core.money import Money
from takeback.web.console.views.accounts import CheckpointRow
from takeback.web.console.views.common import (
    Action,
    Address,
    Chip,
    Filter,
    Paging,
    Part,
    Provenance,
    Text,
    Tone,
    Vertical,
    View,
)


class Option(Part, frozen=True, kw_only=True):
    """One possible next life; `barred`: the reason why it may not be chosen (then there is no value).

    `after_place`: the value less what its scarce place is worth to other items, which is what options are compared on;
    None where nobody said it.
    """

    disposition: str
    label: Text
    value: Money | None = None
    low: Money | None = None
    high: Money | None = None
    after_place: Money | None = None
    barred: Text | None = None
    chosen: bool = False

    @property
    def rank(self) -> Money | None:
        """What options are compared on."""
        return self.value if self.after_place is None else self.after_place

    @property
    def pays_for_place(self) -> bool:
        """Tell whether its place is worth something to other items."""
        return self.after_place is not None and self.after_place != self.value


class Reason(Part, frozen=True, kw_only=True):
    """What speaks for the chosen life: its effect on expected value against the runner-up."""

    label: Text
    effect: Money


class Flip(Part, frozen=True, kw_only=True):
    """Where the decision changes: `label` is `now` (`low` to `high`); beyond `threshold` it is `then`."""

    label: Text
    now: float
    threshold: float
    then: Text
    unit: str = ""
    low: float | None = None
    high: float | None = None


class LookCloser(Part, frozen=True, kw_only=True):
    """Sequential testing: what one more test is worth here, what it costs."""

    test: Text
    worth: Money
    cost: Money

    @property
    def pays(self) -> bool:
        return self.worth.minor > self.cost.minor


class Decision(Part, frozen=True, kw_only=True):
    """`level`: coverage of the intervals. `decided_at` None: only proposed. `by`: rule, model, person.

    `actions`: to accept what is proposed; of a decision that stands: to decide otherwise.
    """

    options: tuple[Option, ...]
    by: Text
    decided_at: datetime | None = None
    level: float = 0.8
    reasons: tuple[Reason, ...] = ()
    flips: tuple[Flip, ...] = ()
    look_closer: LookCloser | None = None
    realised: Money | None = None
    actions: tuple[Action, ...] = ()
    notes: tuple[Text, ...] = ()
    realised_counts: bool = True
    """False where the outcome rests on declared assumptions and stays out of realised-value figures."""

    @property
    def chosen(self) -> Option | None:
        return next((option for option in self.options if option.chosen), None)


class StatementLine(Part, frozen=True, kw_only=True):
    """A measured or declared value with its evidence; `low`, `high`: its interval."""

    label: Text
    value: float | Text
    provenance: Provenance
    unit: str = ""
    low: float | None = None
    high: float | None = None
    digits: int = 1
    method: Text = ""
    by: Text = ""
    at: datetime | None = None
    is_grade: bool = False


class TimelineEvent(Part, frozen=True, kw_only=True):
    """One entry of the ledger about this item, newest first; `leaf` None: waits for the next checkpoint."""

    title: Text
    at: datetime
    detail: Text = ""
    tone: Tone = "good"
    leaf: int | None = None
    entry: int | None = None
    provenance: Provenance = "real"


class Proof(Part, frozen=True, kw_only=True):
    """What the log says of this item.

    - `complete`: the completeness map says these are all events of the item.
    - `verified_at`: when it was last verified; None: never.
    """

    checkpoint: int
    log_size: int
    events: int
    signed_at: datetime
    last_leaf: int | None = None
    complete: bool = True
    verified_at: datetime | None = None
    witnesses: int = 0
    waiting: int = 0


class MaterialLine(Part, frozen=True, kw_only=True):
    """Kilograms of one material; `error`: half the interval as a ratio of `kg`."""

    material: Text
    kg: float
    error: float | None = None
    provenance: Provenance = "estimated"


class Inside(Part, frozen=True, kw_only=True):
    """A part of a battery: `soh` as ratio, None where not measured."""

    label: str
    soh: float | None = None
    href: str | None = None
    outlier: bool = False


class ItemPage(View, frozen=True, kw_only=True):
    template: ClassVar[str] = "item.html"

    key: str
    reference: str
    epc: str
    name: Text
    vertical: Vertical
    level: Literal["pack", "module", "cell", "unit"]
    stage: str
    held_by: Text
    since: datetime
    owner: Text
    gone: bool = False
    """It left the loop at `since`: nobody holds it."""
    chips: tuple[Chip, ...] = ()
    value: Money | None = None
    mass_kg: float | None = None
    loss_per_hour: Money | None = None
    actions: tuple[Action, ...] = ()
    decision: Decision | None = None
    statements: tuple[StatementLine, ...] = ()
    events: tuple[TimelineEvent, ...] = ()
    hidden_events: int = 0
    """Events of other parties that this tenant may not read; counted, never silently left out."""
    proof: Proof | None = None
    materials: tuple[MaterialLine, ...] = ()
    inside: tuple[Inside, ...] = ()
    grade: str = ""
    waiting_href: str = ""
    """Where the proposal waits, for an item that is graded and whose proposal is not shown here."""


class ItemRow(Part, frozen=True, kw_only=True):
    key: str
    reference: str
    name: Text
    vertical: Vertical
    stage: str
    held_by: Text
    age: timedelta
    value: Money | None
    state: Text | None = None
    grade: str = ""
    disposition: str | None = None
    provenance: Provenance = "real"


class ItemsPage(View, frozen=True, kw_only=True):
    """GET /items?q=...&stage=...&page=2 ; also the answer to a search that names no single item."""

    template: ClassVar[str] = "items.html"

    rows: tuple[ItemRow, ...]
    paging: Paging
    address: Address
    query: str = ""
    filters: tuple[Filter, ...] = ()


class SearchHit(Part, frozen=True, kw_only=True):
    href: str
    title: str
    detail: Text
    kind: Text


class SearchResults(View, frozen=True, kw_only=True):
    """GET /search?q=... asked by htmx: the list under the search box."""

    template: ClassVar[str] = "fragments/search.html"

    query: str
    hits: tuple[SearchHit, ...]


class ProofCheck(Part, frozen=True, kw_only=True):
    label: Text
    passed: bool
    detail: Text = ""


class ProofResult(View, frozen=True, kw_only=True):
    """POST /items/{key}/verify or /ledger/verify asked by htmx: what was recomputed just now.

    `checkpoints`: after the whole log was verified; they and the side bar's badge replace those that stand on the page.
    """

    template: ClassVar[str] = "fragments/verified.html"

    checks: tuple[ProofCheck, ...]
    milliseconds: float
    renews_chip: bool = False
    """Whether the chip of the page that asked is renewed with the answer."""
    checkpoints: tuple[CheckpointRow, ...] = ()

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)
