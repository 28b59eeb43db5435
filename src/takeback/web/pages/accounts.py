"""GET /balance, GET /ledger, POST /ledger/verify."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from litestar import Response, get, post
from msgspec.structs import replace

from takeback import store
from takeback.core.items import item_hex, item_key
from takeback.core.message import Message, msg
from takeback.operate import accounts
from takeback.operate.identity import Actor
from takeback.operate.verification import LastVerification, last_verification, remember
from takeback.prove import bodies
from takeback.prove.checkpoint import LogKey
from takeback.prove.verify import verify_log, verify_party
from takeback.store.settings import Settings
from takeback.web.checkpoint import checkpoint_badge
from takeback.web.console.views import (
    Address,
    BalancePage,
    CheckpointRow,
    EntryRow,
    LedgerPage,
    MaterialBalance,
    Paging,
    ProofCheck,
    ProofResult,
    SiteBalance,
)
from takeback.web.console.vocabulary import word
from takeback.web.frame import frame
from takeback.web.pages.answers import page, page_number
from takeback.web.pages.timeline import title_of
from takeback.web.preferences import AnyRequest

SIZE = 40
_ENTRIES = sa.text(
    """
    select e.id, e.kind, e.event_time, e.body, l.leaf_index, l.leaf_hash
    from entry e left join leaf l on l.entry_id = e.id
    where e.org_id = :org order by e.event_time desc, e.id desc limit :size offset :skip
    """
)
_NUMBERED = sa.text("select coalesce(max(next_number) - 1, 0) from party_counter where org_id = :org")
_CHECKPOINTS = sa.text(
    """
    select size, root, made_at, size - lag(size, 1, 0) over (order by size) as added
    from checkpoint order by size desc limit 12
    """
)
_WAITING = sa.text("select count(*) from leaf_queue")
_PER_DAY = sa.text(
    """
    select coalesce(n, 0) from generate_series(cast(:today as date) - 29, cast(:today as date), interval '1 day') day
    left join (select day, sum(items) as n from stage_flow group by day) flow on flow.day = day.day order by day.day
    """
)


@get("/balance", sync_to_thread=True, include_in_schema=False)
def balance(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        since = around.now - timedelta(days=around.scope.days)
        windowed = {b.site_id: b for b in accounts.balances(connection, since=since, until=around.now)}
        running = accounts.balances(connection)
        flows = accounts.materials(connection)
    view = BalancePage(
        sites=tuple(
            SiteBalance(
                site=around.name(b.name, b.name_zh),
                role=word("site", b.kind),
                opening_kg=w.opening_g / 1000,
                received_kg=w.inbound_g / 1000,
                sent_kg=w.outbound_g / 1000,
                products_kg=w.products_g / 1000,
                losses_kg=w.losses_g / 1000,
                stock_kg=(b.counted_g if b.counted_g is not None else b.stock_g) / 1000,
                items=b.items,
            )
            for b in running
            if (w := windowed.get(b.site_id)) is not None
        ),
        since=since,
        until=around.now,
        materials=_materials({flow.account: flow.grams for flow in flows}),
    )
    return page(view, around.shell)


def _materials(grams: dict[str, int]) -> tuple[MaterialBalance, ...]:
    """Return what was contained and what was won of each material: a loss of the same name is the difference."""
    won = {account.removeprefix("product:"): g for account, g in grams.items() if account.startswith("product:")}
    return tuple(
        MaterialBalance(
            material=name,
            contained_kg=(amount + grams.get(f"loss:{name}", 0)) / 1000,
            recovered_kg=amount / 1000,
        )
        for name, amount in sorted(won.items())
    )


@get("/ledger", sync_to_thread=True, include_in_schema=False)
def ledger(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("ledger.read")
    number = page_number(request.query_params.get("page", ""))
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        rows = connection.execute(_ENTRIES, {"org": actor.org_id, "size": SIZE, "skip": (number - 1) * SIZE}).all()
        total = int(connection.scalar(_NUMBERED, {"org": actor.org_id}) or 0)
        checkpoints = _checkpoints(connection, last_verification(connection))
        waiting = int(connection.scalar(_WAITING) or 0)
        per_day = tuple(int(n) for n in connection.scalars(_PER_DAY, {"today": around.now.date()}))
    key = LogKey.kept_in(Settings.from_environment().home)
    view = LedgerPage(
        checkpoints=checkpoints,
        entries=tuple(_entry_row(row) for row in rows),
        paging=Paging(number=number, size=SIZE, total=total),
        address=Address(path="/ledger"),
        public_key=key.verifier,
        waiting=waiting,
        per_day=per_day,
    )
    return page(view, around.shell)


@post("/ledger/verify", sync_to_thread=True, include_in_schema=False)
def verify(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("ledger.verify")
    started = time.perf_counter()
    key = LogKey.kept_in(Settings.from_environment().home)
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        log = verify_log(connection, key.origin, key.public)
        tree = _check(
            msg("The log is what its checkpoints say"),
            log.findings,
            msg("{leaves} leaves, {checkpoints} signed checkpoints", leaves=log.leaves, checkpoints=log.checkpoints),
        )
        log.findings = []
        verify_party(connection, actor.org_id, log)
        entries = _check(
            msg("Every entry of this organisation is there, unchanged and numbered without gaps"),
            log.findings,
            msg(
                "{entries} entries recomputed, {waiting} wait for the next checkpoint",
                entries=log.entries,
                waiting=log.waiting,
            ),
        )
        verified = remember(connection, actor.org_id, size=log.size, passed=tree.passed and entries.passed)
        view = ProofResult(
            checks=(tree, entries),
            milliseconds=1000 * (time.perf_counter() - started),
            checkpoints=_checkpoints(connection, verified),
        )
        shell = replace(around.shell, checkpoint=checkpoint_badge(connection))
    return page(view, shell)


def _checkpoints(connection: sa.Connection, verified: LastVerification | None) -> tuple[CheckpointRow, ...]:
    """Return the newest checkpoints; those that the last verification has seen carry its outcome."""
    return tuple(
        CheckpointRow(
            number=c.size,
            size=c.size,
            root=c.root.hex(),
            signed_at=c.made_at,
            added=c.added,
            verified=verified.passed if verified and c.size <= verified.size else None,
        )
        for c in connection.execute(_CHECKPOINTS)
    )


def _entry_row(row: sa.Row[Any]) -> EntryRow:
    body = bodies.load(row.body)
    epcs: list[str] = body.get("epcList") or body.get("inputEPCList") or []
    return EntryRow(
        id=row.id,
        kind=row.kind,
        title=title_of(body.get("takeback:step", ""), body.get("takeback:facts", {}), row.kind),
        at=row.event_time,
        items=len(epcs),
        hash=row.leaf_hash.hex() if row.leaf_hash else "",
        leaf=row.leaf_index,
        item_key=item_hex(item_key(epcs[0])) if len(epcs) == 1 else None,
    )


def _check(label: Message, findings: list[str], detail: Message) -> ProofCheck:
    return ProofCheck(label=label, passed=not findings, detail=findings[0] if findings else detail)


HANDLERS = [balance, ledger, verify]
