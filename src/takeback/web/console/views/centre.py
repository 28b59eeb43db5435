"""Pages of a centre: lists and records of any kind, the forms that change them."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

from takeback.core.money import Money
from takeback.web.console.views.common import (
    Action,
    Address,
    Chip,
    Filter,
    FilterOption,
    Paging,
    Part,
    Progress,
    Text,
    Tone,
    View,
)

Sort = Literal[
    "line",
    "text",
    "lines",
    "number",
    "money",
    "day",
    "moment",
    "tick",
    "choice",
    "ticks",
    "pick",
    "rows",
    "group",
    "file",
]


class Shown(Part, frozen=True, kw_only=True):
    """One value as it is read: the first of these that is given; none of them is a dash. `href`: where it leads.

    `digest`: hexadecimal, of which the beginning is shown and the whole told.
    """

    text: Text | None = None
    money: Money | None = None
    number: float | None = None
    digits: int = 0
    unit: Text = ""
    day: date | None = None
    at: datetime | None = None
    chip: Chip | None = None
    digest: str = ""
    href: str | None = None


class FactTable(Part, frozen=True, kw_only=True):
    """Lines of the same make, such as those of a budget."""

    heads: tuple[Text, ...]
    rows: tuple[tuple[tuple[Shown, ...], ...], ...]


class FactRow(Part, frozen=True, kw_only=True):
    """What a record says under one label; `long`: text of several lines."""

    label: Text
    values: tuple[Shown, ...] = ()
    long: bool = False
    table: FactTable | None = None


class Tab(Part, frozen=True, kw_only=True):
    """A page beside this one."""

    label: Text
    href: str
    here: bool = False


class RecordRow(Part, frozen=True, kw_only=True):
    """A record in a list."""

    href: str
    title: str
    state: Chip
    cells: tuple[Shown, ...] = ()


class Branch(Part, frozen=True, kw_only=True):
    """Records that belong to the one shown; `add`: where another is made; `more`: the list of all."""

    title: Text
    heads: tuple[Text, ...] = ()
    rows: tuple[RecordRow, ...] = ()
    total: int = 0
    more: str | None = None
    add: Action | None = None


class Step(Part, frozen=True, kw_only=True):
    """An entry of the ledger about a record; `leaf` None: it waits for the next checkpoint."""

    title: Text
    at: datetime
    by: Text
    entry: int
    why: str = ""
    leaf: int | None = None
    proof: str | None = None


class KeptFile(Part, frozen=True, kw_only=True):
    name: str
    size: int
    href: str
    sha256: str
    at: datetime


class CentreListPage(View, frozen=True, kw_only=True):
    """GET /centre/{kind}: records of a kind, filtered, a page of them."""

    template: ClassVar[str] = "centre-list.html"

    title: Text
    note: Text = ""
    tabs: tuple[Tab, ...] = ()
    heads: tuple[Text, ...] = ()
    rows: tuple[RecordRow, ...]
    paging: Paging
    address: Address
    filters: tuple[Filter, ...] = ()
    query: str = ""
    actions: tuple[Action, ...] = ()
    nothing: Text = ""


class CentreRecordPage(View, frozen=True, kw_only=True):
    """GET /centre/{kind}/{id}: what a record says, its files, what belongs to it, its history.

    `blocks`, `aside`: what its own kind shows above the facts and beside them; `upload`: where a file is sent to.
    """

    template: ClassVar[str] = "centre-record.html"

    title: str
    kind: Text
    list_href: str
    state: Chip
    facts: tuple[FactRow, ...]
    above: tuple[Tab, ...] = ()
    moves: tuple[Action, ...] = ()
    actions: tuple[Action, ...] = ()
    branches: tuple[Branch, ...] = ()
    files: tuple[KeptFile, ...] = ()
    upload: str | None = None
    steps: tuple[Step, ...] = ()
    version: int = 1
    blocks: tuple[Block, ...] = ()
    aside: tuple[Block, ...] = ()


class Wrong(Part, frozen=True, kw_only=True):
    """What is wrong with a field: what was found, what would be right."""

    title: Text
    found: str = ""
    expected: Text = ""


class Pick(Part, frozen=True, kw_only=True):
    """A record or person that a field can name; `note`: what tells it from others of the same name."""

    value: str
    label: Text
    note: Text = ""
    chosen: bool = False


class Field(Part, frozen=True, kw_only=True):
    """A field of a form. `name` is unique in the form: that of a part is `whole.part`, of a row `whole.0.part`.

    `of`: what a `pick` chooses from (`person`, or a kind); `address`: where its hits, or another row, come from.
    """

    name: str
    label: Text
    sort: Sort
    value: str = ""
    values: tuple[str, ...] = ()
    options: tuple[FilterOption, ...] = ()
    required: bool = False
    unit: Text = ""
    hint: Text = ""
    chinese: bool = False
    most: int | None = None
    many: bool = False
    of: str = ""
    address: str = ""
    picks: tuple[Pick, ...] = ()
    fields: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()
    wrong: Wrong | None = None

    @property
    def id(self) -> str:
        """The field's id in the page."""
        return "f-" + self.name.replace(".", "-")


