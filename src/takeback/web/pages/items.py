"""GET /items, GET /items/{key}, POST /items/{key}/verify, GET /items/{key}/proof.json, GET /search."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post
from litestar.enums import MediaType
from litestar.response import Redirect

from takeback import store
from takeback.core.currencies import shown_currency
from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.operate import items as items_of
from takeback.operate.decisions.overrule import decide_otherwise
from takeback.operate.identity import Actor
from takeback.operate.items import ItemSummary
from takeback.operate.materials import contents_of
from takeback.operate.statements import DecisionLine, StatementLine, decisions_of, statements_of
from takeback.operate.words import LARGEST
from takeback.plan.disposition.reasons import HOLD
from takeback.prove import Traced, trace
from takeback.prove.checkpoint import LogKey
from takeback.prove.log import latest_checkpoint, prove_entry
from takeback.prove.verify import verify_proof
from takeback.store.settings import Settings
from takeback.web.console.phrases import phrase
from takeback.web.console.views import (
    Action,
    Address,
    Chip,
    Decision,
    Filter,
    FilterOption,
    ItemPage,
    ItemRow,
    ItemsPage,
    MaterialLine,
    Option,
    Paging,
    Proof,
    ProofCheck,
    ProofResult,
    SearchHit,
    SearchResults,
    TimelineEvent,
)
from takeback.web.console.views import StatementLine as StatementView
from takeback.web.console.vocabulary import tone, word
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import Form, one, page, page_number, see_other
from takeback.web.pages.proposals import Row, proposal_of
from takeback.web.pages.reasons import spoken, stored
from takeback.web.pages.timeline import timeline_event
from takeback.web.preferences import AnyRequest

SIZE = 50
IN_THE_QUEUE = "/queues/graded?selected={key}"
_PROPERTIES = {
    "mass": msg("Mass, weighed"),
    "mass_announced": msg("Mass, announced"),
    "grade": msg("Grade"),
    "soh": msg("State of health"),
    "fault": msg("Fault"),
    "open_circuit_voltage": msg("Open-circuit voltage"),
    "resistance": msg("Resistance"),
}


@get("/items", sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any] | Redirect:
    actor.require("spine.read")
    asked = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    number = page_number(asked.get("page", ""))
    sort = asked.get("sort") if asked.get("sort") in items_of.SORTS else "new"
    filters = {name: asked.get(name, "") for name in ("stage", "vertical", "disposition")} | {
        "text": asked.get("q", "")
    }
    with store.transaction(actor.org_id) as connection:
        if filters["text"] and (key := items_of.scanned(connection, filters["text"])):
            return see_other(f"/items/{key}")
        around = frame(connection, request, actor)
        found = items_of.find(
            connection,
            {**filters, "site": around.scope.site, "vertical": filters["vertical"] or around.scope.vertical},
            sort=sort or "new",
            page=number,
            size=SIZE,
        )
    params: dict[str, str] = {
        name: asked[name] for name in ("q", "stage", "vertical", "disposition", "sort") if name in asked
    }
    view = ItemsPage(
        rows=tuple(_row(around, item) for item in found.items),
        paging=Paging(number=number, size=SIZE, total=found.total),
        address=Address(path="/items", params=params),
        query=filters["text"],
        filters=_filters(asked),
    )
    return page(view, around.shell)


def _filters(asked: dict[str, str]) -> tuple[Filter, ...]:
    stages = ("ordered", "collected", "received", "graded", "decided", "recovered")
    verticals = ("batteries", "returns")
    return (
        Filter(
            name="stage",
            label=msg("Stage"),
            options=tuple(FilterOption(value=s, label=word("stage", s)) for s in stages),
            chosen=asked.get("stage"),
        ),
        Filter(
            name="vertical",
            label=msg("Batteries or returns"),
            options=tuple(FilterOption(value=v, label=word("vertical", v)) for v in verticals),
            chosen=asked.get("vertical"),
        ),
    )


def _row(around: Frame, item: ItemSummary) -> ItemRow:
    return ItemRow(
        key=item.key,
        reference=item.code,
        name=around.name(item.product, item.product_zh),
        vertical=item.vertical,  # type: ignore[arg-type]
        stage=item.stage,
        held_by=held_by(around, item),
        age=around.now - item.stage_since,
        value=Money(item.value_minor, shown_currency(item.currency)),
        state=state_of(item),
        grade=grade_word(item),
        disposition=item.disposition,
        provenance=item.provenance.get("item", "real"),  # type: ignore[arg-type]
    )


def held_by(around: Frame, item: ItemSummary) -> Message | str:
    """Return who holds an item now."""
    partner = around.name(item.partner or "", item.partner_zh or "")
    return {
        "customer": partner or msg("Customer"),
        "carrier": msg("Carrier"),
        "site": around.name(item.site, item.site_zh),
        "partner": partner,
        "gone": msg("Left the loop"),
    }[item.custody]


def loss_of(item: ItemSummary) -> Money:
    """Return what an item loses of its value an hour."""
    loss = item.value_minor * item.decay_per_day / 24
    return Money(round(max(-LARGEST, min(loss, LARGEST))), shown_currency(item.currency))


def state_of(item: ItemSummary) -> Message | str | None:
    """Return the grade or the state of health as one says it."""
    if item.soh is not None:
        return msg("{soh} %", soh=f"{100 * item.soh:.1f}")
    return item.grade


def grade_word(item: ItemSummary) -> str:
    """Return the vertical whose grade letters an item's state is said in; empty where it has none."""
    return item.vertical if item.grade else ""


