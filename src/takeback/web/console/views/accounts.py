"""GET /balance : kilograms by site. GET /ledger : checkpoints and entries."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from takeback.web.console.views.common import Address, Filter, Paging, Part, Text, View


class SiteBalance(Part, frozen=True, kw_only=True):
    """One site's kilograms in the window: opening stock + received = sent + products + losses + stock.

    `products`: leaves as recovered material or goods; `sent`: leaves as an item to another site or partner.
    """

    site: Text
    role: Text
    opening_kg: float
    received_kg: float
    sent_kg: float
    products_kg: float
    losses_kg: float
    stock_kg: float
    items: int = 0

    @property
    def gap_kg(self) -> float:
        given = self.opening_kg + self.received_kg
        return given - (self.sent_kg + self.products_kg + self.losses_kg + self.stock_kg)

    @property
    def closed(self) -> bool:
        return abs(self.gap_kg) < 0.001


class MaterialBalance(Part, frozen=True, kw_only=True):
    """One material over all sites: `contained` in what was treated, `recovered` in products; kilograms."""

    material: Text
    contained_kg: float
    recovered_kg: float
    duty: float | None = None
    duty_source: Text = ""


class BalancePage(View, frozen=True, kw_only=True):
    template: ClassVar[str] = "balance.html"

    sites: tuple[SiteBalance, ...]
    since: datetime
    until: datetime
    materials: tuple[MaterialBalance, ...] = ()


class CheckpointRow(Part, frozen=True, kw_only=True):
    number: int
    size: int
    root: str
    signed_at: datetime
    added: int
    verified: bool | None = None


class EntryRow(Part, frozen=True, kw_only=True):
    """One entry; `leaf` None: waits for the next checkpoint."""

    id: int
    kind: str
    title: Text
    at: datetime
    items: int
    hash: str
    leaf: int | None = None
    item_key: str | None = None


class EntryDetail(Part, frozen=True, kw_only=True):
    """One entry opened: its body as JSON, who recorded it when, and the hashes from its leaf to the checkpoint's root
    (base64; none while it waits)."""

    entry: EntryRow
    recorded_at: datetime
    body: str
    by: Text = ""
    path: tuple[str, ...] = ()


class LedgerPage(View, frozen=True, kw_only=True):
    """POST /ledger/verify verifies the whole log and answers with a `ProofResult`."""

    template: ClassVar[str] = "ledger.html"

    checkpoints: tuple[CheckpointRow, ...]
    entries: tuple[EntryRow, ...]
    paging: Paging
    address: Address
    filters: tuple[Filter, ...] = ()
    since: date | None = None
    until: date | None = None
    detail: EntryDetail | None = None
    public_key: str = ""
    waiting: int = 0
    per_day: tuple[int, ...] = ()
    """Entries of each of the last days, oldest first."""
