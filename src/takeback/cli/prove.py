"""`takeback prove`: check the ledger, follow a thing through it."""

from __future__ import annotations

from dataclasses import asdict

from cyclopts import App

from takeback import store
from takeback.cli.answer import Answer, table
from takeback.cli.progress import bar
from takeback.cli.session import database
from takeback.operate import items as items_of
from takeback.operate.identity import organisation_by_slug, organisations
from takeback.prove import trace as trace_of
from takeback.prove.checkpoint import LogKey
from takeback.prove.verify import check_total, verify_log, verify_party

app = App(name="prove", help="Check the ledger against its signed checkpoints; follow a thing through it.")


@app.command
def verify() -> Answer:
    """Recompute the whole log and every entry of every organisation; exit code 1 where something disagrees."""
    with database() as settings:
        key = LogKey.kept_in(settings.home)
        with store.admin() as connection:
            result = verify_log(connection, key.origin, key.public)
            parties = organisations(connection)
        with bar("Verifying") as step:
            for number, party in enumerate(parties):
                with store.transaction(party.id) as connection:
                    verify_party(connection, party.id, result, lambda done, total: step(done / max(total, 1)))
                step(1.0, f"{number + 1} of {len(parties)}")
        with store.admin() as connection:
            check_total(connection, result)
    told = [
        f"{result.leaves:,} leaves under {result.checkpoints:,} signed checkpoints; {result.entries:,} entries "
        f"recomputed, {result.waiting:,} wait for the next checkpoint.",
        f"Root {result.root} at {result.size:,} leaves. Key {key.verifier}",
        "All is what the checkpoints say." if result.verified else "\n".join(["NOT as signed:", *result.findings]),
    ]
    return Answer(result, told, exit_code=0 if result.verified else 1)


@app.command
def trace(code: str, *, org: str) -> Answer:
    """Show all entries about a thing, oldest first.

    Parameters
    ----------
    code:
        Its code, EPC or order number.
    org:
        The organisation that looks, by its short name.
    """
    with database():
        with store.admin() as connection:
            party = organisation_by_slug(connection, org)
        with store.transaction(party.id) as connection:
            key = items_of.scanned(connection, code)
            if key is None:
                raise items_of.unknown(code)
            rows = trace_of(connection, party.id, items_of.parse_key(key))
    lines = [
        {
            "time": row.event_time.isoformat(timespec="minutes"),
            "step": row.body.get("takeback:step", row.kind),
            "by": row.actor,
            "number": row.number,
            "leaf": row.leaf_index,
        }
        for row in rows
    ]
    return Answer([asdict(row) for row in rows], (table(lines, title=code),))
