"""How good traces are, in the terminal."""

from __future__ import annotations

from takeback import store
from takeback.cli.answer import Answer, table
from takeback.cli.session import database
from takeback.operate import clock
from takeback.operate.identity import organisation_by_slug
from takeback.operate.quality import QualityView, of_item, of_places


def quality(code: str = "", /, *, org: str) -> Answer:
    """Show how good the trace of a thing is, or what each place reports, from 0 to 100, and what is lacking.

    Parameters
    ----------
    code:
        The thing's code, EPC, Digital Link or key; without one, all places, the worst first.
    org:
        The organisation that looks, by its short name.
    """
    with database():
        with store.admin() as connection:
            party = organisation_by_slug(connection, org)
        with store.transaction(party.id) as connection:
            now = clock.now(connection, party.id)
            if code:
                return _of_item(of_item(connection, party.id, code, now=now), code)
            return _of_places(of_places(connection, party.id, now=now))


def _of_item(found: QualityView, code: str) -> Answer:
    parts = [
        {"part": p.name, "weight": p.weight, "score": p.score, "judged": p.judged, "faults": p.faults}
        for p in found.parts
    ]
    faults = [{"entry": str(f.entry), "where": f.place, "why": f.why} for f in found.faults]
    said = f"{_told(found.score)} of 100 over {found.events:,} events."
    return Answer(found, [table(parts, title=code), *([table(faults)] if faults else []), said])


def _of_places(found: list[QualityView]) -> Answer:
    rows = [
        {"place": q.name or q.place, "score": q.score, "events": q.events}
        | {p.part: None if p.score is None else round(p.score) for p in q.parts}
        for q in found
    ]
    return Answer(found, [table(rows, title="Trace quality by place") if rows else "No events yet."])


def _told(score: float | None) -> str:
    return "-" if score is None else f"{score:g}"