@get("/items/{key:str}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, key: str) -> Response[Any]:
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        item = items_of.one(connection, key)
        number = items_of.parse_key(key)
        entries = trace(connection, actor.org_id, number)
        decision = _next_life(connection, around, item, actor)
        view = ItemPage(
            key=item.key,
            reference=item.code,
            epc=item.epc,
            name=around.name(item.product, item.product_zh),
            vertical=item.vertical,  # type: ignore[arg-type]
            level=item.level,  # type: ignore[arg-type]
            stage=item.stage,
            held_by=held_by(around, item),
            since=item.stage_since,
            gone=item.custody == "gone",
            owner=around.shell.person.organisation if around.shell.person else "",
            chips=_chips(item),
            value=Money(item.value_minor, shown_currency(item.currency)),
            mass_kg=item.mass_g / 1000,
            loss_per_hour=loss_of(item) if item.stage != "recovered" else None,
            decision=decision,
            waiting_href=IN_THE_QUEUE.format(key=item.key) if item.stage == "graded" and decision is None else "",
            grade=grade_word(item),
            statements=tuple(_statement(line) for line in statements_of(connection, number)),
            events=tuple(timeline_event(around, row) for row in reversed(entries)),
            proof=_proof(connection, entries),
            materials=tuple(
                MaterialLine(material=line.material, kg=line.grams / 1000, error=line.error, provenance="estimated")
                for line in contents_of(connection, number)
            ),
        )
    return page(view, around.shell)


def _chips(item: ItemSummary) -> tuple[Chip, ...]:
    chips: list[Chip] = []
    if item.disposition:
        chips.append(Chip(label=word("disposition", item.disposition), tone=tone(item.disposition)))  # type: ignore[arg-type]
    if item.grade:
        chips.append(Chip(label=msg("grade {grade}", grade=item.grade), says=word("grade", item.vertical)))
    provenance = item.provenance.get("item")
    if provenance and provenance != "real":
        chips.append(Chip(label=word("provenance", provenance), tone="warn"))
    return tuple(chips)


def _next_life(connection: sa.Connection, around: Frame, item: ItemSummary, actor: Actor) -> Decision | None:
    """Return the last decision; of a graded item what is proposed; None where there is neither."""
    if decisions := decisions_of(connection, items_of.parse_key(item.key)):
        return _decision(decisions[0], item, actor)
    if item.stage != "graded":
        return None
    proposed = proposal_of(connection, actor.org_id, around, item.vertical, item.epc)
    return None if proposed is None else _proposed(proposed, item, actor)


def _proposed(proposed: Row, item: ItemSummary, actor: Actor) -> Decision:
    """Return a proposal as a decision that nobody has taken yet."""
    from takeback.operate.decisions.accept import decision_of, options_of, reasons  # noqa: PLC0415

    proposal, row = proposed
    column = int(proposal.solution.choice[row])
    held = column == proposal.problem.hold_column
    chosen = HOLD if held else proposal.problem.options[column].name
    why = [{"msgid": r.msgid, "params": r.params} for r in reasons(*proposed)] if held else decision_of(*proposed).why
    accept = Action(label=msg("Accept"), href=f"/queues/graded/accept?key={item.key}", primary=True)
    options = [msgspec.to_builtins(option) for option in options_of(*proposed)]
    return Decision(
        options=_options(options, chosen, proposal.problem.currency),
        by=_model(proposal.solution.version),
        notes=_notes(why),
        actions=(accept,) if actor.may("spine.decide") and not held else (),
    )


def _decision(line: DecisionLine, item: ItemSummary, actor: Actor) -> Decision:
    options = _options(line.options, line.disposition, line.currency)
    return Decision(
        options=options,
        by=_decider(line),
        decided_at=line.at,
        notes=_notes(line.why),
        realised=None if line.realised_minor is None else Money(line.realised_minor, shown_currency(line.currency)),
        realised_counts=line.realised_counts,
        actions=_override(item, line, options) if item.stage == "decided" and actor.may("spine.decide") else (),
    )


def _options(options: Sequence[Mapping[str, Any]], chosen: str, currency: str) -> tuple[Option, ...]:
    """Return the options in the order in which they were compared, barred ones last."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, shown_currency(currency))

    shown = [
        Option(
            disposition=o["disposition"],
            label=word("disposition", o["disposition"]),
            value=money(o.get("expected_minor")),
            low=money(o.get("low_minor")),
            high=money(o.get("high_minor")),
            after_place=money(o.get("after_place_minor")),
            barred=stored(o["barred"]) if o.get("barred") else None,
            chosen=o["disposition"] == chosen,
        )
        for o in options
    ]
    return tuple(sorted(shown, key=lambda o: (o.rank is None, -(o.rank.minor if o.rank else 0))))


def _notes(why: Sequence[Mapping[str, Any]]) -> tuple[Message, ...]:
    return tuple(spoken(stored(told)) for told in why)


def _model(version: str) -> Message:
    return msg("the model ({name})", name=phrase(version))


def _decider(line: DecisionLine) -> Message:
    return {
        "model": _model(line.by_name),
        "rule": msg("a rule ({name})", name=phrase(line.by_name)),
        "person": msg("a person"),
    }[line.by_kind]


def _override(item: ItemSummary, line: DecisionLine, options: Sequence[Option]) -> tuple[Action, ...]:
    old = word("disposition", line.disposition)
    return tuple(
        Action(
            label=word("disposition", option.disposition),
            href=f"/items/{item.key}/decide?disposition={option.disposition}",
            confirm=msg(
                "{new} instead of {old}? Both decisions stay in the ledger, with your name on the new one.",
                new=word("disposition", option.disposition),
                old=old,
            ),
            asks=msg("Your reason"),
        )
        for option in options
        if option.barred is None and not option.chosen and option.disposition != HOLD
    )[:3]


def _statement(line: StatementLine) -> StatementView:
    return StatementView(
        label=_PROPERTIES.get(line.property, line.property),
        value=line.value if line.value is not None else phrase(line.text or ""),
        provenance=line.provenance,  # type: ignore[arg-type]
        unit=line.unit or "",
        low=line.low,
        high=line.high,
        method=phrase(line.method),
        by=phrase(line.originator),
        at=line.at,
        is_grade=line.property == "grade",
    )


def _proof(connection: sa.Connection, entries: list[Traced]) -> Proof | None:
    checkpoint = latest_checkpoint(connection)
    if checkpoint is None:
        return None
    leaves = [row.leaf_index for row in entries if row.leaf_index is not None]
    return Proof(
        checkpoint=checkpoint.size,
        log_size=checkpoint.size,
        events=len(entries),
        signed_at=checkpoint.made_at,
        last_leaf=max(leaves, default=None),
        complete=False,
        waiting=len(entries) - len(leaves),
    )


@post("/items/{key:str}/decide", sync_to_thread=True, include_in_schema=False)
def overrule(actor: Actor, key: str, disposition: str, data: Form) -> Redirect:
    """Decide otherwise: a person's decision after the model's; both stay in the ledger."""
    actor.require("spine.decide")
    with store.transaction(actor.org_id) as connection:
        decide_otherwise(connection, actor, key, disposition, reason=one(data, "reason"))
    return see_other(f"/items/{key}")


@post("/items/{key:str}/verify", sync_to_thread=True, include_in_schema=False)
def verify(request: AnyRequest, actor: Actor, key: str) -> Response[Any]:
    actor.require("ledger.verify")
    started = time.perf_counter()
    log_key = LogKey.kept_in(Settings.from_environment().home)
    checks = []
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        items_of.one(connection, key)
        for row in trace(connection, actor.org_id, items_of.parse_key(key)):
            findings = verify_proof(prove_entry(connection, actor.org_id, row.id), log_key.origin, log_key.public)
            event: TimelineEvent = timeline_event(around, row)
            detail: Message | str = findings[0] if findings else msg("leaf {leaf}", leaf=row.leaf_index)
            checks.append(ProofCheck(label=event.title, passed=not findings, detail=detail))
    spent = 1000 * (time.perf_counter() - started)
    view = ProofResult(checks=tuple(checks), milliseconds=spent, renews_chip=True)
    return page(view, around.shell)


@get("/items/{key:str}/proof.json", sync_to_thread=True, include_in_schema=False)
def proof_file(actor: Actor, key: str) -> Response[bytes]:
    """The proofs of all entries of an item, to take away."""
    actor.require("ledger.read")
    log_key = LogKey.kept_in(Settings.from_environment().home)
    with store.transaction(actor.org_id) as connection:
        item = items_of.one(connection, key)
        rows = trace(connection, actor.org_id, items_of.parse_key(key))
        proofs = [prove_entry(connection, actor.org_id, row.id) for row in rows]
    body = {"item": item.epc, "verifier": log_key.verifier, "proofs": proofs}
    return Response(
        msgspec.json.format(msgspec.json.encode(body)),
        media_type=MediaType.JSON,
        headers={"content-disposition": f'attachment; filename="proof-{key}.json"'},
    )


@get("/search", sync_to_thread=True, include_in_schema=False)
def search(request: AnyRequest, actor: Actor, q: str = "") -> Response[Any]:
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        found = items_of.find(connection, {"text": q.strip()}, size=8).items if q.strip() else ()
    hits = tuple(
        SearchHit(
            href=f"/items/{item.key}",
            title=item.code,
            detail=around.name(item.product, item.product_zh),
            kind=word("stage", item.stage),
        )
        for item in found
    )
    return page(SearchResults(query=q, hits=hits), around.shell)


HANDLERS = [index, show, overrule, verify, proof_file, search]
