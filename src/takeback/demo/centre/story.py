"""The whole story in order. A story that was cut off goes on with the chapter that was not finished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.demo.accounts import offer
from takeback.demo.centre import fruits, lately, seeding, telling, today, working
from takeback.demo.centre.calling import run_call
from takeback.demo.centre.content import cast
from takeback.demo.centre.crew import Crew, accounts, gather, known
from takeback.demo.centre.dates import ZONE, Calendar
from takeback.demo.centre.practice import state_problems
from takeback.operate.identity import organisation_by_slug
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from takeback.share.centre.projects import proof_of
from takeback.share.centre.projects.outcome_kinds import Proof
from takeback.share.centre.records import Record, find

OnChapter = Callable[[int, int, Message], None]
HELPER = "chengliu"  # the tenant of the demo world that uses what came of a project
PROOFS = 3  # entries of its ledger that a figure names


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `unproven`: codes of figures other than zero in the report that rest on nothing."""

    organisation: UUID
    proposals: int
    projects: int
    results: int
    figures: int
    unproven: tuple[str, ...]
    report: UUID


def tell(home: Path, on_chapter: OnChapter, *, seed: int = 0, now: datetime | None = None) -> Told:
    """Tell the centre's story up to `now`, and say what came of it; what is told already is not told again."""
    dates = Calendar((now or datetime.now(ZONE)).astimezone(ZONE).date())
    on_chapter(0, 3, msg("The centre is founded"))
    crew = known(cast(), dates) or gather(cast(), dates)
    offer(home, accounts(cast()))
    if not _has(crew, "result"):
        on_chapter(1, 3, msg("From problems to uses"))
        _live(crew, home, seed)
    if not _has(crew, "report"):
        on_chapter(2, 3, msg("The annual report"))
        with store.transaction(crew.org) as connection:
            telling.close(connection, crew)
        sequence_all(LogKey.kept_in(home))  # a report proves what the log has
        with store.transaction(crew.org) as connection:
            telling.report(connection, crew)
            today.open_doors(connection, crew)
            seeding.review_now(connection, crew, seed)
        sequence_all(LogKey.kept_in(home))
    on_chapter(3, 3, msg("The story is told"))
    return _told(crew)


def _live(crew: Crew, home: Path, seed: int) -> None:
    proofs = _proofs()
    with store.transaction(crew.org) as connection:
        telling.meet(connection, crew)
        telling.plan(connection, crew)
        telling.agree(connection, crew)
        common = state_problems(connection, crew)
        round_ = run_call(connection, crew, common, seed)
        funds = working.raise_money(connection, crew)
        begun = working.begin(connection, crew, round_, funds)
        offered = working.offer(connection, crew)
        for work in begun:
            working.spend(connection, crew, work, funds, seed)
            working.use(connection, crew, work, offered, seed)
            working.deliver(connection, crew, work)
            working.accept(connection, crew, work)
        telling.train(connection, crew, begun, home, seed)
        for work in begun:
            accepted = fruits.publish(connection, crew, work)
            fruits.own(connection, crew, work, accepted)
            fruits.adopt(connection, crew, work, accepted, proofs)
        lately.sign_papers(connection, crew)
        lately.book_now(connection, crew, lately.work_now(connection, crew, common, funds))
        lately.publish_late(connection, crew)
        lately.learn(connection, crew)
        lately.read(connection, crew, common)


def _proofs() -> Sequence[Proof]:
    """Return entries of a tenant's ledger about decisions, as the public log has them; none without such a tenant."""
    with store.admin() as connection:
        try:
            org = organisation_by_slug(connection, HELPER).id
        except Problem:
            return ()
    with store.transaction(org) as connection:
        entries = connection.execute(_DECIDED, {"org": org, "count": PROOFS}).scalars().all()
        return [proof_of(connection, org, entry) for entry in entries]


def _has(crew: Crew, kind: str) -> bool:
    with store.transaction(crew.org) as connection:
        return bool(find(connection, kind, limit=1))


def _told(crew: Crew) -> Told:
    with store.transaction(crew.org) as connection:
        counted = {kind: len(find(connection, kind)) for kind in ("proposal", "project", "result")}
        report: Record = find(connection, "report")[0]
    figures = report.facts.figures
    return Told(
        organisation=crew.org,
        proposals=counted["proposal"],
        projects=counted["project"],
        results=counted["result"],
        figures=len(figures),
        unproven=tuple(one.code for one in figures if one.value and not one.entries),
        report=report.id,
    )


_DECIDED = sa.text("""
    select e.id from entry e join leaf l on l.entry_id = e.id
    where e.org_id = :org and e.kind = 'takeback:Decided' order by e.id desc limit :count
""")
