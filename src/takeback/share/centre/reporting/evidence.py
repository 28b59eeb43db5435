"""What one figure rests on: the page behind each figure of a report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from takeback.core.currencies import CURRENCIES
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.taking_part import BLIND, sides_of
from takeback.share.centre.figures import NOBODY, Evidence, Figure, figures_in, rooms
from takeback.share.centre.kinds import kind_named
from takeback.share.centre.reporting.proofs import proofs_of

_KINDS = sa.text("select id, kind, state, year, facts ->> 'call' as call from centre_record where id = any(:ids)")
_HIDDEN = msg("not open to you")


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A record behind a figure; `open`: whether the reader may see it; `leaf`: where its entry stands in the log."""

    evidence: Evidence
    kind: str
    state: str
    year: int | None
    open: bool
    leaf: int | None


@dataclass(frozen=True, slots=True)
class FigureEvidence:
    """A figure with all that it rests on; `checkpoint`: the size of the signed log, 0 when there is none yet."""

    figure: Figure
    lines: tuple[EvidenceLine, ...]
    checkpoint: int


def figure_evidence(connection: sa.Connection, actor: CentreActor, code: str, year: int) -> FigureEvidence:
    """Return a figure and its evidence; records of a kind that `actor` may not read have no title.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.no-figure`` (404).
    """
    actor.require("centre.read")
    room = code.partition(".")[0]
    found = figures_in(connection, room, year, bare=True) if room in rooms() else []
    figure = next((one for one in found if one.code == code), None)
    if figure is None:
        raise Problem("centre.no-figure", msg("There is no such figure."), found=code, status=404)
    if figure.unit in CURRENCIES:
        actor.require("money.read")
    proofs = proofs_of(connection, actor.org_id, {one.entry_id for one in figure.evidence})
    records = {row.id: row for row in connection.execute(_KINDS, {"ids": [e.record_id for e in figure.evidence]})}
    sides = {str(call) for call in sides_of(connection, actor)}
    lines = []
    for one in figure.evidence:
        row = records.get(one.record_id)
        seen = row is None or (actor.may(kind_named(row.kind).read) and not _closed(row, sides))
        leaf = proofs.leaves.get(one.entry_id)
        shown = one if seen else Evidence(NOBODY, 0, str(_HIDDEN))
        lines.append(
            EvidenceLine(
                shown,
                row.kind if row and seen else "",
                row.state if row and seen else "",
                row.year if row and seen else None,
                seen,
                leaf.index if leaf and seen else None,
            )
        )
    seen_of = replace(figure, evidence=tuple(line.evidence for line in lines))
    return FigureEvidence(seen_of, tuple(lines), proofs.size)


def _closed(row: sa.Row[Any], sides: set[str]) -> bool:
    """Whether a record is of a call in which the reader applies or reviews, and tells of the other side."""
    return kind_named(row.kind).read == BLIND and row.call in sides
