"""GET /ledger, POST /ledger/verify: entries, found by kind and time or one by its number; checkpoints."""

from __future__ import annotations

import re
import time
from datetime import date, datetime, timedelta
from datetime import time as midnight
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post
from msgspec import structs

from takeback import store
from takeback.core.items import item_hex, item_key
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.operate.verification import LastVerification, last_verification, remember
from takeback.prove import bodies
from takeback.prove.checkpoint import LogKey
from takeback.prove.log import prove_entry
from takeback.prove.verify import verify_log, verify_party
from takeback.store.settings import Settings
from takeback.web.checkpoint import checkpoint_badge
from takeback.web.console.views import (
    Address,
    CheckpointRow,
    EntryDetail,
    EntryRow,
    Filter,
    FilterOption,
    LedgerPage,
    Paging,
    ProofCheck,
    ProofResult,
)
from takeback.web.console.vocabulary import WORDS
from takeback.web.frame import Frame, frame
from takeback.web.pages.answers import page, page_number
from takeback.web.pages.timeline import title_of
from takeback.web.preferences import AnyRequest

SIZE = 40
_ENTRY = re.compile(r"[0-9]{1,18}")
_WHERE = """
    e.org_id = :org and (cast(:kind as text) is null or e.kind = :kind)
    and (cast(:since as timestamptz) is null or e.event_time >= :since)
    and (cast(:until as timestamptz) is null or e.event_time < :until)
"""
_COLUMNS = "e.id, e.kind, e.event_time, e.record_time, e.actor, e.body, l.leaf_index, l.leaf_hash"
_ENTRIES = sa.text(
    f"""
    select {_COLUMNS} from entry e left join leaf l on l.entry_id = e.id
    where {_WHERE} order by e.event_time desc, e.id desc limit :size offset :skip
    """
)
_COUNT = sa.text(f"select count(*) from entry e where {_WHERE}")
_ONE = sa.text(
    f"select {_COLUMNS} from entry e left join leaf l on l.entry_id = e.id where e.org_id = :org and e.id = :id"
)
_NEWER = sa.text(
    """
    select count(*) from entry e
    where e.org_id = :org and (e.event_time > :at or e.event_time = :at and e.id > :id)
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


class _Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for: a kind, and days as the page's time zone counts them (`until` is included)."""

    kind: str = ""
    since: date | None = None
    until: date | None = None

    def where(self, org: UUID, zone: str) -> dict[str, Any]:
        here, tomorrow = ZoneInfo(zone), self.until + timedelta(days=1) if self.until else None
        return {
            "org": org,
            "kind": self.kind or None,
            "since": datetime.combine(self.since, midnight(), here) if self.since else None,
            "until": datetime.combine(tomorrow, midnight(), here) if tomorrow else None,
        }

    @property
    def params(self) -> dict[str, str]:
        asked = {"kind": self.kind, "since": self.since, "until": self.until}
        return {name: str(value) for name, value in asked.items() if value}


@get("/ledger", sync_to_thread=True, include_in_schema=False)
def ledger(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("ledger.read")
    asked = request.query_params
    search = _Search(kind=asked.get("kind", ""), since=_day(asked.get("since")), until=_day(asked.get("until")))
    number = page_number(asked.get("page", ""))
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        detail = None
        if _ENTRY.fullmatch(asked.get("entry", "")):
            search, number, detail = _opened(connection, actor.org_id, int(asked["entry"]))
        where = search.where(actor.org_id, around.shell.timezone)
        rows = connection.execute(_ENTRIES, {**where, "size": SIZE, "skip": (number - 1) * SIZE}).all()
        total = connection.scalar(_COUNT if search.params else _NUMBERED, where)
        view = LedgerPage(
            checkpoints=_checkpoints(connection, last_verification(connection)),
            entries=tuple(_entry_row(row) for row in rows),
            paging=Paging(number=number, size=SIZE, total=int(total or 0)),
            address=Address(path="/ledger", params=search.params),
            filters=(_kinds(search.kind),),
            since=search.since,
            until=search.until,
            detail=detail,
            public_key=LogKey.kept_in(Settings.from_environment().home).verifier,
            waiting=int(connection.scalar(_WAITING) or 0),
            per_day=tuple(int(n) for n in connection.scalars(_PER_DAY, {"today": around.now.date()})),
        )
    return page(view, around.shell)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _kinds(chosen: str) -> Filter:
    options = tuple(FilterOption(value=kind, label=label) for kind, label in WORDS["entry"].items())
    return Filter(name="kind", label=msg("Kind"), options=options, chosen=chosen or None)


def _opened(connection: sa.Connection, org: UUID, entry: int) -> tuple[_Search, int, EntryDetail | None]:
    """Return where an entry stands among all, and what it holds; the first page where there is no such entry."""
    row = connection.execute(_ONE, {"org": org, "id": entry}).one_or_none()
    if row is None:
        return _Search(), 1, None
    newer = int(connection.scalar(_NEWER, {"org": org, "id": entry, "at": row.event_time}) or 0)
    return _Search(), newer // SIZE + 1, _detail(connection, org, row)


def _detail(connection: sa.Connection, org: UUID, row: sa.Row[Any]) -> EntryDetail:
    try:
        path = tuple(prove_entry(connection, org, row.id)["path"])
    except Problem:  # not sequenced yet
        path = ()
    shown = _entry_row(row)
    body = msgspec.json.format(msgspec.json.encode(bodies.load(row.body)), indent=2).decode()
    return EntryDetail(entry=shown, recorded_at=row.record_time, body=body, path=path, by=row.actor)


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


@post("/ledger/verify", sync_to_thread=True, include_in_schema=False)
def verify(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("ledger.verify")
    started = time.perf_counter()
    key = LogKey.kept_in(Settings.from_environment().home)
    with store.transaction(actor.org_id) as connection:
        around: Frame = frame(connection, request, actor)
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
        shell = structs.replace(around.shell, checkpoint=checkpoint_badge(connection))
    return page(view, shell)


def _check(label: Message, findings: list[str], detail: Message) -> ProofCheck:
    return ProofCheck(label=label, passed=not findings, detail=findings[0] if findings else detail)


HANDLERS = [ledger, verify]