class CentreFormPage(View, frozen=True, kw_only=True):
    """A form of any record; `wrong`: what is told above it, with links to the fields; `files`: it sends files."""

    template: ClassVar[str] = "centre-form.html"

    title: Text
    send: Text
    action: str
    back: str
    fields: tuple[Field, ...]
    note: Text = ""
    hidden: tuple[tuple[str, str], ...] = ()
    wrong: tuple[Wrong, ...] = ()
    remedy: Text = ""
    files: bool = False
    actions: tuple[Action, ...] = ()


class Send(Part, frozen=True, kw_only=True):
    """A button of a form; `value` is sent as `send`."""

    label: Text
    value: str = ""
    primary: bool = False


class FormPart(Part, frozen=True, kw_only=True):
    """A form inside a page."""

    action: str
    fields: tuple[Field, ...]
    sends: tuple[Send, ...]
    wrong: tuple[Wrong, ...] = ()
    files: bool = False
    method: Literal["post", "get"] = "post"


class FigureCard(Part, frozen=True, kw_only=True):
    """A figure with the way to its evidence; `reached`: its share of the target, if there is one."""

    label: Text
    value: Shown
    href: str
    target: Shown | None = None
    reached: float | None = None
    note: Text = ""


class LinkRow(Part, frozen=True, kw_only=True):
    """A line that leads somewhere: what waits, what is new."""

    href: str
    title: Text
    detail: Text = ""
    badge: Chip | None = None


class Span(Part, frozen=True, kw_only=True):
    """A bar on a scale of time: `begin` and `width` in % of it."""

    label: Text
    says: Text
    begin: float
    width: float
    tone: Tone = "good"
    href: str | None = None


class Lane(Part, frozen=True, kw_only=True):
    """A line of bars: a work package, a day of a resource, a person's competencies."""

    label: Text
    spans: tuple[Span, ...]
    href: str | None = None


class Scale(Part, frozen=True, kw_only=True):
    """Lanes on one scale; `ticks`: what stands at which % of it; `keys`: what the colours say."""

    ticks: tuple[tuple[float, Text], ...]
    lanes: tuple[Lane, ...]
    now: float | None = None
    keys: tuple[tuple[Tone, Text], ...] = ()


class Slice(Part, frozen=True, kw_only=True):
    """A part of the money that was received."""

    label: Text
    money: Money
    share: float
    tone: Tone


class Purse(Part, frozen=True, kw_only=True):
    """All that was received, and where it is."""

    received: Money
    slices: tuple[Slice, ...]
    href: str


class Block(Part, frozen=True, kw_only=True):
    """A card of a page, which shows what of this is given, in this order; `nothing`: said when none of it is."""

    title: Text
    note: Text = ""
    text: Text = ""
    figures: tuple[FigureCard, ...] = ()
    links: tuple[LinkRow, ...] = ()
    purse: Purse | None = None
    scale: Scale | None = None
    facts: tuple[FactRow, ...] = ()
    table: FactTable | None = None
    heads: tuple[Text, ...] = ()
    rows: tuple[RecordRow, ...] = ()
    form: FormPart | None = None
    actions: tuple[Action, ...] = ()
    nothing: Text = ""

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to show."""
        shown = (
            self.text,
            self.figures,
            self.links,
            self.purse,
            self.scale,
            self.facts,
            self.table,
            self.rows,
            self.form,
        )
        return not any(shown)


class MakingPart(View, frozen=True, kw_only=True):
    """GET /centre/reports/making/{id} asked by htmx every second; with the last one send `HX-Refresh: true`."""

    template: ClassVar[str] = "fragments/centre-making.html"

    job: Progress


class CentreSheetPage(View, frozen=True, kw_only=True):
    """Any page of a centre that is made of cards: `blocks` beside each other with `aside`; `making`: a report."""

    template: ClassVar[str] = "centre-sheet.html"

    title: Text
    note: Text = ""
    state: Chip | None = None
    above: tuple[Tab, ...] = ()
    tabs: tuple[Tab, ...] = ()
    actions: tuple[Action, ...] = ()
    blocks: tuple[Block, ...] = ()
    aside: tuple[Block, ...] = ()
    making: MakingPart | None = None


class PublicCard(Part, frozen=True, kw_only=True):
    """A problem as anybody sees it."""

    title: str
    state: Chip
    facts: tuple[FactRow, ...] = ()


class PublicBoardPage(View, frozen=True, kw_only=True):
    """GET /boards/{slug}: the problems of a centre that opened its board; `more`: how many there are besides."""

    template: ClassVar[str] = "public-board.html"

    slug: str
    name: str
    cards: tuple[PublicCard, ...]
    query: str = ""
    more: int = 0


class PickPart(View, frozen=True, kw_only=True):
    """GET /centre/pick: what a field can name, as htmx puts it under the field's search."""

    template: ClassVar[str] = "fragments/centre-pick.html"

    field: Field
    query: str = ""


class RowPart(View, frozen=True, kw_only=True):
    """GET /centre/{kind}/rows: one row more of a field that has rows."""

    template: ClassVar[str] = "fragments/centre-row.html"

    field: Field


def wrong_fields(fields: tuple[Field, ...]) -> list[Field]:
    """Return the fields with something wrong, those in groups and rows too."""
    found: list[Field] = []
    for field in fields:
        found += [field] if field.wrong else []
        found += wrong_fields(field.fields)
        for row in field.rows:
            found += wrong_fields(row)
    return found
