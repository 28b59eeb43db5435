"""Whether somebody is offered to write a record; the commands themselves decide once more."""

from __future__ import annotations

from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Kind
from takeback.share.centre.records import Record
from takeback.share.centre.writing import ATTACH, CHANGE, CREATE, MOVE, ROUTES

ONLY_ONE = frozenset({"centre"})
"""Kinds of which a centre has one, made at its founding."""
# fmt: off
OWN_WAYS = frozenset({
    "project", "work-package", "deliverable", "project-milestone", "risk", "progress", "project-change", "acceptance",
    "ip", "transfer", "adoption", "project-origin", "resource", "use", "profile", "team", "mentoring", "competency",
    "training-plan", "course", "enrolment", "thesis", "exchange", "credential", "status-list", "source", "news",
    "best-known", "report", "commitment", "spending", "claim",
})
# fmt: on
"""Kinds that are made, changed and moved by commands of their own alone (`doings`), never by the general form."""


def may_create(me: CentreActor, what: Kind) -> bool:
    """Whether a new record is offered: by the general form, for who has the permission."""
    by_form = what.name in CREATE or what.name not in ROUTES
    return by_form and what.name not in OWN_WAYS and me.may(what.create) and what.name not in ONLY_ONE


def may_change(me: CentreActor, what: Kind, record: Record) -> bool:
    """Whether a change is offered: to who may edit the kind, and to who made the record."""
    by_form = what.name in CHANGE or what.name not in ROUTES
    own = record.person_id is not None and record.person_id == me.person_id and me.may(what.create)
    return by_form and what.name not in OWN_WAYS and (me.may(what.edit) or own) and record.state not in what.fixed_in


def may_attach(me: CentreActor, what: Kind, record: Record) -> bool:
    """Whether a file may be kept with a record: by who may change it, or add what belongs to it."""
    if what.name not in ATTACH:
        return may_change(me, what, record) or me.may(what.edit)
    if what.name == "problem":
        return me.may("problem.state") and (record.member_id == me.member_id or me.may("member.edit"))
    within = {record.person_id, *(one.person for one in record.facts.authors)} - {None}
    return me.may("result.accept") or (me.may("result.state") and me.person_id in within)


def moves_of(me: CentreActor, what: Kind, record: Record) -> tuple[str, ...]:
    """Return the states to which somebody may move a record on by its name and a reason alone."""
    if what.name in OWN_WAYS - {"source", "best-known"}:
        return ()
    return tuple(
        state
        for state in what.states[record.state]
        if ((what.name, state) in MOVE or what.name not in ROUTES) and me.may(what.move.get(state, what.edit))
    )
