"""What a thing was made of, what it went into, and recalls of many: drawn as a tree of steps in the terminal."""

from __future__ import annotations

from pathlib import Path

from takeback import store
from takeback.cli.answer import Answer, Shown, table
from takeback.cli.session import database
from takeback.operate import genealogy as genealogies
from takeback.operate.genealogy import Thing
from takeback.operate.identity import organisation_by_slug
from takeback.prove.genealogy import Direction

SHOWN = 200


def genealogy(code: str, *, org: str, direction: Direction, at: str = "", depth: int | None = None) -> Answer:
    """Return the genealogy of the thing named ``code`` as ``org`` may see it."""
    with database():
        with store.admin() as connection:
            party = organisation_by_slug(connection, org)
        with store.transaction(party.id) as connection:
            key = genealogies.key_of(connection, code)
        instant = genealogies.instant(at, where="--at")
        found = genealogies.genealogy(party.id, key, direction=direction, at=instant, depth=depth)
    said = f"{len(found.things):,} things in {found.things[-1].depth + 1:,} levels, {len(found.steps):,} steps."
    return Answer(found, [*_things(found.things, code), said, *_hidden(found.hidden)])


def recall(
    file: Path, /, *, org: str, back: bool = False, at: str = "", depth: int | None = None, limit: int = 1_000
) -> Answer:
    """Show everything that the things in FILE went into: one code, EPC, Digital Link or key a line.

    Parameters
    ----------
    file:
        The file; empty lines and lines that begin with # are passed over.
    org:
        The organisation that looks, by its short name.
    back:
        Show what they were made of and hold instead.
    at:
        As things stood at this time, such as 2026-11-22T10:00:00+08:00; else as they stand now.
    depth:
        No farther than so many steps.
    limit:
        How many things are listed; all are counted.
    """
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    named = [line for line in lines if line and not line.startswith("#")]
    with database():
        with store.admin() as connection:
            party = organisation_by_slug(connection, org)
        found = genealogies.recalled(
            party.id,
            named,
            direction="back" if back else "forward",
            at=genealogies.instant(at, where="--at"),
            depth=depth,
            limit=limit,
        )
    levels = table([{"steps": level, "things": count} for level, count in enumerate(found.by_depth)])
    said = f"{len(named):,} things named, {found.total:,} reached."
    return Answer(found, [*_things(found.things, file.name), levels, said, *_hidden(found.hidden)])


def _things(things: tuple[Thing, ...], title: str) -> list[Shown]:
    rows = [
        {"steps": t.depth, "thing": t.code or t.uri or t.key, "by": t.kind, "entry": t.entry and str(t.entry)}
        for t in things[:SHOWN]
    ]
    left = len(things) - SHOWN
    return [table(rows, title=title), *([f"{left:,} more; --json shows them all."] if left > 0 else [])]


def _hidden(count: int | None) -> list[str]:
    if count is None:
        return ["Events of other parties are not counted for so many things."]
    return [f"{count:,} events of other parties join these things and are not shared with you."] if count else []
