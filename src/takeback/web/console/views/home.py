"""GET / : what is where, what is it worth, what needs me."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, Literal

from takeback.core.message import msg
from takeback.core.money import Money
from takeback.web.console.views.common import Part, Progress, Text, Tone, View

AGE_LIMITS: tuple[timedelta, ...] = (
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
"""Borders of the five age classes of a stage: below the first, ..., above the last."""


class HomeFigures(Part, frozen=True, kw_only=True):
    """The strip of figures; None: not measured yet.

    - `*_change`: ratio against the window before (0.04 = 4 % more).
    - `against_rule`, `against_rule_error`: realised value above the best static rule and half the width of
      its 95 % interval, both ratios.
    - `mass_closed`: ratio of kilograms accounted for; `mass_gap_kg`: what is missing.
    - `with_evidence`: ratio of `decisions` that rest on at least one measured statement.
    """

    value_in_loop: Money | None
    loss_per_hour: Money | None
    value_change: float | None = None
    loss_change: float | None = None
    against_rule: float | None = None
    against_rule_error: float | None = None
    mass_closed: float | None = None
    mass_gap_kg: float | None = None
    with_evidence: float | None = None
    decisions: int = 0


class StageFigure(Part, frozen=True, kw_only=True):
    """One station of the loop.

    - `ages`: items by age class (see `AGE_LIMITS`), five numbers.
    - `per_day`: items that pass on to the next station a day.
    """

    stage: str
    items: int
    value: Money
    median_age: timedelta | None
    loss_per_hour: Money
    ages: tuple[int, int, int, int, int]
    per_day: float = 0.0


class Outlet(Part, frozen=True, kw_only=True):
    """One next life: items recovered into it in the window, and what they realised."""

    disposition: str
    items: int
    value: Money


class Loop(Part, frozen=True, kw_only=True):
    stages: tuple[StageFigure, ...]
    outlets: tuple[Outlet, ...]
    learnt: int = 0
    """Outcomes that have been fed back to forecasts and prices in the window."""


class Need(Part, frozen=True, kw_only=True):
    """One thing that waits for a person."""

    href: str
    title: Text
    detail: Text
    badge: Text | None = None
    tone: Tone = "warn"


class HistoryPoint(Part, frozen=True, kw_only=True):
    start: date
    value: float


class FanPoint(Part, frozen=True, kw_only=True):
    """Quantiles of one period ahead: 10, 25, 50, 75, 90 %."""

    start: date
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    naive: float | None = None


class Forecast(Part, frozen=True, kw_only=True):
    """What is expected to come back, by period; `skill`: ratio of error saved against the naive forecast."""

    title: Text
    history: tuple[HistoryPoint, ...]
    ahead: tuple[FanPoint, ...]
    skill: float | None = None
    period: Literal["day", "week", "month"] = "week"


class RealisedBin(Part, frozen=True, kw_only=True):
    """Decisions of similar predicted value: means, and the middle 80 % of what was realised (major units)."""

    predicted: float
    realised: float
    low: float
    high: float
    decisions: int


class Realised(Part, frozen=True, kw_only=True):
    """`coverage`: ratio of outcomes inside their predicted 80 % interval."""

    bins: tuple[RealisedBin, ...]
    currency: str
    decisions: int
    coverage: float | None = None


class Rival(Part, frozen=True, kw_only=True):
    """One engine against its baseline, and against the best possible where that is known.

    `gain` is positive when ours is better, as a ratio of the baseline.
    """

    label: Text
    baseline_label: Text
    ours: float
    baseline: float
    gain: float
    best: float | None = None
    unit: Text = ""


class Start(Part, frozen=True, kw_only=True):
    """What can be done here while nothing has come back: a sentence, and a way where there is one."""

    detail: Text
    href: str = ""
    label: Text = ""


class HomePage(View, frozen=True, kw_only=True):
    template: ClassVar[str] = "home.html"

    figures: HomeFigures
    loop: Loop
    needs: tuple[Need, ...] = ()
    needs_total: int = 0
    forecast: Forecast | None = None
    realised: Realised | None = None
    rivals: tuple[Rival, ...] = ()
    start: Start = Start(detail=msg("Import return orders or battery collections, or send them by the API."))
    job: Progress | None = None
    """The job that fills the demo world; its banner goes when it is done."""
