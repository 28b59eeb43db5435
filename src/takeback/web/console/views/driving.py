"""GET /drive/{token} : a route on its driver's phone."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal

from takeback.core.message import Message
from takeback.web.console.views.common import Part, Text, View


class DriveItem(Part, frozen=True, kw_only=True):
    """A thing to be handed over; all are ticked until the driver takes one out."""

    epc: str
    code: str
    name: Text
    mass_kg: float


class DriveStop(Part, frozen=True, kw_only=True):
    """One stop on the phone.

    `key`: what it is confirmed by; `geo`: a geo: address (RFC 5870) for the phone's maps; `again`: it failed, or a part
    remained, and may be tried once more.
    """

    key: str
    number: int
    name: Text
    address: Text
    kind: Literal["pickup", "delivery", "site"]
    arrive: datetime
    opens: datetime | None
    closes: datetime | None
    mass_kg: float
    items: int
    things: tuple[DriveItem, ...]
    geo: str
    late: bool = False
    again: bool = False
    state: Literal["open", "done", "failed"] = "open"
    notes: tuple[Message, ...] = ()


class DrivePage(View, frozen=True, kw_only=True):
    """What one driver needs for one day, without signing in: the token is the key.

    `aboard_kg`: loaded by what was confirmed so far. `reasons`: codes of why a stop could not be done.
    """

    template: ClassVar[str] = "drive.html"

    token: str
    day: date
    vehicle: Text
    site: Text
    start: datetime
    end: datetime
    timezone: str
    stops: tuple[DriveStop, ...]
    reasons: tuple[tuple[str, Text], ...]
    aboard_kg: float = 0.0
    capacity_kg: float = 0.0
    closed: bool = False
    problem: Text = ""
    sheet: bool = False

    @property
    def next(self) -> str:
        """Return the key of the first stop that is open; empty when all are done."""
        return next((stop.key for stop in self.stops if stop.state == "open"), "")

    @property
    def done(self) -> int:
        return sum(stop.state != "open" for stop in self.stops)
