"""Indicators as data: what is counted, by whose definition, entered or by a formula; targets and values by year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.share.centre import figures
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Line, LineZh, Text, kind
from takeback.share.centre.naming import RecordId, naming
from takeback.share.centre.reasons import require_reason
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.targets.amounts import finite
from takeback.share.centre.targets.evidence import pinned
from takeback.share.centre.targets.formula import codes_in, cycle_in, read_formula
from takeback.share.centre.targets.periods import not_closed
from takeback.share.centre.turns import take_turn

IndicatorCode = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


@kind(
    "indicator",
    title="name",
    states={"draft": ("in_force", "retired"), "in_force": ("retired",), "retired": ("in_force",)},
    create="target.edit",
    fixed_in=("retired",),
)
class Indicator(Facts, frozen=True, kw_only=True):
    """What is counted.

    - `source`: the law, notice, plan or agreement that asks for it; an indicator without one is refused;
    - `formula`: of other indicators and of figures (`results.papers`; money in minor units); empty: values are stated;
    - `direction`: whether more or less is better; `amber_pct`: how much of a target still counts as near it;
    - `over`: what the whole plan is: the sum of its years, their mean, or the last one known.
    """

    code: IndicatorCode
    name: Line
    name_zh: Line
    definition: Text
    source: str
    unit: Line
    definition_zh: Text = ""
    source_zh: Text = ""
    source_url: str = ""
    formula: str = ""
    direction: Literal["up", "down"] = "up"
    over: Literal["sum", "mean", "last"] = "sum"
    amber_pct: Annotated[int, Meta(ge=0, le=100)] = 80

    def __post_init__(self) -> None:
        """Refuse an indicator that nobody asks for; ``centre.no-source``."""
        if not self.source.strip():
            raise Problem(
                "centre.no-source",
                msg("An indicator without a source is not taken up."),
                where=f"{self.code}, source",
                expected=msg("the law, notice, plan or agreement that asks for it"),
            )
        if self.formula:
            read_formula(self.formula)


class OfYear(Facts, frozen=True, kw_only=True):
    """A number of an indicator in a year. `name`, `name_zh`: what the indicator was called then."""

    indicator_id: Annotated[UUID, naming("indicator")]
    code: IndicatorCode
    year: int
    value: Decimal
    name: LineZh = ""
    name_zh: LineZh = ""
    title_zh: Text = ""

    def __post_init__(self) -> None:
        """Refuse what is no number of a size that can be kept; ``centre.bad-value``."""
        finite(self.value, where=self.title)

    @property
    def title(self) -> str:
        """The indicator and the year."""
        return f"{self.name or self.code} {self.year}"


@kind(
    "target",
    title="title",
    states={"proposed": ("agreed",), "agreed": ("proposed",)},
    create="target.edit",
    move={"agreed": "priority.edit", "proposed": "priority.edit"},
    fixed_in=("agreed",),
    parent="indicator_id",
    year="year",
)
class Target(OfYear, frozen=True, kw_only=True):
    """What an indicator is to be in a year; the authority agrees."""

    note: Text = ""


@kind(
    "value",
    title="title",
    states={"stated": ("confirmed",), "confirmed": ("stated",)},
    create="target.edit",
    move={"confirmed": "priority.edit", "stated": "priority.edit"},
    fixed_in=("confirmed",),
    parent="indicator_id",
    year="year",
)
class Value(OfYear, frozen=True, kw_only=True):
    """What an indicator was in a year. `evidence`: the records that show it, each with its entry of the ledger."""

    evidence: tuple[tuple[RecordId, int], ...]
    note: Text = ""


def put_indicator(
    connection: sa.Connection,
    actor: CentreActor,
    facts: Indicator,
    *,
    indicator_id: UUID | None = None,
    in_force: bool = True,
    at: datetime | None = None,
) -> Record:
    """Take up an indicator, or change one.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-source``, ``centre.bad-formula``, ``centre.unknown-code`` (a code that is
        neither an indicator's nor a figure's), ``centre.formula-cycle``, ``centre.code-taken`` (409).
    """
    actor.require("target.edit")
    take_turn(connection)  # a ring can come of two changes
    others = [one for one in find(connection, "indicator") if one.id != indicator_id]
    if facts.code in {one.facts.code for one in others}:
        raise Problem("centre.code-taken", msg("There is an indicator with this code."), found=facts.code, status=409)
    _formula_holds(connection, actor, facts, [one.facts for one in others])
    if indicator_id is not None:
        _same_code(get(connection, indicator_id, kind="indicator"), facts)
        return change(connection, actor, indicator_id, facts, at=at)
    new = create(connection, actor, "indicator", facts, at=at)
    return move(connection, actor, new.id, "in_force", at=at) if in_force else new


def set_target(
    connection: sa.Connection,
    actor: CentreActor,
    indicator_id: UUID,
    year: int,
    value: Decimal,
    *,
    note: str = "",
    at: datetime | None = None,
) -> Record:
    """Propose what an indicator is to be in a year, or propose anew; ``centre.closed-year``, ``centre.fixed`` (409)."""
    indicator = get(connection, indicator_id, kind="indicator", lock=True)
    not_closed(connection, year)
    facts = Target(**_called(indicator, year), value=value, note=note)
    return _put(connection, actor, "target", facts, at)


def state_value(
    connection: sa.Connection,
    actor: CentreActor,
    indicator_id: UUID,
    year: int,
    value: Decimal,
    evidence: Sequence[UUID],
    *,
    note: str = "",
    at: datetime | None = None,
) -> Record:
    """State what an indicator was in a year, with the records that show it; what was stated before is replaced.

    Raises
    ------
    Problem
        ``centre.computed`` for an indicator with a formula, ``centre.no-evidence``, ``centre.hidden-evidence``,
        ``centre.closed-year`` (409), ``centre.fixed`` (409) once the authority has confirmed the value.
    """
    actor.require("target.edit")
    indicator = get(connection, indicator_id, kind="indicator", lock=True)
    not_closed(connection, year)
    if indicator.facts.formula:
        raise Problem(
            "centre.computed",
            msg("This indicator is computed; its value is not stated."),
            where=indicator.facts.code,
            expected=indicator.facts.formula,
        )
    shown = pinned(connection, evidence)
    facts = Value(**_called(indicator, year), value=value, evidence=shown, note=note)
    return _put(connection, actor, "value", facts, at)


def _called(indicator: Record, year: int) -> dict[str, Any]:
    """Return of which indicator and year a number is, and what it is called in both languages."""
    facts: Indicator = indicator.facts
    return {
        "indicator_id": indicator.id, "code": facts.code, "year": year, "name": facts.name,
        "name_zh": facts.name_zh, "title_zh": f"{facts.name_zh} {year}",
    }  # fmt: skip


def reopen_target(
    connection: sa.Connection, actor: CentreActor, target_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Take the agreement to a target back, as the authority, so that another can be proposed.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-reason``, ``centre.closed-year`` (409), ``centre.bad-move`` (409).
    """
    return _reopen(connection, actor, "target", target_id, "proposed", reason, at)


