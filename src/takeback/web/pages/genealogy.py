"""GET /items/{key}/genealogy and /trace-quality: the genealogy drawn, and how good traces are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from litestar import Response, get

from takeback import store
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import genealogy as genealogies
from takeback.operate.genealogy import GenealogyView, Thing
from takeback.operate.identity import Actor
from takeback.operate.items import parse_key
from takeback.operate.quality import PART_NAMES, PartView, QualityView, of_places, score_of
from takeback.prove.genealogy import Direction
from takeback.prove.quality import PartScore, Score
from takeback.web.console.views.genealogy import (
    Family,
    Genealogy,
    GenealogyPage,
    GenealogyPart,
    Member,
    PlaceQuality,
    Quality,
    QualityFault,
    QualityPart,
    Tie,
    TraceQualityPage,
)
from takeback.web.frame import Frame, frame
from takeback.web.memo import memo
from takeback.web.pages.answers import page
from takeback.web.pages.families import Kin, kin_of
from takeback.web.preferences import AnyRequest

LISTED = 1_000
FAULTS = 5
KINDS: dict[str | None, Message | str] = {
    "aggregation": msg("packed together"),
    "association": msg("built in"),
    "transformation": msg("made of"),
    None: "",
}
_PRODUCTS = sa.text("select gtin, name, name_zh from product where gtin <> ''")


@get("/items/{key:str}/genealogy", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, key: str, direction: Direction = "back", at: str = "") -> Response[Any]:
    """The whole page, or for htmx the section alone."""
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        products = {row.gtin: around.name(row.name, row.name_zh) for row in connection.execute(_PRODUCTS)}
        quality = score_of(connection, actor.org_id, parse_key(key), now=around.now)
    day = _day(at)
    instant = None if day is None else datetime.combine(day, time.max, ZoneInfo(around.shell.timezone))
    try:
        found = genealogies.genealogy(actor.org_id, parse_key(key), direction=direction, at=instant)
    except Problem as problem:
        if problem.kind != "trace.too-large":
            raise
        found = genealogies.genealogy(actor.org_id, parse_key(key), direction=direction, at=instant, depth=1)
        view = _view(found, products, quality, day, problem.title)
    else:
        view = _view(found, products, quality, day, None)
    if request.headers.get("hx-request"):
        return page(GenealogyPart(genealogy=view), around.shell)
    first = found.things[0]
    return page(GenealogyPage(title=first.code or first.uri or first.key, genealogy=view), around.shell)


@get("/trace-quality", sync_to_thread=True, include_in_schema=False)
def places(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("ledger.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        org, now = actor.org_id, around.now
        rows = memo(connection, org, ("trace-quality", now.date()), lambda: of_places(connection, org, now=now))
    return page(TraceQualityPage(places=tuple(_place(around, row) for row in rows)), around.shell)


def _view(
    found: GenealogyView, products: dict[str, str], quality: Score, day: date | None, problem: Message | None
) -> Genealogy:
    kin, ties = kin_of(found, products)
    members = [_member(number, thing) for number, one in enumerate(kin) for thing in one.things]
    first = found.things[0]
    return Genealogy(
        key=first.key,
        direction=found.direction,
        at=day,
        families=tuple(_placed(kin, ties, found.direction)),
        ties=tuple(ties),
        members=tuple(members[:LISTED]),
        total=len(members),
        hidden=found.hidden,
        quality=_quality(quality),
        problem=problem,
        item_href=f"/items/{first.key}" if first.code else "",
    )


def _placed(kin: list[Kin], ties: list[Tie], direction: Direction) -> list[Family]:
    """Give each family its column, inputs left, and its row: beside those it hangs on."""
    deepest = max(one.depth for one in kin)
    near: dict[int, list[int]] = {number: [] for number in range(len(kin))}
    for tie in ties:
        for one, other in ((tie.inner, tie.outer), (tie.outer, tie.inner)):
            if kin[one].depth > kin[other].depth:
                near[one].append(other)
    rows: dict[int, int] = {}
    for depth in range(deepest + 1):
        level = [number for number, one in enumerate(kin) if one.depth == depth]
        beside = {n: sum(rows[m] for m in near[n]) / len(near[n]) if near[n] else 0.0 for n in level}
        rows |= {n: row for row, n in enumerate(sorted(level, key=lambda n: (beside[n], n)))}
    return [
        Family(
            id=number,
            label=_label(one.things[0]) if len(one.things) == 1 else one.sort,
            count=len(one.things),
            column=deepest - one.depth if direction == "back" else one.depth,
            row=rows[number],
            href=_href(one.things[0]) if len(one.things) == 1 else f"#family-{number}",
            own=one.depth == 0,
        )
        for number, one in enumerate(kin)
    ]


def _member(family: int, thing: Thing) -> Member:
    return Member(
        family=family,
        label=thing.code or thing.uri or thing.key,
        href=_href(thing),
        steps=thing.depth,
        kind=KINDS[thing.kind],
        entry=thing.entry,
    )


def _label(thing: Thing) -> str:
    return thing.code or (thing.uri or thing.key).rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def _href(thing: Thing) -> str:
    return f"/items/{thing.key}" if thing.code else f"/items/{thing.key}/genealogy"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(
            "genealogy.bad-day", msg("This is no day."), found=text, expected="2026-11-22", status=400
        ) from None


def _quality(score: Score) -> Quality:
    faults = tuple(QualityFault(why=fault.why, entry=fault.entry) for fault in score.faults[:FAULTS])
    return Quality(score=score.score, parts=_parts(score.parts), faults=faults)


def _parts(parts: Iterable[PartView | PartScore]) -> tuple[QualityPart, ...]:
    return tuple(
        QualityPart(
            label=PART_NAMES[part.part],
            ratio=None if part.score is None else part.score / 100,
            weight=part.weight,
            judged=part.judged,
        )
        for part in parts
    )


def _place(around: Frame, view: QualityView) -> PlaceQuality:
    name = around.name(view.name or "", view.name_zh or "") or view.place or msg("no place said")
    return PlaceQuality(name=name, score=view.score, events=view.events, parts=_parts(view.parts))


HANDLERS = [show, places]
