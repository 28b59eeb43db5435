"""`takeback prove`: check the ledger, follow a thing through it, check a proof that was taken away."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

from cyclopts import App

from takeback import store
from takeback.cli.answer import Answer, table
from takeback.cli.plan.common import read
from takeback.cli.progress import bar
from takeback.cli.session import database
from takeback.cli.story import told
from takeback.operate import items as items_of
from takeback.operate.identity import organisation_by_slug, organisations
from takeback.operate.verification import remember
from takeback.prove import trace as trace_of
from takeback.prove.checkpoint import LogKey
from takeback.prove.taken_away import check_proofs
from takeback.prove.verifier import Verifier
from takeback.prove.verify import check_total, verify_log, verify_party

app = App(name="prove", help="Check the ledger against its checkpoints; follow a thing through it; check a proof.")


@app.command
def verify() -> Answer:
    """Recompute the whole log and every entry of every organisation; exit code 1 where something disagrees."""
    with database() as settings:
        key = LogKey.kept_in(settings.home)
        with store.admin() as connection:
            result = verify_log(connection, key.origin, key.public)
            sound = result.verified
            parties = organisations(connection)
        with bar("Verifying") as step:
            for number, party in enumerate(parties):
                with store.transaction(party.id) as connection:
                    before = len(result.findings)
                    verify_party(connection, party.id, result, lambda done, total: step(done / max(total, 1)))
                    passed = sound and len(result.findings) == before
                    remember(connection, party.id, size=result.size, passed=passed)
                step(1.0, f"{number + 1} of {len(parties)}")
        check_total(result)
    lines = [
        f"{result.leaves:,} leaves under {result.checkpoints:,} signed checkpoints; {result.entries:,} entries "
        f"recomputed, {result.waiting:,} wait for the next checkpoint.",
        f"Root {result.root} at {result.size:,} leaves. Key {key.verifier}",
        "All is what the checkpoints say." if result.verified else "\n".join(["NOT as signed:", *result.findings]),
    ]
    return Answer(result, lines, exit_code=0 if result.verified else 1)


@app.command
def trace(
    code: str,
    /,
    *,
    org: str,
    back: bool = False,
    forward: bool = False,
    at: str = "",
    depth: int | None = None,
) -> Answer:
    """Show all entries about a thing, oldest first; or what it was made of, or what it went into.

    Parameters
    ----------
    code:
        Its code, EPC, order number, or its address in the console.
    org:
        The organisation that looks, by its short name. Times are told in its time zone.
    back:
        Show what the thing was made of and holds, to the first inputs.
    forward:
        Show what the thing went into.
    at:
        With back or forward: as things stood at this time, such as 2026-11-22T10:00:00+08:00; else as they stand now.
    depth:
        With back or forward: no farther than so many steps.
    """
    if back or forward:
        from takeback.cli.genealogy import genealogy

        return genealogy(code, org=org, direction="forward" if forward else "back", at=at, depth=depth)
    with database():
        with store.admin() as connection:
            party = organisation_by_slug(connection, org)
        with store.transaction(party.id) as connection:
            key = items_of.scanned(connection, code)
            if key is None:
                raise items_of.unknown(code)
            rows = trace_of(connection, party.id, items_of.parse_key(key))
    zone = ZoneInfo(party.time_zone)
    lines = [
        {
            "time": row.event_time.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            "step": row.body.get("takeback:step", row.kind),
            "what": told(row.body),
            "by": row.actor,
            "number": row.number,
            "leaf": row.leaf_index,
        }
        for row in rows
    ]
    return Answer([asdict(row) for row in rows], (table(lines, title=f"{code} (times of {party.time_zone})"),))


@app.command
def check(file: Path, /, *, key: str) -> Answer:
    """Check proofs that were taken away; exit code 1 where one does not hold. Needs no database and no network.

    Parameters
    ----------
    file:
        The file: proofs of an item from the console, or one proof of the interface; `-` reads it from stdin.
    key:
        The log's public key, `NAME+HASH+KEY`, from a source that you trust: not from the file.
    """
    checked = check_proofs(read(file), Verifier.parse(key))
    lines = [
        {
            "entry": proof.kind,
            "event time": proof.event_time,
            "number": proof.number,
            "leaf": proof.leaf,
            "log": proof.size,
            "result": "; ".join(proof.findings) or "holds",
        }
        for proof in checked
    ]
    wrong = sum(bool(proof.findings) for proof in checked)
    said = f"{wrong} of {len(checked)} proofs do NOT hold." if wrong else f"All {len(checked)} proofs hold."
    return Answer([asdict(proof) for proof in checked], (table(lines), said), exit_code=int(wrong > 0))


# The texts of these stand here, too: help must not wait until all that they need is loaded.
_MORE = {
    "bundle": ("proofs:bundle", "Write a proof bundle to stdout: a file that a stranger checks without us."),
    "complete": ("proofs:complete", "Prove that these are all entries about a thing, or that there is none."),
    "map": ("proofs:map_", "Make the map of what is complete for an organisation now."),
    "receipt": ("proofs:receipt", "Write the log's signed promise for entries to stdout."),
    "erase": ("proofs:erase_", "Erase the personal data of entries for good; the ledger stays whole and says so."),
    "quality": ("quality:quality", "Show how good the trace of a thing is, or what each place reports."),
    "recall": ("genealogy:recall", "Show everything that the things in a file went into."),
    "witness": ("witness:witness", "Watch a log of somebody else: co-sign it while it merely grows."),
    "load": ("files:load", "Load files of EPCIS events; what was cut off goes on where it ended."),
    "export": ("files:export", "Write events into a folder, a folder a day, as NDJSON or Parquet."),
    "validate": ("validate:validate", "Check EPCIS files before they are sent: schema, semantics, life cycle."),
    "conformance": ("validate:conformance", "Run a folder of valid and invalid EPCIS documents as a test suite."),
}
for _name, (_where, _help) in _MORE.items():
    app.command(f"takeback.cli.{_where}", name=_name, help=_help)