def reopen_value(
    connection: sa.Connection, actor: CentreActor, value_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Take the confirmation of a value back, as the authority, so that it can be stated anew; raises as the above."""
    return _reopen(connection, actor, "value", value_id, "stated", reason, at)


def _reopen(
    connection: sa.Connection, actor: CentreActor, kind: str, id: UUID, state: str, reason: str, at: datetime | None
) -> Record:
    actor.require("priority.edit")
    not_closed(connection, get(connection, id, kind=kind, lock=True).facts.year)
    return move(connection, actor, id, state, reason=require_reason(reason), at=at)


def _put(
    connection: sa.Connection, actor: CentreActor, name: str, facts: Target | Value, at: datetime | None
) -> Record:
    old = find(connection, name, parent=facts.indicator_id, year=facts.year)
    if old:
        return change(connection, actor, old[0].id, facts, at=at)
    return create(connection, actor, name, facts, at=at)


def _formula_holds(
    connection: sa.Connection, actor: CentreActor, facts: Indicator, others: Sequence[Indicator]
) -> None:
    formulas = {one.code: _codes(one) for one in [*others, facts]}
    year = clock.now(connection, actor.org_id).year
    for code in sorted(_codes(facts) - formulas.keys()):
        if not _is_figure(connection, code, year):
            raise Problem(
                "centre.unknown-code",
                msg("This formula names something that there is not."),
                where=f"{facts.code}, formula",
                found=code,
                expected=msg("the code of an indicator or of a figure"),
            )
    if ring := cycle_in(formulas):
        raise Problem(
            "centre.formula-cycle",
            msg("These indicators are computed from each other."),
            where=f"{facts.code}, formula",
            found=" -> ".join(ring),
        )


def _codes(facts: Indicator) -> frozenset[str]:
    return codes_in(read_formula(facts.formula)) if facts.formula else frozenset()


def _is_figure(connection: sa.Connection, code: str, year: int) -> bool:
    room = code.partition(".")[0]
    if room == "targets" or room not in figures.rooms():
        return False
    return code in {figure.code for figure in figures.figures_in(connection, room, year)}


def _same_code(old: Record, facts: Indicator) -> None:
    if old.facts.code != facts.code:
        raise Problem(
            "centre.fixed",
            msg("An indicator keeps its code."),
            where="code",
            found=facts.code,
            expected=old.facts.code,
            status=409,
        )
