"""The genealogy of a battery pack as it could be, and the page of trace quality; all invented."""

from __future__ import annotations

from datetime import UTC, datetime

from takeback.core.items import item_hex, item_key
from takeback.core.message import msg
from takeback.operate.genealogy import GenealogyView, Joint, Thing
from takeback.prove.quality import Fault, PartScore, Score
from takeback.web.console.views.genealogy import Genealogy, GenealogyPage, GenealogyPart, PlaceQuality, TraceQualityPage
from takeback.web.pages.genealogy import _parts, _view

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
PRODUCTS = {
    "06901234000016": "traction pack",
    "06901234000023": "module 12s",
    "06901234000030": "prismatic cell",
}
LATE = msg("reported {hours} hours after it happened", hours=30)
SCORE = Score(
    score=82.5,
    parts=(
        PartScore(part="gaps", weight=30, score=75.0, judged=8, faults=2),
        PartScore(part="matches", weight=20, score=100.0, judged=6, faults=0),
        PartScore(part="lateness", weight=20, score=64.0, judged=9, faults=4),
        PartScore(part="claims", weight=15, score=None, judged=0, faults=0),
        PartScore(part="findings", weight=15, score=97.2, judged=9, faults=1),
    ),
    faults=(
        Fault(part="gaps", entry=41, place=None, value=0.0, why=msg("turned up without a receipt")),
        Fault(part="lateness", entry=44, place=None, value=0.3, why=LATE),
    ),
    events=9,
)  # fmt: skip


def battery(modules: int = 8, cells: int = 12, levels: int = 4) -> GenealogyView:
    """A pack of modules of cells out of lots out of lots."""
    uris = {(0, 0): "https://id.gs1.org/01/06901234000016/21/P1"}
    steps: list[tuple[str, list[tuple[int, int]], list[tuple[int, int]]]] = []
    uris |= {(1, m): f"https://id.gs1.org/01/06901234000023/21/M{m}" for m in range(modules)}
    steps.append(("association", [(1, m) for m in range(modules)], [(0, 0)]))
    for m in range(modules):
        own = [(2, m * cells + c) for c in range(cells)]
        uris |= {cell: f"https://id.gs1.org/01/06901234000030/21/C{cell[1]}" for cell in own}
        steps.append(("association", own, [(1, m)]))
        steps.append(("transformation", [(3, m % 3)], own))
    for level in range(3, 3 + levels):
        uris |= {(level, n): f"https://id.gs1.org/01/0690123400{level:04d}/10/L{level}{n}" for n in range(3)}
        if level > 3:
            steps.append(("transformation", [(level, n) for n in range(3)], [(level - 1, n) for n in range(3)]))
    keys = {place: item_hex(item_key(uri)) for place, uri in uris.items()}
    entry = {item: (number, kind) for number, (kind, inner, _) in enumerate(steps, 1) for item in inner}
    things = tuple(
        Thing(
            key=keys[place], uri=uri, code="P1" if place == (0, 0) else None, depth=place[0],
            entry=entry[place][0] if place in entry else None, kind=entry[place][1] if place in entry else None,
        )
        for place, uri in sorted(uris.items())
    )  # fmt: skip
    joints = tuple(
        Joint(
            kind=kind, entries=(number,), at=AT, inner=tuple(keys[one] for one in inner),
            outer=tuple(keys[one] for one in outer),
        )
        for number, (kind, inner, outer) in enumerate(steps, 1)
    )  # fmt: skip
    return GenealogyView(direction="back", at=None, things=things, steps=joints, hidden=3)


def drawn(view: GenealogyView | None = None) -> Genealogy:
    return _view(view or battery(), PRODUCTS, SCORE, None, None)


def genealogy() -> GenealogyPage:
    return GenealogyPage(title="P1", genealogy=drawn())


def genealogy_part() -> GenealogyPart:
    return GenealogyPart(genealogy=drawn())


def trace_quality() -> TraceQualityPage:
    parts = _parts(SCORE.parts)
    return TraceQualityPage(
        places=(
            PlaceQuality(name="Wuxi test centre", score=61.2, events=1204, parts=parts),
            PlaceQuality(name=msg("no place said"), score=None, events=3, parts=parts),
        )
    )
