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
from takeback.share.centre.reporting.proofs import Proofs, proofs_of

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
    figure = _figure(connection, code, year)
    if figure.unit in CURRENCIES:
        actor.require("money.read")
    proofs = proofs_of(connection, actor.org_id, {one.entry_id for one in figure.evidence})
    records = {row.id: row for row in connection.execute(_KINDS, {"ids": [e.record_id for e in figure.evidence]})}
    sides = {str(call) for call in sides_of(connection, actor)}
    lines = tuple(_line(one, records.get(one.record_id), actor, sides, proofs) for one in figure.evidence)
    return FigureEvidence(replace(figure, evidence=tuple(line.evidence for line in lines)), lines, proofs.size)


def _figure(connection: sa.Connection, code: str, year: int) -> Figure:
    room = code.partition(".")[0]
    found = figures_in(connection, room, year, bare=True) if room in rooms() else []
    for one in found:
        if one.code == code:
            return one
    raise Problem("centre.no-figure", msg("There is no such figure."), found=code, status=404)


def _line(one: Evidence, row: sa.Row[Any] | None, actor: CentreActor, sides: set[str], proofs: Proofs) -> EvidenceLine:
    """Return a piece of evidence as the reader may see it: of a record that is not open, only that there is one."""
    leaf = proofs.leaves.get(one.entry_id)
    index = leaf.index if leaf else None
    if row is None:
        return EvidenceLine(one, "", "", None, open=True, leaf=index)
    if not actor.may(kind_named(row.kind).read) or _closed(row, sides):
        return EvidenceLine(Evidence(NOBODY, 0, str(_HIDDEN)), "", "", None, open=False, leaf=None)
    return EvidenceLine(one, row.kind, row.state, row.year, open=True, leaf=index)


def _closed(row: sa.Row[Any], sides: set[str]) -> bool:
    """Whether a record is of a call in which the reader applies or reviews, and tells of the other side."""
    return kind_named(row.kind).read == BLIND and row.call in sides
